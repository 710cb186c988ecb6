import Testing
import Wire

@testable import Policy

@Suite("Conditions on counters")
struct CountTestTests {
  static let counter = StateCounter(path: "state.t.c", counter: "c", window: 60, algorithm: .fixed)

  private func test(_ name: String, _ operand: String, _ dialect: Dialect = .intercept) throws -> CountTest {
    try CountTest(CountTestTests.counter, [(name, try value(operand).tree)], dialect: dialect, place: here)
  }

  /// Whether a count satisfies it, and whether another satisfies its opposite.
  private func holds(_ test: CountTest, _ count: Amount, _ wanted: Truth = .holds) throws -> Bool {
    let call = try call("t")
    switch Condition.count(test).residue(for: call, wanted: wanted, { _ in 0 }) {
    case .known(let truth): return truth
    case .open(let demand): return demand.holds(for: [count])
    }
  }

  @Test(
    "every operator that can judge a number",
    arguments: [
      ("eq", "5", [false, true, false]), ("neq", "5", [true, false, true]), ("in", "[4, 6]", [true, false, true]),
      ("in", "[]", [false, false, false]), ("not_in", "[4, 6]", [false, true, false]),
      ("not_in", "[]", [true, true, true]), ("lt", "5", [true, false, false]), ("lte", "5", [true, true, false]),
      ("gt", "5", [false, false, true]), ("gte", "5", [false, true, true]), ("exists", "true", [true, true, true]),
      ("exists", "false", [false, false, false]), ("eq", "\"5\"", [false, true, false]),
      ("eq", "\"five\"", [false, false, false]), ("neq", "\"five\"", [true, true, true]),
      ("lte", "5.0", [true, true, false]), ("lte", "-1", [false, false, false]),
    ])
  func operators(name: String, operand: String, expected: [Bool]) throws {
    let test = try test(name, operand)
    for (count, expected) in zip([4, 5, 6] as [Amount], expected) {
      #expect(try holds(test, count) == expected)
      #expect(try holds(test, count, .fails) == !expected, "the opposite")
    }
  }

  @Test("compares by exact value")
  func exact() throws {
    let half = try AmountTests.amount("0.5")
    #expect(try holds(test("lte", "0.5"), half))
    #expect(try holds(test("lt", "0.5"), half) == false)
    #expect(try holds(test("lt", "0.500000000001"), half))
  }

  @Test(
    "what cannot judge a number, or be judged exactly, is told when the policy loads",
    arguments: [
      ("regex", "\"^5\"", "regex cannot judge a count, which is a number"),
      ("contains", "5", "contains cannot judge a count, which is a number"),
      ("lte", "\"5\"", "lte needs a number, not a string"), ("in", "5", "in needs a list, not a number"),
      ("eq", "true", "a count is a number, and eq compares it with a boolean"),
      ("in", "[1, null]", "a count is a number, and in compares it with null"),
      ("exists", "1", "exists is true or false, not a number"),
      ("lte", "1e30", "1\(String(repeating: "0", count: 30)) is beyond what is counted"),
    ])
  func mistakes(name: String, operand: String, message: String) throws {
    let error = #expect(throws: OperandError.self) { try test(name, operand) }
    #expect(error?.message == message)
  }

  @Test("a text is no number outside of the older form")
  func dialect() {
    #expect(throws: OperandError.self) { try test("eq", "\"5\"", .moongate) }
  }
}
