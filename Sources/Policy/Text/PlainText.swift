/// Text in which a reader sees all that a program reads.
package enum PlainText {
  /// Whether a text has no control, format, bidirectional, zero-width, tag, private-use or unassigned characters.
  ///
  /// Line feeds and tabs are control characters; variation selectors, and the joiners within some emoji, have no width.
  package static func isPlain(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { firstOddity(in: $0) == nil }
  }

  /// The first character of a UTF-8 text that is not plain, and how many come before it.
  static func firstOddity(
    in text: UnsafeBufferPointer<UInt8>
  ) -> (scalar: Unicode.Scalar, position: Int)? {
    guard let start = text.firstIndex(where: { $0 &- 0x20 >= 0x5F }) else { return nil }
    // Up to there each byte is a character.
    var position = start
    var decoder = UTF8()
    var bytes = text[start...].makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&bytes) {
      if !Excerpt.isPlain(scalar) { return (scalar, position) }
      position += 1
    }
    return nil
  }
}
