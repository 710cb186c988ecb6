/// Where the parts of a URL stand in its text: the one reader behind ``StrictURL`` and ``URLAllowlist``.
struct URLParts {
  typealias Ambiguity = StrictURL.Ambiguity

  var scheme: Range<Int>
  var userinfo: Range<Int>?
  /// With the brackets of an IPv6 address.
  var host: Range<Int>
  var hostKind: URLHost
  var port: Int?
  var path: Range<Int>
  var query: Range<Int>?
  var fragment: Range<Int>?

  init(_ text: UnsafeBufferPointer<UInt8>) throws(Ambiguity) {
    try URLParts.refuseUnsafeBytes(text)
    let end = text.count
    guard let colon = URLParts.first(UInt8(ascii: ":"), in: text, 0..<end), URLParts.isScheme(text[..<colon]) else {
      throw Ambiguity("does not begin with a scheme such as https:")
    }
    scheme = 0..<colon
    guard colon + 2 < end, text[colon + 1] == UInt8(ascii: "/"), text[colon + 2] == UInt8(ascii: "/") else {
      throw Ambiguity("has no // after its scheme")
    }
    let start = colon + 3
    var stop = start
    while stop < end, !URLParts.endsAuthority(text[stop]) { stop += 1 }
    if URLParts.first(UInt8(ascii: "%"), in: text, start..<stop) != nil {
      throw Ambiguity("has percent-encoding before its path")
    }

    var hostStart = start
    if let at = URLParts.first(UInt8(ascii: "@"), in: text, start..<stop) {
      guard URLParts.first(UInt8(ascii: "@"), in: text, (at + 1)..<stop) == nil else {
        throw Ambiguity("has more than one @ before its path")
      }
      userinfo = try URLParts.checkedUserinfo(text, start..<at)
      hostStart = at + 1
    }
    (host, hostKind, port) = try URLParts.hostAndPort(text, hostStart..<stop)

    let fragmentMark = URLParts.first(UInt8(ascii: "#"), in: text, stop..<end)
    let queryMark = URLParts.first(UInt8(ascii: "?"), in: text, stop..<(fragmentMark ?? end))
    path = stop..<(queryMark ?? fragmentMark ?? end)
    query = queryMark.map { ($0 + 1)..<(fragmentMark ?? end) }
    fragment = fragmentMark.map { ($0 + 1)..<end }
    if path.isEmpty, URLParts.first(UInt8(ascii: "@"), in: text, stop..<end) != nil {
      // Some parsers look for `@` as far as the first slash, and would find another host behind it.
      throw Ambiguity("has an @ after its host without a / between them")
    }
  }

  @inline(__always)
  private static func endsAuthority(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
  }

  /// Where the byte stands first in that part of the text.
  @inline(__always)
  private static func first(_ byte: UInt8, in text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    var position = range.lowerBound
    while position < range.upperBound {
      if text[position] == byte { return position }
      position &+= 1
    }
    return nil
  }

  /// What is read differently wherever in a URL it stands.
  private static func refuseUnsafeBytes(_ text: UnsafeBufferPointer<UInt8>) throws(Ambiguity) {
    guard !text.isEmpty else { throw Ambiguity("is empty") }
    var index = 0
    while true {
      index = plainEnd(of: text, from: index)
      guard index < text.count else { return }
      switch text[index] {
      case 0x21...0x24, 0x26...0x5B, 0x5D...0x7E: break
      case UInt8(ascii: "%"):
        guard index + 2 < text.count, isHexadecimal(text[index + 1]), isHexadecimal(text[index + 2]) else {
          throw Ambiguity("has a % that two hexadecimal digits do not follow")
        }
      case 0x5C: throw Ambiguity("has a backslash")
      case 0x20: throw Ambiguity("has a space")
      case 0x00..<0x20, 0x7F: throw Ambiguity("has a control character (\(codePoint(UInt32(text[index]))))")
      default: throw Ambiguity("has a character beyond ASCII (\(codePoint(at: index, in: text)))")
      }
      index += 1
    }
  }

  /// Passes printable ASCII but `%` and `\`, eight bytes at a time: the first eight that may hold anything else, or the
  /// first of the last few bytes.
  @inline(__always)
  private static func plainEnd(of text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let raw = UnsafeRawBufferPointer(text)
    var index = start
    while index + 8 <= text.count {
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let percent = word ^ (ones &* 0x25)
      let backslash = word ^ (ones &* 0x5C)
      // A high bit marks a byte below 0x21, one of the two, 0x7F, or one beyond ASCII. A carry can set a false mark,
      // never clear a true one below all false ones.
      let marks =
        (word &- ones &* 0x21) | (percent &- ones) | (backslash &- ones) | word | ((word & (ones &* 0x7F)) &+ ones)
      if marks & (ones &* 0x80) != 0 { return index }
      index += 8
    }
    return index
  }

  private static func checkedUserinfo(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) throws(Ambiguity) -> Range<Int> {
    guard !range.isEmpty else { throw Ambiguity("has an @ with nothing before it") }
    var colons = 0
    for byte in text[range] {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"),
        UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","),
        UInt8(ascii: ";"), UInt8(ascii: "="):
        continue
      case UInt8(ascii: ":"):
        colons += 1
        if colons > 1 { throw Ambiguity("has more than one : in the user name and password before its host") }
      default:
        throw Ambiguity("has \(printable(byte)) in the user name and password before its host")
      }
    }
    return range
  }

  private static func hostAndPort(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) throws(Ambiguity) -> (Range<Int>, URLHost, Int?) {
    let hostEnd: Int
    if range.lowerBound < range.upperBound, text[range.lowerBound] == UInt8(ascii: "[") {
      guard let bracket = text[range].firstIndex(of: UInt8(ascii: "]")) else {
        throw Ambiguity("has an IPv6 address without its closing bracket")
      }
      hostEnd = bracket + 1
      guard hostEnd == range.upperBound || text[hostEnd] == UInt8(ascii: ":") else {
        throw Ambiguity("has \(printable(text[hostEnd])) after its IPv6 address")
      }
    } else {
      hostEnd = text[range].firstIndex(of: UInt8(ascii: ":")) ?? range.upperBound
    }
    let host = range.lowerBound..<hostEnd
    let kind = try URLHost(UnsafeBufferPointer(rebasing: text[host]))
    guard hostEnd < range.upperBound else { return (host, kind, nil) }
    return (host, kind, try port(UnsafeBufferPointer(rebasing: text[(hostEnd + 1)..<range.upperBound])))
  }

  /// A decimal port of 1 to 65535 without leading zeros.
  static func port(_ digits: UnsafeBufferPointer<UInt8>) throws(Ambiguity) -> Int {
    guard let first = digits.first else { throw Ambiguity("has a : without a port after it") }
    guard digits.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) else {
      throw Ambiguity("has a port that is no decimal number")
    }
    guard first != UInt8(ascii: "0") else { throw Ambiguity("has a port that begins with 0") }
    guard digits.count <= 5 else { throw Ambiguity("has a port beyond 65535") }
    let port = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    guard port <= 65535 else { throw Ambiguity("has a port beyond 65535") }
    return port
  }

  /// Letters, digits, `+`, `-` and `.`, a letter first (RFC 3986, 3.1).
  static func isScheme(_ text: some Sequence<UInt8>) -> Bool {
    var isFirst = true
    for byte in text {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
        if isFirst { return false }
      default: return false
      }
      isFirst = false
    }
    return !isFirst
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  private static func codePoint(at index: Int, in text: UnsafeBufferPointer<UInt8>) -> String {
    let scalar = String(decoding: text[index..<min(index + 4, text.count)], as: UTF8.self).unicodeScalars.first
    return codePoint(scalar?.value ?? 0xFFFD)
  }

  static func codePoint(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// A printable ASCII character, as a message shows it.
  static func printable(_ byte: UInt8) -> String {
    "\"\(Character(Unicode.Scalar(byte)))\""
  }
}

extension StrictURL.Ambiguity {
  init(_ description: String) {
    self.description = description
  }
}
