import Wire

/// `starts_with`: a string that begins with the operand, by code point.
struct StartsWith: Operator {
  static let name = "starts_with"

  private let part: [UInt8]

  init(operand: JSON) throws(OperandError) {
    part = Array(try Self.text(operand, hint: "\"…\"").utf8)
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let value, value.kind == .string else { return .unknown }
    let matches = value.withText { text in
      text.count >= part.count && text.prefix(part.count).elementsEqual(part)
    }
    return matches ? .holds : .fails
  }

  var admitted: Admitted { Admitted(kinds: .string, .prefix(part)) }

  func demand(of value: JSONValue?) -> String {
    "must begin with \(part.withUnsafeBufferPointer(Excerpt.quoted)); \(Self.seen(value))"
  }
}
