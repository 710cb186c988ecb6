import Counters
import Foundation
import NIOCore
import NIOPosix
import Policy
import Scripting
import Testing
import Wire

/// What the tests need of the world: the built program, an event loop, and scripts in it.
enum Workers {
  /// The program beside the test bundle.
  static let program: String = {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") || $0.contains(".xctest/") }
    let folder = bundle.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
    return folder?.appendingPathComponent("moongate").path ?? "moongate"
  }()

  static let eventLoop = MultiThreadedEventLoopGroup.singleton.next()

  /// How many bytes of memory of its own a process occupies.
  static func memory(of pid: Int32) throws -> Int {
    let file = try #require(FileHandle(forReadingAtPath: "/proc/\(pid)/status"))
    let text = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
    return try #require(line.split(separator: " ").compactMap { Int($0) }.first) << 10
  }

  static func pool() -> ValidatorPool { ValidatorPool(program: program, on: eventLoop) }

  static func source(_ text: String, name: String = "test.lua", firstLine: Int = 1) -> ScriptSource {
    ScriptSource(
      name: name, text: Array(text.utf8), firstLine: firstLine, place: Place(file: "policy.yaml", line: 7, column: 3))
  }

  /// The limits of the tests: so much time that a busy machine fails none of them.
  static var limits: Limits {
    var limits = Limits()
    limits.scriptTime = 10_000_000_000
    return limits
  }

  static func question(
    _ arguments: String = "{}", script: Int = 0, parameters: JSON = .object([]), limits: Limits = Workers.limits,
    context: Call.Context = .init(session: "s1", started: 3), meta: JSONValue? = nil, definition: JSONValue? = nil
  ) throws -> ScriptQuestion {
    let name = try JSONTape(Array("\"tool\"".utf8)).root
    var call = Call(
      subject: .tool, name: "tool", nameValue: name, arguments: try JSONTape(Array(arguments.utf8)).root, meta: meta,
      context: context)
    call.definition = definition
    return ScriptQuestion(
      rule: "r", reference: ScriptReference(script: script, parameters: parameters), call: call,
      moment: Moment(simulated: 1000), limits: limits)
  }
}

extension Validators {
  func answer(_ question: ScriptQuestion, counters: any CounterStore = MemoryStore()) async -> ScriptAnswer {
    await withCheckedContinuation { continuation in
      check(question, counters: counters) { continuation.resume(returning: $0) }
    }
  }
}

/// The kernel lacks layers of the sandbox that a pool requires.
struct Unconfined: Error {
  let missing: SandboxLayers
}

extension ValidatorPool {
  /// Loads scripts that must load.
  func validators(_ texts: String...) async throws -> LoadedScripts {
    switch try await load(texts.map { Workers.source($0) }, limits: Workers.limits).get() {
    case .loaded(let validators): return validators
    case .rejected(let problems): throw problems[0]
    case .unconfined(let missing): throw Unconfined(missing: missing)
    }
  }

  /// Why a script does not load.
  func problems(_ sources: ScriptSource...) async throws -> [ScriptProblem] {
    switch try await load(sources, limits: Workers.limits).get() {
    case .loaded: return []
    case .rejected(let problems): return problems
    case .unconfined(let missing): throw Unconfined(missing: missing)
    }
  }
}

/// One worker for many questions.
struct OneScript {
  let pool = Workers.pool()

  /// The answer of a script with this body to a call with these arguments.
  func judge(
    _ body: String, _ arguments: String = "{}", parameters: JSON = .object([]), limits: Limits = Workers.limits,
    context: Call.Context = .init(session: "s1", started: 3), meta: JSONValue? = nil, definition: JSONValue? = nil
  ) async throws -> ScriptAnswer {
    let text = body.contains("function check") ? body : "function check(call, params)\n\(body)\nend"
    let validators = try await pool.validators(text)
    let answer = await validators.answer(
      try Workers.question(
        arguments, parameters: parameters, limits: limits, context: context, meta: meta, definition: definition))
    _ = try await pool.eventLoop.submit {}.get()
    return answer
  }
}

extension ScriptAnswer.Verdict {
  /// The first line of a fault; nil for every other verdict.
  var summary: String? {
    if case .fault(let summary, _) = self { return summary }
    return nil
  }
}
