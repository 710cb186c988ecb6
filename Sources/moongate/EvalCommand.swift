import ArgumentParser
import Counters
import Policy
import PolicyFiles
import Proxy
import Wire
import Workbench

/// `moongate eval`.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Say what a policy does with calls, and why.",
    discussion: """
      Reads one call a line (or a single call over several lines) and prints what becomes of each. Counters live for \
      the run. A call is {"tool": …, "arguments": {…}}, {"resource": uri} or {"prompt": …, "arguments": {…}} with, if \
      wanted, session, client, principal and at (seconds on a simulated clock), or a whole message.

        moongate eval -c policy.yaml calls.ndjson
        echo '{"tool": "luma_generate_video", "arguments": {}}' | moongate eval -c policy.yaml --explain -

      Exit status: 0 every call passes, 1 some are refused, ask for a person or are no calls, 2 the policy or the \
      input cannot be read.
      """)

  @Option(name: [.customShort("c"), .customLong("config")], help: ArgumentHelp("The policy.", valueName: "policy"))
  var policy: String

  @Flag(help: "Print one JSON object for each call.")
  var json = false

  @Flag(help: "Show every rule and condition with the value it saw.")
  var explain = false

  @OptionGroup var given: GivenOption

  @OptionGroup var sandbox: SandboxOption

  @Argument(help: ArgumentHelp("The file with the calls; - or nothing: standard input.", valueName: "calls"))
  var calls = "-"

  func run() throws {
    var passed = true
    try WaitingLoader.run(sandbox) { loader in
      let prepared: PreparedPolicy
      switch try loader.prepare(policy, given) {
      case .success(let policy): prepared = policy
      case .failure(let problems):
        for diagnostic in problems.diagnostics {
          StandardStream.error.write(diagnostic.rendered(colour: StandardStream.error.hasColour) + "\n")
        }
        throw ExitCode(2)
      }
      let judge = Judge(policy: prepared, counters: MemoryStore(), on: loader.loop)
      var evaluation = Evaluation(judge: judge, explain: explain, clock: Moment.now)
      try CallInput(path: calls, limit: prepared.rules.limits.messageBytes).forEach { line in
        let outcome = try evaluation.evaluate(line)
        if !outcome.passes { passed = false }
        if json {
          StandardStream.output.write(outcome.json(withTrace: explain).encoded() + [UInt8(ascii: "\n")])
        } else {
          StandardStream.output.write(EvalText.lines(of: outcome, colour: StandardStream.output.hasColour))
        }
      }
    }
    if !passed { throw ExitCode(1) }
  }
}
