import ArgumentParser
import PolicyFiles
import Wire
import Workbench

/// `moongate check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say whether policies are valid, and everything that is wrong with them.",
    discussion: """
      Reads each policy with its scripts and reports every mistake in it, with its place and what to write instead. \
      Starts no server. Held against a saved answer to tools/list, a policy is warned of the tools and arguments that \
      it names and the server does not have.

        moongate check policy.yaml
        moongate check --json policies/*.yaml
        moongate check policy.yaml --against tools.json

      Exit status: 0 all load, 1 at least one does not, 2 a file cannot be read.
      """,
    aliases: ["validate"])

  @Argument(help: ArgumentHelp("A policy file.", valueName: "policy"), completion: .file(extensions: ["yaml", "yml"]))
  var policies: [String]

  @Flag(help: "Print the findings as one JSON object.")
  var json = false

  @OptionGroup var given: GivenOption

  @Option(
    help: ArgumentHelp(
      "The server's tools: the answer to tools/list, its result, or the list alone. Once for each page.",
      valueName: "file"), completion: .file(extensions: ["json"]))
  var against: [String] = []

  @OptionGroup var sandbox: SandboxOption

  func run() throws {
    var found: [Diagnostic] = []
    var isUnreadable = false
    var good: [(path: String, summary: String)] = []
    let tools = try listedTools()
    try WaitingLoader.run(sandbox) { loader in
      for path in policies {
        switch try loader.prepare(path, given, against: tools) {
        case .success(let policy):
          found += policy.warnings
          good.append((path, policy.summary))
        case .failure(let problems):
          found += problems.diagnostics
          if problems.isUnreadable { isUnreadable = true }
        }
      }
    }
    let report = CheckReport(found)
    if json {
      StandardStream.output.write(report.json.encoded() + [UInt8(ascii: "\n")])
    } else {
      for diagnostic in found {
        StandardStream.error.write(diagnostic.rendered(colour: StandardStream.error.hasColour) + "\n")
      }
      for (path, summary) in good {
        StandardStream.output.write("\(path): good: \(summary)\n")
      }
    }
    if isUnreadable { throw ExitCode(2) }
    if report.errors > 0 { throw ExitCode(1) }
  }

  /// What the policies are held against; nil for nothing.
  private func listedTools() throws -> ListedTools? {
    guard !against.isEmpty else { return nil }
    do throws(ListedTools.Unreadable) {
      return try ListedTools(files: against)
    } catch {
      StandardStream.error.write("moongate: \(error)\n")
      throw ExitCode(2)
    }
  }
}
