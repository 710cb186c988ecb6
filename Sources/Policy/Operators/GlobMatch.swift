import Wire

/// `glob`: a string that the shell pattern matches from end to end, by code point.
struct GlobMatch: Operator {
  static let name = "glob"

  private let pattern: String
  private let glob: Glob

  init(operand: JSON) throws(OperandError) {
    pattern = try Self.text(operand, hint: "\"*.png\"")
    glob = try Glob(pattern)
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let value, value.kind == .string else { return .unknown }
    return value.withText(glob.matches) ? .holds : .fails
  }

  var admitted: Admitted { .strings }

  func demand(of value: JSONValue?) -> String {
    "must match \(Excerpt.quoted(pattern)); \(Self.seen(value))"
  }
}
