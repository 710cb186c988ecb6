import Wire

/// `neq`: of the operand's kind, and not equal to it.
struct NotEquals: ComparingOperator {
  static let name = "neq"

  private let expected: Comparand
  private let dialect: Dialect

  init(operand: JSON, dialect: Dialect) {
    expected = Comparand(operand)
    self.dialect = dialect
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let value else { return .unknown }
    return expected.compare(value, dialect).negated
  }

  var admitted: Admitted {
    dialect == .moongate ? Admitted(kinds: Admitted.Kinds(expected.kind)) : .everything
  }

  func demand(of value: JSONValue?) -> String {
    guard judge(value) == .unknown else { return "must not be \(Excerpt.shown(expected.json))" }
    return "must be \(expected.kind.phrase) other than \(Excerpt.shown(expected.json)); \(Self.seen(value))"
  }
}
