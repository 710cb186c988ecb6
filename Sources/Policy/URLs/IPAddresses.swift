/// IPv4 addresses in their one canonical spelling.
enum IPv4Address {
  /// Four decimal numbers of 0 to 255 without leading zeros; nil for every other spelling.
  static func parse(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> UInt32? {
    var address: UInt32 = 0
    var octet: UInt32 = 0
    var digits = 0
    var octets = 0
    for byte in text {
      if byte == UInt8(ascii: ".") {
        guard digits > 0, octets < 3 else { return nil }
        address = address << 8 | octet
        (octet, digits, octets) = (0, 0, octets + 1)
      } else {
        let digit = byte &- UInt8(ascii: "0")
        guard digit <= 9, digits == 0 || octet != 0 else { return nil }
        octet = octet * 10 + UInt32(digit)
        digits += 1
        guard octet <= 255 else { return nil }
      }
    }
    guard octets == 3, digits > 0 else { return nil }
    return address << 8 | octet
  }
}

/// An IPv6 address: 128 bits.
struct IPv6Address: Sendable, Hashable {
  var high: UInt64
  var low: UInt64

  /// An address of two halves.
  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// An address of eight groups.
  init(_ groups: [UInt16]) {
    high = groups[0..<4].reduce(0) { $0 << 16 | UInt64($1) }
    low = groups[4..<8].reduce(0) { $0 << 16 | UInt64($1) }
  }

  /// Reads an address as RFC 4291, 2.2 spells it: groups of one to four hexadecimal digits, one `::` at most, and an
  /// IPv4 address in place of the last two groups. No zone: it means something on one machine only.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    var groups: [UInt16] = []
    var gap: Int?
    var position = 0
    if text.count >= 2, text[0] == UInt8(ascii: ":") {
      guard text[1] == UInt8(ascii: ":") else { return nil }
      gap = 0
      position = 2
    }
    while position < text.count {
      guard groups.count < 8 else { return nil }
      let start = position
      var group: UInt32 = 0
      while position < text.count, let digit = IPv6Address.digit(text[position]), position - start < 4 {
        group = group << 4 | digit
        position += 1
      }
      if position < text.count, text[position] == UInt8(ascii: ".") {
        guard groups.count <= 6, let tail = IPv4Address.parse(text[start...]) else { return nil }
        groups.append(UInt16(tail >> 16))
        groups.append(UInt16(tail & 0xFFFF))
        break
      }
      guard position > start else { return nil }
      groups.append(UInt16(group))
      guard position < text.count else { break }
      guard text[position] == UInt8(ascii: ":") else { return nil }
      position += 1
      guard position < text.count else { return nil }
      if text[position] == UInt8(ascii: ":") {
        guard gap == nil else { return nil }
        gap = groups.count
        position += 1
      }
    }
    if let gap {
      guard groups.count < 8 else { return nil }
      groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
    }
    guard groups.count == 8 else { return nil }
    self.init(groups)
  }

  private static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
