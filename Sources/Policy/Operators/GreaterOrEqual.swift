import Wire

/// `gte`: a number, at least the operand.
struct GreaterOrEqual: Operator {
  static let name = "gte"

  private let bound: ExactNumber

  init(operand: JSON) throws(OperandError) {
    bound = try Self.number(operand)
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let number = value?.number else { return .unknown }
    return number >= bound ? .holds : .fails
  }

  var admitted: Admitted { Admitted(kinds: .number, .numbers(Admitted.Interval(low: bound))) }

  func demand(of value: JSONValue?) -> String {
    "must be at least \(bound); \(Self.seen(value))"
  }
}
