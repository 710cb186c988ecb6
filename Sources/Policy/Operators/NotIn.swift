import Wire

/// `not_in`: of a kind that the list has, and equal to none of its elements.
struct NotIn: ComparingOperator {
  static let name = "not_in"

  private let list: ComparandList

  init(operand: JSON, dialect: Dialect) throws(OperandError) {
    list = try ComparandList(operand, dialect, for: Self.name)
  }

  func judge(_ value: JSONValue?) -> Truth {
    list.contains(value).negated
  }

  var admitted: Admitted { .everything }

  func demand(of value: JSONValue?) -> String {
    "must not be one of \(list.shown); \(Self.seen(value))"
  }
}
