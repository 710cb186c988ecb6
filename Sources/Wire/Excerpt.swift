/// A peer's text in a message for people: quoted, without control characters, and not too long.
enum Excerpt {
  static func of(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars.prefix(80) { quoted += scalar.escaped(asASCII: true) }
    return quoted + (text.unicodeScalars.dropFirst(80).isEmpty ? "\"" : "\"…")
  }
}

extension JSONValue.Kind {
  /// The kind in a sentence.
  var article: String {
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
