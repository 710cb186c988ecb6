import Wire

/// `eq`: equal to the operand.
struct Equals: ComparingOperator {
  static let name = "eq"

  private let expected: Comparand
  private let dialect: Dialect

  init(operand: JSON, dialect: Dialect) {
    expected = Comparand(operand)
    self.dialect = dialect
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let value else { return .unknown }
    return expected.compare(value, dialect)
  }

  var admitted: Admitted {
    // In the other dialect a value of another kind may equal the operand.
    dialect == .moongate ? Admitted(values: [expected.json]) : .everything
  }

  func demand(of value: JSONValue?) -> String {
    "must be \(Excerpt.shown(expected.json)); \(Self.seen(value))"
  }
}
