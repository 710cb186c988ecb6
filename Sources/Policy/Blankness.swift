import Wire

/// What counts as nothing although it is there.
enum Blankness {
  /// Whether a value is neither null, nor an empty array or object, nor a string of nothing that can be seen.
  static func isPresent(_ value: JSONValue) -> Bool {
    switch value.kind {
    case .null: false
    case .bool, .number: true
    case .array, .object: value.count > 0
    case .string: value.withText { !isBlank($0) }
    }
  }

  private static func isBlank(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if text.contains(where: { $0 > 0x20 && $0 < 0x7F }) { return false }
    return String(decoding: text, as: UTF8.self).unicodeScalars.allSatisfy {
      $0.properties.isWhitespace || !Excerpt.isPlain($0)
    }
  }
}
