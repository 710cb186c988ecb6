/// `uri` and `uri-reference`: RFC 3986, appendix A. Whether parsers agree on it is another matter: see ``StrictURL``.
enum URIFormat {
  static func matches(_ text: UnsafeBufferPointer<UInt8>, needsScheme: Bool) -> Bool {
    var rest = text[...]
    let scheme = rest.prefix(while: isOfScheme)
    let hasScheme =
      scheme.endIndex < rest.endIndex && text[scheme.endIndex] == UInt8(ascii: ":")
      && scheme.first.map(ASCIIClass.isLetter) ?? false
    if hasScheme { rest = rest.dropFirst(scheme.count + 1) }
    if needsScheme, !hasScheme { return false }
    if let hash = rest.firstIndex(of: UInt8(ascii: "#")) {
      guard consists(rest[(hash + 1)...], of: isOfQuery) else { return false }
      rest = rest[..<hash]
    }
    if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
      guard consists(rest[(mark + 1)...], of: isOfQuery) else { return false }
      rest = rest[..<mark]
    }
    if rest.starts(with: "//".utf8) {
      rest = rest.dropFirst(2)
      let authority = rest.prefix { $0 != UInt8(ascii: "/") }
      guard isAuthority(authority) else { return false }
      rest = rest[authority.endIndex...]
    } else if !hasScheme, rest.prefix(while: { $0 != UInt8(ascii: "/") }).contains(UInt8(ascii: ":")) {
      // It would be read as a scheme.
      return false
    }
    return consists(rest) { isOfSegment($0) || $0 == UInt8(ascii: "/") }
  }

  private static func isAuthority(_ text: FormatText) -> Bool {
    var host = text
    if let at = text.lastIndex(of: UInt8(ascii: "@")) {
      guard consists(text[..<at], of: { isOfName($0) || $0 == UInt8(ascii: ":") }) else { return false }
      host = text[(at + 1)...]
    }
    if host.first == UInt8(ascii: "[") {
      guard let end = host.firstIndex(of: UInt8(ascii: "]")) else { return false }
      let literal = UnsafeBufferPointer(rebasing: host[(host.startIndex + 1)..<end])
      guard IPv6Address(literal) != nil || isFutureAddress(literal[...]) else { return false }
      host = host[(end + 1)...]
      guard host.isEmpty || host.first == UInt8(ascii: ":") else { return false }
    }
    if let colon = host.firstIndex(of: UInt8(ascii: ":")) {
      guard host[(colon + 1)...].allSatisfy(ASCIIClass.isDigit) else { return false }
      host = host[..<colon]
    }
    return consists(host, of: isOfName)
  }

  /// `v1.…`: an address of a kind that does not exist yet.
  private static func isFutureAddress(_ text: FormatText) -> Bool {
    guard let first = text.first, first | 0x20 == UInt8(ascii: "v") else { return false }
    let version = text.dropFirst().prefix(while: ASCIIClass.isHexadecimal)
    let rest = text.dropFirst(version.count + 1)
    let address = rest.dropFirst()
    return !version.isEmpty && rest.first == UInt8(ascii: ".") && !address.isEmpty
      && address.allSatisfy { isOfName($0) || $0 == UInt8(ascii: ":") }
  }

  /// Whether all of the text is such characters, or percent signs with two hexadecimal digits behind.
  private static func consists(_ text: FormatText, of isAllowed: (UInt8) -> Bool) -> Bool {
    var rest = text
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard rest.count >= 2, rest.prefix(2).allSatisfy(ASCIIClass.isHexadecimal) else { return false }
        rest = rest.dropFirst(2)
      } else if !isAllowed(byte) {
        return false
      }
    }
    return true
  }

  private static func isOfScheme(_ byte: UInt8) -> Bool {
    ASCIIClass.isLetter(byte) || ASCIIClass.isDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ".")
  }

  /// Unreserved characters and sub-delimiters.
  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case _ where ASCIIClass.isLetter(byte) || ASCIIClass.isDigit(byte): true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "!"),
      UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
      UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="):
      true
    default: false
    }
  }

  private static func isOfSegment(_ byte: UInt8) -> Bool {
    isOfName(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "@")
  }

  private static func isOfQuery(_ byte: UInt8) -> Bool {
    isOfSegment(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?")
  }
}
