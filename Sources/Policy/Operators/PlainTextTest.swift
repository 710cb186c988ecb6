import Wire

/// `plain_text`: a string in which a reader sees all that a program reads; with `false`, the contrary.
struct PlainTextTest: Operator {
  static let name = "plain_text"

  private let wanted: Bool

  init(operand: JSON) throws(OperandError) {
    guard case .bool(let wanted) = operand else {
      throw OperandError(
        "plain_text is true or false, not \(operand.kind.phrase)", hint: "write true or false, without quotes")
    }
    self.wanted = wanted
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let value, value.kind == .string else { return .unknown }
    return value.withText { PlainText.firstOddity(in: $0) == nil } == wanted ? .holds : .fails
  }

  var admitted: Admitted { .strings }

  func demand(of value: JSONValue?) -> String {
    let demand = "must \(wanted ? "" : "not ")be plain text"
    guard let value, value.kind == .string, let odd = value.withText(PlainText.firstOddity) else {
      return "\(demand); \(Self.seen(value))"
    }
    let digits = String(odd.scalar.value, radix: 16, uppercase: true)
    let padding = String(repeating: "0", count: max(0, 4 - digits.count))
    return "\(demand); its character \(odd.position + 1) is U+\(padding)\(digits)"
  }
}
