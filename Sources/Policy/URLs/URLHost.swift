/// What a host is: a name or an address, in the one spelling of each that all parsers agree on.
enum URLHost: Sendable, Hashable {
  case name
  case ipv4(UInt32)
  case ipv6(IPv6Address)

  typealias Ambiguity = StrictURL.Ambiguity

  /// Reads a host; an IPv6 address stands in brackets.
  init(_ text: UnsafeBufferPointer<UInt8>) throws(Ambiguity) {
    guard let first = text.first else { throw Ambiguity("has no host") }
    if first == UInt8(ascii: "[") {
      let inner = UnsafeBufferPointer(rebasing: text[1..<(text.count - 1)])
      guard text[text.count - 1] == UInt8(ascii: "]"), let address = IPv6Address(inner) else {
        throw Ambiguity("has brackets around something that is no IPv6 address")
      }
      self = .ipv6(address)
      return
    }
    let lastLabel = try URLHost.checkLabels(text)
    if URLHost.isNumber(text[lastLabel]) {
      guard let address = IPv4Address.parse(text[...]) else {
        throw Ambiguity("has a host that ends in a number without being an IPv4 address of four plain decimal numbers")
      }
      self = .ipv4(address)
    } else {
      self = .name
    }
  }

  /// Checks the labels between the dots, and returns the last.
  private static func checkLabels(_ text: UnsafeBufferPointer<UInt8>) throws(Ambiguity) -> Range<Int> {
    guard text.count <= 253 else { throw Ambiguity("has a host of more than 253 characters") }
    var start = 0
    while true {
      var end = start
      while end < text.count, text[end] != UInt8(ascii: ".") {
        guard isOfLabels(text[end]) else { throw Ambiguity("has \(URLParts.printable(text[end])) in its host") }
        end += 1
      }
      guard end > start else {
        throw Ambiguity(
          end == text.count ? "has a host that ends in a dot" : "has a host with nothing before or between its dots")
      }
      guard end - start <= 63 else { throw Ambiguity("has a part of more than 63 characters in its host") }
      guard text[start] != UInt8(ascii: "-"), text[end - 1] != UInt8(ascii: "-") else {
        throw Ambiguity("has a part that begins or ends with a hyphen in its host")
      }
      if Punycode.isMarked(text[start..<end]), !Punycode.isValid(text[(start + 4)..<end]) {
        throw Ambiguity("has a part that begins with xn-- without being valid punycode in its host")
      }
      guard end < text.count else { return start..<end }
      start = end + 1
    }
  }

  /// Letters, digits and hyphens.
  @inline(__always)
  private static func isOfLabels(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-")
  }

  /// Whether parsers may take a last label for a number, and with it the host for an IPv4 address: decimal digits, or
  /// `0x` and hexadecimal digits (URL Standard, "ends in a number").
  private static func isNumber(_ label: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    if label.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) { return true }
    guard label.first == UInt8(ascii: "0"), let second = label.dropFirst().first, second | 0x20 == UInt8(ascii: "x")
    else { return false }
    return label.dropFirst(2).allSatisfy { byte in
      byte &- UInt8(ascii: "0") <= 9 || (byte | 0x20) &- UInt8(ascii: "a") <= 5
    }
  }
}
