/// Text in which a reader sees all that a program reads.
package enum PlainText {
  /// Whether a text has no control, format, bidirectional, zero-width, tag, private-use or unassigned characters.
  ///
  /// Line feeds and tabs are control characters; variation selectors, and the joiners within some emoji, have no width.
  package static func isPlain(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy(Excerpt.isPlain)
  }
}
