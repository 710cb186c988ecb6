/// An IPv4 or IPv6 address, read and judged by the code that does it for URLs.
package enum InternetAddress: Sendable, Hashable {
  case ipv4(UInt32)
  case ipv6(high: UInt64, low: UInt64)

  /// Reads an address in the one spelling of IPv4, or any that RFC 4291 has for IPv6, with or without brackets around it.
  package init?(_ text: UnsafeBufferPointer<UInt8>) {
    if let address = IPv4Address.parse(text[...]) {
      self = .ipv4(address)
      return
    }
    let isBracketed = text.first == UInt8(ascii: "[") && text.last == UInt8(ascii: "]") && text.count > 1
    let inner = isBracketed ? UnsafeBufferPointer(rebasing: text[1..<(text.count - 1)]) : text
    guard let address = IPv6Address(inner) else { return nil }
    self = .ipv6(high: address.high, low: address.low)
  }

  /// What is special about the address, as the `url` operator sees it: nil where it leads to the Internet at large.
  package var special: String? {
    switch self {
    case .ipv4(let address): SpecialAddresses.describe(address)
    case .ipv6(let high, let low): SpecialAddresses.describe(IPv6Address(high: high, low: low))
    }
  }

  /// How many bits the address has.
  package var width: Int {
    switch self {
    case .ipv4: 32
    case .ipv6: 128
    }
  }

  /// The IPv4 address of `::ffff:a.b.c.d`, which is where that leads.
  package var mapped: InternetAddress? {
    guard case .ipv6(0, let low) = self, low >> 32 == 0xFFFF else { return nil }
    return .ipv4(UInt32(truncatingIfNeeded: low))
  }

  /// The address in bytes, as it goes over a network.
  package var bytes: [UInt8] {
    switch self {
    case .ipv4(let address): (0..<4).map { UInt8(truncatingIfNeeded: address >> (24 - 8 * $0)) }
    case .ipv6(let high, let low):
      [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
    }
  }

  /// The same address with all but its first `count` bits 0.
  package func prefix(_ count: Int) -> InternetAddress {
    // Shifting by all of a word's bits leaves nothing of it.
    switch self {
    case .ipv4(let address): .ipv4(address & ~(UInt32.max >> count))
    case .ipv6(let high, let low):
      .ipv6(high: high & ~(UInt64.max >> min(count, 64)), low: low & ~(UInt64.max >> max(count - 64, 0)))
    }
  }
}

extension InternetAddress: CustomStringConvertible {
  /// The canonical spelling: of IPv6 that of RFC 5952, with `::ffff:a.b.c.d` for a mapped IPv4 address.
  package var description: String {
    if case .ipv4(let address)? = mapped { return "::ffff:\(InternetAddress.ipv4(address))" }
    let bytes = bytes
    guard width == 128 else { return bytes.map(String.init).joined(separator: ".") }
    let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
    let gap = InternetAddress.longestRunOfZeros(groups)
    func text(_ range: Range<Int>) -> String { groups[range].map { String($0, radix: 16) }.joined(separator: ":") }
    return gap.count < 2 ? text(0..<8) : "\(text(0..<gap.lowerBound))::\(text(gap.upperBound..<8))"
  }

  private static func longestRunOfZeros(_ groups: [UInt16]) -> Range<Int> {
    var longest = 0..<0
    var start = 0
    for (index, group) in groups.enumerated() {
      if group != 0 {
        start = index + 1
      } else if index + 1 - start > longest.count {
        longest = start..<index + 1
      }
    }
    return longest
  }
}

/// A range of addresses in CIDR notation.
package struct AddressRange: Sendable, Hashable {
  /// Its first address.
  package let first: InternetAddress
  /// How many bits all its addresses share.
  package let bits: Int

  /// Why a text is no range: completes a sentence that begins with the text.
  package struct Problem: Error {
    /// The rest of that sentence.
    package let description: String
  }

  /// Reads a range such as `10.0.0.0/8` or `2001:db8::/32`; no bit beyond those that the addresses share may be set.
  package init(_ text: UnsafeBufferPointer<UInt8>) throws(Problem) {
    guard let slash = text.lastIndex(of: UInt8(ascii: "/")) else {
      throw Problem(description: "is no range of addresses such as 10.0.0.0/8")
    }
    guard let first = InternetAddress(UnsafeBufferPointer(rebasing: text[..<slash])) else {
      throw Problem(description: "has no IP address before its slash")
    }
    let digits = text[(slash + 1)...]
    guard 1...3 ~= digits.count, digits.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }),
      digits.count == 1 || digits.first != UInt8(ascii: "0"),
      let bits = Int(String(decoding: digits, as: UTF8.self)), bits <= first.width
    else { throw Problem(description: "has no number of 0 to \(first.width) after its slash") }
    guard first.prefix(bits) == first else {
      throw Problem(
        description: "has bits set beyond the first \(bits): \(first.prefix(bits))/\(bits) is the range around it")
    }
    self.first = first
    self.bits = bits
  }

  /// Whether an address lies in the range. A mapped IPv4 address, which leads to that, lies in ranges of IPv4, too.
  package func contains(_ address: InternetAddress) -> Bool {
    if address.width == first.width { return address.prefix(bits) == first }
    return address.mapped.map { $0.width == first.width && $0.prefix(bits) == first } ?? false
  }
}
