/// `${name}` in a text, which stands for a parameter's value; `$${name}` is those characters themselves.
enum Placeholder {
  /// A piece of a text that has placeholders.
  enum Part: Equatable {
    case text(String)
    case parameter(String)
    /// What stands between the braces seems to be meant as a name, and is none: `${ hosts }`.
    case malformed(String)
  }

  /// The parts of a text; nil where it stands for nothing but itself.
  ///
  /// Braces around what nobody would take for a name, as in the expressions `[${}]` and `a${2}`, are plain text.
  static func parts(of text: String) -> [Part]? {
    guard text.utf8.contains(dollar) else { return nil }
    let bytes = Array(text.utf8)
    var parts: [Part] = []
    var plain = bytes.startIndex
    var index = bytes.startIndex
    func finish(at end: Int) {
      if plain < end { parts.append(.text(String(decoding: bytes[plain..<end], as: UTF8.self))) }
    }
    while let dollar = bytes[index...].firstIndex(of: dollar) {
      index = dollar + 1
      let isEscaped = index < bytes.endIndex && bytes[index] == Placeholder.dollar
      guard let inner = inner(of: bytes, after: isEscaped ? index + 1 : index) else { continue }
      finish(at: dollar)
      plain = inner.upperBound + 1
      index = plain
      let name = String(decoding: bytes[inner], as: UTF8.self)
      if isEscaped {
        parts.append(.text("${\(name)}"))
      } else {
        parts.append(isName(name) ? .parameter(name) : .malformed(name))
      }
    }
    guard !parts.isEmpty else { return nil }
    finish(at: bytes.endIndex)
    return parts
  }

  /// Whether a parameter can have that name: letters, digits, `_` and `-` of ASCII, and neither a digit nor `-` first.
  static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, isLetter(first) || first == UInt8(ascii: "_") else { return false }
    return name.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
  }

  private static let dollar = UInt8(ascii: "$")

  /// What stands in braces that open at `start`, if it looks like a name: letters, and what people write within names.
  private static func inner(of bytes: [UInt8], after start: Int) -> Range<Int>? {
    guard start < bytes.endIndex, bytes[start] == UInt8(ascii: "{") else { return nil }
    let inner = bytes[(start + 1)...].prefix { byte in
      isLetter(byte) || isDigit(byte) || byte >= 0x80 || " _-.".utf8.contains(byte)
    }
    guard inner.endIndex < bytes.endIndex, bytes[inner.endIndex] == UInt8(ascii: "}") else { return nil }
    guard inner.contains(where: { isLetter($0) || $0 >= 0x80 || $0 == UInt8(ascii: "_") }) else { return nil }
    return inner.startIndex..<inner.endIndex
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
