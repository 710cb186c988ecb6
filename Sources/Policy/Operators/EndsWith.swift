import Wire

/// `ends_with`: a string that ends with the operand, by code point.
struct EndsWith: Operator {
  static let name = "ends_with"

  private let part: [UInt8]

  init(operand: JSON) throws(OperandError) {
    part = Array(try Self.text(operand, hint: "\"…\"").utf8)
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let value, value.kind == .string else { return .unknown }
    let matches = value.withText { text in
      text.count >= part.count && text.suffix(part.count).elementsEqual(part)
    }
    return matches ? .holds : .fails
  }

  var admitted: Admitted { Admitted(kinds: .string, .suffix(part)) }

  func demand(of value: JSONValue?) -> String {
    "must end with \(part.withUnsafeBufferPointer(Excerpt.quoted)); \(Self.seen(value))"
  }
}
