import Wire

/// Pieces of foreign text, made fit for a message: one line, printable, and short.
package enum Excerpt {
  /// How many code points of a value a message shows.
  static let length = 80

  /// The text in quotation marks, cleaned, and cut at ``length`` code points.
  static func quoted(_ text: String) -> String {
    "\"\(cleaned(text))\""
  }

  /// The UTF-8 text in quotation marks, cleaned, and cut at ``length`` code points.
  package static func quoted(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    "\"\(cleaned(bytes))\""
  }

  private static func cleaned(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    // A code point takes four bytes at most; one that is cut in two does not come into those shown.
    cleaned(String(decoding: bytes.prefix(4 * (length + 2)), as: UTF8.self))
  }

  /// A value as a sentence shows it: strings in quotation marks, everything cut at ``length`` code points.
  static func shown(_ value: JSONValue) -> String {
    value.kind == .string ? value.withText(quoted) : written(value)
  }

  /// A value in the middle of somebody's own sentence: strings without quotation marks.
  static func bare(_ value: JSONValue?) -> String {
    guard let value else { return "(absent)" }
    return value.kind == .string ? value.withText(cleaned) : written(value)
  }

  private static func written(_ value: JSONValue) -> String {
    value.source.withUnsafeBufferPointer(cleaned)
  }

  /// An operand as a sentence shows it.
  static func shown(_ value: JSON) -> String {
    if case .string(let text) = value { return quoted(text) }
    return value.encoded().withUnsafeBufferPointer(cleaned)
  }

  /// The text without what could break a line, hide, or reorder what stands around it.
  package static func cleaned(_ text: String, limit: Int = length) -> String {
    var result = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
      if count == limit {
        result.append("…")
        break
      }
      result.append(isPlain(scalar) ? scalar : "\u{FFFD}")
      count += 1
    }
    return String(result)
  }

  /// A whole message on one line: line breaks become spaces, and what is over `limit` bytes of UTF-8 is cut.
  static func line(_ text: String, limit: Int) -> String {
    var result = String.UnicodeScalarView()
    var left = limit
    for scalar in text.unicodeScalars {
      let plain: Unicode.Scalar =
        isPlain(scalar) ? scalar : scalar.properties.isWhitespace || scalar.value < 0x20 ? " " : "\u{FFFD}"
      let size = UTF8.width(plain)
      guard left >= size else { break }
      left -= size
      result.append(plain)
    }
    return String(result)
  }

  /// Whether a character can stand in a line of text as itself.
  static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value >= 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: return false
    default: return !scalar.properties.isDefaultIgnorableCodePoint
    }
  }
}

extension JSONValue.Kind {
  /// The kind in a sentence: `a string`.
  var phrase: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
