import Randomness
import Testing
import Wire

@testable import Policy

@Suite("A compiled condition")
struct CompiledConditionTests {
  private static func condition(_ depth: Int, _ random: inout Random) throws -> Condition {
    func several() throws -> [Condition] {
      try (0..<Int.random(in: 0...3, using: &random)).map { _ in try condition(depth - 1, &random) }
    }
    switch depth > 0 ? Int.random(in: 0..<5, using: &random) : 4 {
    case 0: return .all(try several())
    case 1: return .any(try several())
    case 2: return .not(try condition(depth - 1, &random))
    default:
      let all = [("exists", "true"), ("eq", "1"), ("eq", #""x""#), ("gt", "1"), ("type", #""object""#), ("neq", "1")]
      let optional: [Condition.Test.Optionality] = [.required, .required, .absentOrNull, .absentNullOrBlank]
      return .test(
        Condition.Test(
          path: try ArgumentSlotsTests.path(&random),
          operators: try all.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random)).map {
            try make($0.0, $0.1)
          },
          fallback: Int.random(in: 0..<4, using: &random) == 0 ? try value("1") : nil,
          optional: optional.randomElement(using: &random) ?? .required, place: here))
    }
  }

  /// Kleene's logic with numbers: 0 fails, 1 is unknown, 2 holds.
  private static func truth(_ condition: Condition, _ call: Call) -> Int {
    switch condition {
    case .all(let conditions): return conditions.map { truth($0, call) }.min() ?? 2
    case .any(let conditions): return conditions.map { truth($0, call) }.max() ?? 0
    case .not(let condition): return 2 - truth(condition, call)
    case .test(let test):
      let found = test.path.value(in: call)
      let isBarred = found == nil && isBarred(test.path, call)
      let value = isBarred ? nil : found ?? test.fallback
      if !isBarred, test.optional.excuses(value) { return 2 }
      return test.operators.map { number($0.judge(value)) }.min() ?? 2
    case .count: return 1
    }
  }

  /// Whether the longest part of the path that leads anywhere leads to what its next step is not for.
  private static func isBarred(_ path: Path, _ call: Call) -> Bool {
    guard var value = path.start(in: call) else { return false }
    for step in path.steps {
      if let next = Path.follow([step], from: value) {
        value = next
        continue
      }
      if case .element = step { return ![.array, .null].contains(value.kind) }
      return ![.object, .null].contains(value.kind)
    }
    return false
  }

  private static func number(_ truth: Truth) -> Int {
    switch truth {
    case .fails: 0
    case .unknown: 1
    case .holds: 2
    }
  }

  @Test("comes to what Kleene's logic says of every part, looked up by name", arguments: 0..<8)
  func kleene(_ seed: Int) throws {
    var random = Random(seed: UInt64(seed))
    var seen = [0, 0, 0]
    for _ in 0..<250 {
      let condition = try CompiledConditionTests.condition(4, &random)
      // Other conditions of the same key have numbers, too.
      let others = try (0..<Int.random(in: 0...12, using: &random)).map { _ in try ArgumentSlotsTests.path(&random) }
      let slots = ArgumentSlots((others + condition.paths).shuffled(using: &random))
      let compiled = CompiledCondition(condition, slots)
      for _ in 0..<4 {
        let text = ArgumentSlotsTests.arguments(&random)
        let call = try call("t", text)
        let expected = CompiledConditionTests.truth(condition, call)
        let truth = compiled.truth(for: call, slots.find(in: call))
        #expect(CompiledConditionTests.number(truth) == expected, "\(condition) of \(text)")
        seen[expected] += 1
      }
    }
    #expect(seen.allSatisfy { $0 > 50 }, "all three are tried: \(seen)")
  }

  @Test(
    "default and optional excuse no path that runs into a value of another kind",
    arguments: [
      ("args.o.url", #"{"o":"{\"url\":\"x\"}"}"#, .unknown), ("args.o.url", #"{"o":[{"url":"x"}]}"#, .unknown),
      ("args.o.url", #"{"o":5}"#, .unknown), ("args.o.url", #"{"o":{}}"#, .holds),
      ("args.o.url", #"{"o":null}"#, .holds),
      ("args.o.url", "{}", .holds), ("args.o.url.x", #"{"o":{"url":"x"}}"#, .unknown),
      ("args.l[0].n", #"{"l":{"0":{"n":"x"}}}"#, .unknown), ("args.l[0].n", #"{"l":[]}"#, .holds),
      ("args.l[0].n", #"{"l":[null]}"#, .holds), ("args.l[0].n", #"{"l":["x"]}"#, .unknown),
      ("args.l[0]", #"{"l":"x"}"#, .unknown), ("args.l['0']", #"{"l":["x"]}"#, .unknown), ("args.url", "{}", .holds),
    ] as [(String, String, Truth)])
  func barred(_ path: String, _ arguments: String, _ expected: Truth) throws {
    let conditions = [
      try test(path, ["eq": #""good""#], optional: .absentOrNull),
      try test(path, ["eq": #""good""#], optional: .absentNullOrBlank),
      try test(path, ["eq": #""good""#], fallback: #""good""#),
    ]
    for condition in conditions {
      #expect(try condition.truth(for: call("t", arguments)) == expected)
      #expect(try Condition.not(condition).truth(for: call("t", arguments)) == expected.negated)
    }
    // With wildcards it is the same, element by element.
    let each = path.replacing("[0]", with: "[*]")
    if each != path, arguments.contains("[") {
      let condition = try test(each, ["eq": #""good""#], optional: .absentOrNull)
      #expect(try condition.truth(for: call("t", arguments)) == expected)
    }
  }

  @Test("where a path is barred nothing is there, which some operators can judge")
  func barredAndJudged() throws {
    let call = try call("t", #"{"o":"text"}"#)
    func truth(_ name: String, _ operand: String, _ path: String = "args.o.x") throws -> Truth {
      try test(path, [name: operand], fallback: "1", optional: .absentOrNull).truth(for: call)
    }
    for path in ["args.o.x", "args.o[0]"] {
      #expect(try truth("exists", "true", path) == .fails)
      #expect(try truth("exists", "false", path) == .holds)
      #expect(try truth("present", "false", path) == .holds)
      #expect(try truth("type", #""absent""#, path) == .holds)
      #expect(try truth("type", #""number""#, path) == .fails)
    }
  }
}
