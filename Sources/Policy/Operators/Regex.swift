import Wire

/// `regex`: a string in which the expression (RE2) matches somewhere.
struct Regex: Operator {
  static let name = "regex"

  private let pattern: String
  private let expression: RegularExpression

  init(operand: JSON) throws(OperandError) {
    pattern = try Self.text(operand, hint: "\"^[a-z]+$\"")
    do throws(RegularExpression.Problem) {
      expression = try RegularExpression(pattern)
    } catch {
      throw OperandError(
        "the expression does not compile: \(Excerpt.cleaned(error.message, limit: 200))",
        hint: "the syntax is RE2's: no look-around, no back-references")
    }
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let value, value.kind == .string else { return .unknown }
    return value.withText(expression.matches) ? .holds : .fails
  }

  var admitted: Admitted { .strings }

  func demand(of value: JSONValue?) -> String {
    "must match \(Excerpt.quoted(pattern)); \(Self.seen(value))"
  }
}
