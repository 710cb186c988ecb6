/// `json-pointer` (RFC 6901, 5) and `relative-json-pointer` (draft-bhutton-relative-json-pointer-00).
enum JSONPointerFormat {
  static func matches(_ text: FormatText) -> Bool {
    guard let first = text.first else { return true }
    guard first == UInt8(ascii: "/") else { return false }
    var isEscape = false
    for byte in text {
      if isEscape, byte != UInt8(ascii: "0"), byte != UInt8(ascii: "1") { return false }
      isEscape = byte == UInt8(ascii: "~")
    }
    return !isEscape
  }

  static func matchesRelative(_ text: FormatText) -> Bool {
    guard let up = number(text) else { return false }
    var rest = text.dropFirst(up)
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      guard let by = number(rest.dropFirst()) else { return false }
      rest = rest.dropFirst(by + 1)
    }
    return rest.elementsEqual(CollectionOfOne(UInt8(ascii: "#"))) || matches(rest)
  }

  /// How many digits begin the text; nil where none do, or a zero stands before others.
  private static func number(_ text: FormatText) -> Int? {
    let digits = text.prefix(while: ASCIIClass.isDigit)
    return digits.isEmpty || digits.count > 1 && digits.first == UInt8(ascii: "0") ? nil : digits.count
  }
}
