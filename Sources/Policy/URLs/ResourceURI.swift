import Wire

/// Looks for a URI's other spellings.
///
/// Rules find a resource by its URI. A server may take several spellings for one resource (RFC 3986, 6.2.2), so that
/// only the normal one can be judged: everything else could be a rule's resource under another name.
enum ResourceURI {
  /// What keeps a URI from being in its normal form: completes a sentence that begins with "the URI". Nil where nothing
  /// does.
  static func oddity(in uri: Name) -> String? {
    var text = uri.text
    return text.withUTF8(oddity)
  }

  /// The schemes whose authority is a host.
  private static let hosted = ["file", "ftp", "http", "https", "ws", "wss"]

  private static func oddity(in text: UnsafeBufferPointer<UInt8>) -> String? {
    if text.contains(where: { $0 &- 0x21 >= 0x5E }) {
      return "holds a character that a URI spells with a percent sign"
    }
    if text.contains(UInt8(ascii: "\\")) { return "holds a backslash" }
    if text.contains(UInt8(ascii: "#")) { return "has a fragment" }
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return "has no scheme" }
    let scheme = text[..<colon]
    guard let first = scheme.first, isLowerCase(first),
      scheme.allSatisfy({ isLowerCase($0) || isDigit($0) || [0x2B, 0x2D, 0x2E].contains($0) })
    else { return "does not begin with a scheme in lower case" }
    if let oddity = encodingOddity(in: text) { return oddity }
    var rest = text[(colon + 1)...]
    let isHierarchical = rest.starts(with: [0x2F, 0x2F])
    if isHierarchical {
      let authority = rest.dropFirst(2).prefix { !isEndOfAuthority($0) }
      if hosted.contains(where: { scheme.elementsEqual($0.utf8) }) {
        if authority.contains(where: isUpperCase) { return "has a host in upper case" }
        if scheme.elementsEqual("file".utf8), !authority.isEmpty { return "names a host for a file" }
      }
      rest = rest[authority.endIndex...]
    }
    return segmentOddity(in: rest.prefix { $0 != UInt8(ascii: "?") })
  }

  private static func encodingOddity(in text: UnsafeBufferPointer<UInt8>) -> String? {
    for position in text.indices where text[position] == UInt8(ascii: "%") {
      guard position + 2 < text.count, let high = digit(text[position + 1]), let low = digit(text[position + 2]) else {
        return "has a percent sign without two hexadecimal digits in upper case after it"
      }
      let byte = high << 4 | low
      if byte < 0x20 || byte == 0x7F { return "spells a control character" }
      if isLowerCase(byte) || isUpperCase(byte) || isDigit(byte) || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte) {
        return "spells with a percent sign what needs none"
      }
      if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") { return "spells a slash with a percent sign" }
    }
    return nil
  }

  private static func segmentOddity(in path: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
    let segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    for (position, segment) in segments.enumerated() {
      if segment.elementsEqual([0x2E]) || segment.elementsEqual([0x2E, 0x2E]) { return "has a segment of dots" }
      // The first and the last may be empty: before the slash that begins a path, and after one that ends it.
      if segment.isEmpty, position > 0, position < segments.count - 1 { return "has two slashes in a row in its path" }
    }
    return nil
  }

  private static func isEndOfAuthority(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?")
  }

  private static func isLowerCase(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }
  private static func isUpperCase(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private static func digit(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte - UInt8(ascii: "0") }
    return byte &- UInt8(ascii: "A") < 6 ? byte - UInt8(ascii: "A") + 10 : nil
  }
}
