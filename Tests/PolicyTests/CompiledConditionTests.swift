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
      let value = test.path.value(in: call) ?? test.fallback
      if test.isExcused(value) { return 2 }
      return test.operators.map { number($0.judge(value)) }.min() ?? 2
    case .count: return 1
    }
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
}
