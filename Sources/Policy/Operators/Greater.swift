import Wire

/// `gt`: a number, greater than the operand.
struct Greater: Operator {
  static let name = "gt"

  private let bound: ExactNumber

  init(operand: JSON) throws(OperandError) {
    bound = try Self.number(operand)
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let number = value?.number else { return .unknown }
    return number > bound ? .holds : .fails
  }

  var admitted: Admitted { Admitted(kinds: .number, .numbers(Admitted.Interval(low: bound, isOpen: true))) }

  func demand(of value: JSONValue?) -> String {
    "must be greater than \(bound); \(Self.seen(value))"
  }
}
