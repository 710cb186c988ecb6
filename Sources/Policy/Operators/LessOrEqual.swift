import Wire

/// `lte`: a number, at most the operand.
struct LessOrEqual: Operator {
  static let name = "lte"

  private let bound: ExactNumber

  init(operand: JSON) throws(OperandError) {
    bound = try Self.number(operand)
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let number = value?.number else { return .unknown }
    return number <= bound ? .holds : .fails
  }

  var admitted: Admitted { Admitted(kinds: .number, .numbers(Admitted.Interval(high: bound))) }

  func demand(of value: JSONValue?) -> String {
    "must be at most \(bound); \(Self.seen(value))"
  }
}
