import Counters
import NIOCore
import NIOPosix
import Policy
import PolicyFiles
import Testing
import Wire

@testable import Workbench

@Suite("eval: what a policy does with calls, line by line")
struct EvaluationTests {
  private func run(_ policy: String, explain: Bool = false, _ lines: String...) throws -> [String] {
    let loaded = try PolicyFile.load(text: Array(policy.utf8), named: "policy.yaml", scriptsIn: "/nowhere")
    let prepared = PreparedPolicy(loaded, validators: NoValidators())
    let judge = Judge(policy: prepared, counters: MemoryStore(), on: MultiThreadedEventLoopGroup.singleton.next())
    var evaluation = Evaluation(judge: judge, explain: explain, clock: { Moment(simulated: 1000) })
    return try lines.map {
      String(decoding: try evaluation.evaluate(Array($0.utf8)).json(withTrace: explain).encoded(), as: UTF8.self)
    }
  }

  private let limited = "tools:\n  echo:\n    rules:\n      - { name: limit, rate_limit: { max: 2, window: 60 } }\n"

  @Test("an allowed call, a refused call, and a line that is no call")
  func verdicts() throws {
    let outcomes = try run(
      "hide: [secret]\n", #"{"tool":"echo"}"#, #"{"tool":"secret"}"#, "rubbish", #"{"tool":"echo"}"#)
    #expect(outcomes[0] == #"{"verdict":"allowed"}"#)
    #expect(outcomes[1].hasPrefix(#"{"verdict":"refused","rule":"#))
    #expect(outcomes[2].hasPrefix(#"{"verdict":"invalid","reason":"#))
    #expect(outcomes[3] == outcomes[0], "it never stops at a bad line")
  }

  @Test("counters live for the run, by session, on the simulated clock")
  func counters() throws {
    let outcomes = try run(
      limited, #"{"tool":"echo","at":0}"#, #"{"tool":"echo","at":10}"#, #"{"tool":"echo","at":20}"#,
      #"{"tool":"echo","at":20,"session":"other"}"#, #"{"tool":"echo","at":61}"#, #"{"tool":"echo","at":60}"#)
    #expect(outcomes[0] == #"{"verdict":"allowed"}"# && outcomes[1] == outcomes[0])
    #expect(outcomes[2].contains(#""rule":"limit""#) && outcomes[2].contains(#""retryAfterSeconds":40"#))
    #expect(outcomes[3] == outcomes[0] && outcomes[4] == outcomes[0])
    #expect(outcomes[5].contains("invalid") && outcomes[5].contains("goes back"))
  }

  @Test("observe mode allows, and says what it would have refused")
  func observed() throws {
    let outcome = try run("mode: observe\nhide: [echo]\n", #"{"tool":"echo"}"#)[0]
    #expect(outcome.hasPrefix(#"{"verdict":"allowed","observed":[{"rule":"#))
  }

  @Test("the trace comes with --explain only, and is the same every time")
  func trace() throws {
    let policy = "tools:\n  echo:\n    rules:\n      - { name: short, require: [{ args.a: { length: { lte: 3 } } }] }\n"
    let first = try run(policy, explain: true, #"{"tool":"echo","arguments":{"a":"long one"}}"#)
    #expect(first[0].contains(#""trace":[{"#) && first[0].contains("args.a"))
    #expect(try run(policy, explain: true, #"{"tool":"echo","arguments":{"a":"long one"}}"#) == first)
    #expect(try run(policy, #"{"tool":"echo","arguments":{"a":"long one"}}"#)[0].contains("trace") == false)
  }
}
