import CLuaGuard
@testable import Scripting
import Wire

/// The guard: values that go through it, and scripts that run in it.
extension FuzzTarget {
  /// Tight, so that many inputs are tried; the time is one that only a hang takes.
  static let limits = moongate_limits(
    instructions: 20_000, memory: 1 << 20, time: 2_000_000_000, depth: 30, answer: 4096)

  private static func load(_ text: [UInt8]) -> (script: OpaquePointer?, answer: moongate_answer) {
    var limits = limits
    var answer = moongate_answer()
    let name = Array("fuzz.lua".utf8)
    let script = withText(name) { name in
      withText(text) { text in
        var source = moongate_source(name: moongate_text(), file: name, text: text, first_line: 1)
        return moongate_guard_load(&source, nil, 0, &limits, &answer)
      }
    }
    return (script, answer)
  }

  private static func withText<Result>(_ bytes: [UInt8], _ body: (moongate_text) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { body(moongate_text(bytes: $0.baseAddress, count: $0.count)) }
  }

  /// The verdict on a call with these arguments, and the reason that was given.
  private static func check(
    _ script: OpaquePointer, _ arguments: [UInt8]
  ) -> (verdict: moongate_verdict, reason: [UInt8]) {
    var limits = limits
    var answer = moongate_answer()
    withText(arguments) { arguments in
      withText(Array("{}".utf8)) { parameters in
        var question = moongate_question()
        question.arguments = arguments
        question.parameters = parameters
        moongate_guard_check(script, &question, &limits, &answer)
      }
    }
    return (answer.verdict, Array(UnsafeBufferPointer(start: answer.reason.bytes, count: answer.reason.count)))
  }

  private static func scriptThatLoads(_ text: String) -> OpaquePointer? { load(Array(text.utf8)).script }

  private nonisolated(unsafe) static let mirror = scriptThatLoads(
    "function check(call) return false, json.encode(call.args.value) end")

  /// What is JSON comes back with the same value; what is none leads nowhere.
  static func roundTrip(_ text: [UInt8]) {
    guard let mirror else { preconditionFailure("the mirror does not load") }
    let (verdict, reason) = check(mirror, Array("{\"value\":".utf8) + text + Array("}".utf8))
    // A reason is cut at 4 KiB, and an escape may make six bytes of one.
    guard text.count < 600, let value = try? JSONTape(text).root.tree, verdict == MOONGATE_REFUSED else { return }
    guard let returned = try? JSONTape(reason).root.tree else { preconditionFailure("what came back is no JSON") }
    precondition(returned == value)
  }

  private nonisolated(unsafe) static let innocent = scriptThatLoads(
    "function check(call) return false, ('a,b'):gsub(',', call.args.x) .. #json.encode({1}) end")

  /// A script of any text does what it may, and the next call does not notice.
  static func runScript(_ text: [UInt8]) {
    guard let innocent else { preconditionFailure("the innocent script does not load") }
    if let script = load(text).script {
      let first = check(script, Array(#"{"x":[1,"a",null,{"y":2.5}]}"#.utf8))
      let second = check(script, Array(#"{"x":[1,"a",null,{"y":2.5}]}"#.utf8))
      precondition(first.verdict == second.verdict && first.reason == second.reason)
      moongate_guard_unload(script)
    }
    let (verdict, reason) = check(innocent, Array(#"{"x":"-"}"#.utf8))
    precondition(verdict == MOONGATE_REFUSED && reason == Array("a-b3".utf8))
  }
}
