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

  private static func oddity(in text: UnsafeBufferPointer<UInt8>) -> String? {
    if text.contains(where: isForeign) { return "holds a character that a URI spells with a percent sign" }
    if text.contains(UInt8(ascii: "\\")) { return "holds a backslash" }
    if text.contains(UInt8(ascii: "#")) { return "has a fragment" }
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return "has no scheme" }
    let scheme = text[..<colon]
    guard let first = scheme.first, isLowerCase(first),
      scheme.allSatisfy({ isLowerCase($0) || isDigit($0) || [0x2B, 0x2D, 0x2E].contains($0) })
    else { return "does not begin with a scheme in lower case" }
    if let oddity = encodingOddity(in: text) { return oddity }
    var rest = text[(colon + 1)...]
    let isFile = scheme.elementsEqual("file".utf8)
    let port = webSchemes.first { scheme.elementsEqual($0.name.utf8) }?.port
    let isHierarchical = rest.starts(with: [0x2F, 0x2F])
    if !isHierarchical, isFile || port != nil { return "has no // after its scheme" }
    if isHierarchical {
      let authority = rest.dropFirst(2).prefix { !isEndOfAuthority($0) }
      if isFile, !authority.isEmpty { return "names a host for a file" }
      if let port, let oddity = hostOddity(in: text, authority, defaultPort: port) { return oddity }
      rest = rest[authority.endIndex...]
      if rest.first != UInt8(ascii: "/"), isFile || port != nil { return "has no path after its host" }
    }
    let path = rest.prefix { $0 != UInt8(ascii: "?") }
    if path.endIndex < text.endIndex {
      if isFile { return "has a query for a file" }
      if path.endIndex + 1 == text.endIndex { return "ends in a question mark" }
    }
    if isFile, path.count > 1, path.last == UInt8(ascii: "/") { return "ends in a slash, for a file" }
    return pathOddity(in: path, isFile: isFile)
  }

  /// The schemes whose authority is a host, with the ports that they have anyway.
  private static let webSchemes: [(name: String, port: Int)] = [
    ("ftp", 21), ("http", 80), ("https", 443), ("ws", 80), ("wss", 443),
  ]

  /// What a URI cannot hold as it is (RFC 3986, appendix A), but for the backslash and the fragment's mark.
  private static func isForeign(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0x7F..., UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "^"),
      UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
      true
    default: false
    }
  }

  /// A host in another spelling than the one that all parsers agree on, or more than a host and a port of its own.
  private static func hostOddity(
    in text: UnsafeBufferPointer<UInt8>, _ authority: Slice<UnsafeBufferPointer<UInt8>>, defaultPort: Int
  ) -> String? {
    if authority.contains(where: isUpperCase) { return "has a host in upper case" }
    do throws(StrictURL.Ambiguity) {
      let parts = try URLParts(text)
      if parts.userinfo != nil { return "has a user name or password before its host" }
      if parts.port == defaultPort { return "names the port that its scheme has anyway" }
      guard case .ipv6(let address) = parts.hostKind else { return nil }
      let canonical = InternetAddress.ipv6(high: address.high, low: address.low).description
      let isCanonical = text[parts.host].dropFirst().dropLast().elementsEqual(canonical.utf8)
      return isCanonical ? nil : "has an IPv6 address in another spelling than \(canonical)"
    } catch {
      return error.description
    }
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

  private static func pathOddity(in path: Slice<UnsafeBufferPointer<UInt8>>, isFile: Bool) -> String? {
    if path.contains(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }) {
      return "holds a bracket, which a path spells with a percent sign"
    }
    for position in path.indices where path[position] == UInt8(ascii: "%") {
      // Two hexadecimal digits follow, as has been seen.
      guard let high = digit(path[position + 1]), let low = digit(path[position + 2]) else { continue }
      let byte = high << 4 | low
      if isFile, byte == UInt8(ascii: "|") { return "spells a | with a percent sign, which is a colon to some" }
      if bare.contains(byte) { return "spells with a percent sign what its path may hold as it is" }
    }
    return segmentOddity(in: path)
  }

  /// What a path may hold beside letters, digits and the other unreserved characters (RFC 3986, 3.3). A server that reads
  /// the path decodes them.
  private static let bare = Array(":@!$&'()*+,;=".utf8)

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
