import Randomness
import Testing
import Wire

@testable import Policy

@Suite("What is left of a condition once all but counts is known")
struct ResidueTests {
  private static let counters = (0..<3).map {
    StateCounter(path: "state.t.c\($0)", counter: "c\($0)", window: 60, algorithm: .fixed)
  }

  private static func condition(_ random: inout Random, depth: Int = 3) throws -> Condition {
    let kind = Int.random(in: 0..<(depth == 0 ? 2 : 5), using: &random)
    switch kind {
    case 0:
      let operand = try #require(["1", "2", "true"].randomElement(using: &random))
      return try test("args.\(["a", "b"].randomElement(using: &random) ?? "a")", ["eq": operand])
    case 1:
      let name = try #require(["lt", "lte", "gt", "gte", "eq", "neq"].randomElement(using: &random))
      let counter = try #require(counters.randomElement(using: &random))
      let operand = JSON.number(ExactNumber(Int.random(in: 0...3, using: &random)))
      return .count(try CountTest(counter, [(name, operand)], dialect: .moongate, place: here))
    case 2: return .not(try condition(&random, depth: depth - 1))
    default:
      let parts = try (0..<Int.random(in: 1...3, using: &random)).map { _ in try condition(&random, depth: depth - 1) }
      return kind == 3 ? .all(parts) : .any(parts)
    }
  }

  /// Kleene's logic with the counts in hand.
  private static func truth(_ condition: Condition, _ call: Call, _ counts: [Amount]) -> Truth {
    switch condition {
    case .all(let parts): return negated(parts.map { truth($0, call, counts).negated })
    case .any(let parts): return negated(parts.map { truth($0, call, counts) }).negated
    case .not(let part): return truth(part, call, counts).negated
    case .test: return condition.truth(for: call)
    case .count(let test):
      guard case .relation(let relation, let value) = test.form,
        let index = counters.firstIndex(of: test.counter)
      else { return .unknown }
      let holds =
        switch relation {
        case .lt: counts[index] < value
        case .lte: counts[index] <= value
        case .gt: counts[index] > value
        case .gte: counts[index] >= value
        case .eq: counts[index] == value
        case .neq: counts[index] != value
        }
      return holds ? .holds : .fails
    }
  }

  /// Fails where one holds.
  private static func negated(_ truths: [Truth]) -> Truth {
    truths.contains(.holds) ? .fails : truths.contains(.unknown) ? .unknown : .holds
  }

  @Test("it comes to what the condition does, whatever the counts turn out to be", arguments: UInt64(0)..<40)
  func agrees(seed: UInt64) throws {
    var random = Random(seed: seed)
    var outcomes: Set<Bool> = []
    for _ in 0..<60 {
      let condition = try ResidueTests.condition(&random)
      let arguments = [#"{"a":1,"b":2}"#, #"{"a":2}"#, #"{"a":"1","b":1}"#, "{}"].randomElement(using: &random)
      let call = try call("t", arguments)
      for wanted in [Truth.holds, .fails] {
        let residue = condition.residue(for: call, wanted: wanted) { ResidueTests.counters.firstIndex(of: $0) ?? -1 }
        for _ in 0..<8 {
          let counts = (0..<3).map { _ in Amount(Int.random(in: 0...4, using: &random)) }
          let expected = ResidueTests.truth(condition, call, counts) == wanted
          switch residue {
          case .known(let truth): #expect(truth == expected, "seed \(seed)")
          case .open(let demand): #expect(demand.holds(for: counts) == expected, "seed \(seed)")
          }
          outcomes.insert(expected)
        }
      }
    }
    #expect(outcomes.count == 2)
  }
}
