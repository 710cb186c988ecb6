import Wire

/// `url`: a string that is a URL which every parser reads alike, and which points where the operand allows.
///
/// What is no such URL cannot be judged, so that `not` lets no odd spelling of an address pass.
struct URLTest: Operator {
  static let name = "url"

  private let allowlist: URLAllowlist

  init(operand: JSON) throws(OperandError) {
    allowlist = try URLAllowlist(operand: operand)
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let value, value.kind == .string else { return .unknown }
    return value.withText { allowlist.truth(of: $0) }
  }

  func isMeant(for value: JSONValue) -> Bool { value.kind == .string }

  var admitted: Admitted { .strings }

  func demand(of value: JSONValue?) -> String {
    guard let value, value.kind == .string else { return "must be a URL that is allowed here; \(Self.seen(value))" }
    guard let objection = value.withText({ allowlist.objection(to: $0) }) else {
      return "must be a URL that is allowed here"
    }
    return "must be a URL that is allowed here; it \(objection)"
  }
}
