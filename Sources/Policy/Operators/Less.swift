import Wire

/// `lt`: a number, less than the operand.
struct Less: Operator {
  static let name = "lt"

  private let bound: ExactNumber

  init(operand: JSON) throws(OperandError) {
    bound = try Self.number(operand)
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let number = value?.number else { return .unknown }
    return number < bound ? .holds : .fails
  }

  var admitted: Admitted { Admitted(kinds: .number, .numbers(Admitted.Interval(high: bound, isOpen: true))) }

  func demand(of value: JSONValue?) -> String {
    "must be less than \(bound); \(Self.seen(value))"
  }
}
