import Wire

/// `in`: equal to an element of the list.
struct In: ComparingOperator {
  static let name = "in"

  private let list: ComparandList

  init(operand: JSON, dialect: Dialect) throws(OperandError) {
    list = try ComparandList(operand, dialect, for: Self.name)
  }

  func judge(_ value: JSONValue?) -> Truth {
    list.contains(value)
  }

  var admitted: Admitted { list.admitted }

  func demand(of value: JSONValue?) -> String {
    "must be one of \(list.shown); \(Self.seen(value))"
  }
}
