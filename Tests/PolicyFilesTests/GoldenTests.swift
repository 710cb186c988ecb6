import Foundation
import Testing

@testable import PolicyFiles

/// Each `Golden/NAME.yaml` is a policy, and `Golden/NAME.txt` all that is said about it, to the letter; where there is a
/// `Golden/NAME.tools.json`, held against the tools in that.
///
/// `MOONGATE_RECORD=1 swift test --filter GoldenTests` writes the `.txt` files anew; look at the difference before it
/// is committed.
@Suite("What is said about a policy is said exactly so")
struct GoldenTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  private static func problems(of name: String) throws -> [Diagnostic] {
    let text = try Data(contentsOf: folder.appending(path: name + ".yaml"))
    let list = folder.appending(path: name + ".tools.json").path()
    let tools = FileManager.default.fileExists(atPath: list) ? try ListedTools(files: [list]) : nil
    do throws(PolicyProblems) {
      let policy = try PolicyFile.load(
        text: Array(text), named: name + ".yaml", scriptsIn: folder.path(), against: tools)
      return policy.warnings
    } catch {
      return error.diagnostics
    }
  }

  @Test("the diagnostics", arguments: names)
  func diagnostics(name: String) throws {
    let found = try GoldenTests.problems(of: name).map { $0.rendered(colour: false) + "\n" }.joined()
      .replacing(GoldenTests.folder.path() + "/", with: "").replacing(GoldenTests.folder.path(), with: "")
    let file = GoldenTests.folder.appending(path: name + ".txt")
    if ProcessInfo.processInfo.environment["MOONGATE_RECORD"] != nil {
      try Data(found.utf8).write(to: file)
    }
    #expect(found == (try? String(contentsOf: file, encoding: .utf8)))
  }

  /// Mistakes that no file of this folder can hold.
  static let elsewhere: Set<Mistake> = [
    .unreadablePolicy, .policyTooLarge, .tooManyMistakes, .tooComplex, .aliasExplosion, .scriptDoesNotLoad,
    .sandboxIncomplete,
  ]

  @Test("every mistake of the catalogue is shown by one of them")
  func coverage() throws {
    let shown = Set(try GoldenTests.names.flatMap { try GoldenTests.problems(of: $0).map(\.code) })
    let missing = Mistake.allCases.filter { !shown.contains($0.rawValue) && !GoldenTests.elsewhere.contains($0) }
    #expect(missing.map(\.title) == [])
  }
}
