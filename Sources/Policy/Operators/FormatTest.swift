import Wire

/// `format`: a string of a format that a standard defines, such as an email address.
struct FormatTest: Operator {
  static let name = "format"

  private let format: Format

  init(operand: JSON) throws(OperandError) {
    let name = try Self.text(operand, hint: "email")
    guard let format = Format.named(name) else {
      throw OperandError(
        "there is no format \(Excerpt.quoted(name))",
        hint: Spelling.nearest(to: name, among: Format.names).map { "did you mean \"\($0)\"?" }
          ?? "possible here: \(Format.names.joined(separator: ", "))")
    }
    self.format = format
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let value, value.kind == .string else { return .unknown }
    return value.withText(format.matches) ? .holds : .fails
  }

  var admitted: Admitted { .strings }

  func demand(of value: JSONValue?) -> String {
    "must be \(format.phrase); \(Self.seen(value))"
  }
}
