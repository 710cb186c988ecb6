/// Addresses and names that lead inside: to this machine, its network, or the services of a cloud that answer there.
///
/// Sources: the IANA IPv4 and IPv6 Special-Purpose Address Registries; RFC 6761 for `localhost`; the clouds'
/// documentation for metadata services at addresses that no registry sets apart.
enum SpecialAddresses {
  private struct Block4 {
    let first: UInt32
    let bits: UInt32
    let what: String

    init(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ bits: UInt32, _ what: String) {
      first = a << 24 | b << 16 | c << 8 | d
      self.bits = bits
      self.what = what
    }

    func contains(_ address: UInt32) -> Bool { (address ^ first) >> (32 - bits) == 0 }
  }

  private static let ipv4: [Block4] = [
    Block4(0, 0, 0, 0, 8, "an address of \"this network\""),
    Block4(10, 0, 0, 0, 8, "a private address"),
    Block4(100, 64, 0, 0, 10, "an address of a carrier's shared space"),
    Block4(127, 0, 0, 0, 8, "a loopback address"),
    Block4(168, 63, 129, 16, 32, "a cloud's metadata address"),
    Block4(169, 254, 0, 0, 16, "a link-local address"),
    Block4(172, 16, 0, 0, 12, "a private address"),
    Block4(192, 0, 0, 0, 24, "an address set apart for protocols"),
    Block4(192, 0, 2, 0, 24, "an address set apart for documentation"),
    Block4(192, 31, 196, 0, 24, "an address set apart for AS112"),
    Block4(192, 52, 193, 0, 24, "an address set apart for multicast tunnels"),
    Block4(192, 88, 99, 0, 24, "an address of the 6to4 relays"),
    Block4(192, 168, 0, 0, 16, "a private address"),
    Block4(192, 175, 48, 0, 24, "an address set apart for AS112"),
    Block4(198, 18, 0, 0, 15, "an address set apart for benchmarks"),
    Block4(198, 51, 100, 0, 24, "an address set apart for documentation"),
    Block4(203, 0, 113, 0, 24, "an address set apart for documentation"),
    Block4(224, 0, 0, 0, 4, "a multicast address"),
    Block4(240, 0, 0, 0, 4, "a reserved address"),
  ]

  private struct Block6 {
    let first: IPv6Address
    let bits: UInt64
    let what: String

    init(_ groups: [UInt16], _ bits: UInt64, _ what: String) {
      first = IPv6Address(groups + [UInt16](repeating: 0, count: 8 - groups.count))
      self.bits = bits
      self.what = what
    }

    func contains(_ address: IPv6Address) -> Bool {
      if bits <= 64 { return (address.high ^ first.high) >> (64 - bits) == 0 }
      return address.high == first.high && (address.low ^ first.low) >> (128 - bits) == 0
    }
  }

  /// The ranges that carry an IPv4 address inside are special as a whole, whatever address they carry.
  private static let ipv6: [Block6] = [
    Block6([0, 0, 0, 0, 0, 0, 0, 1], 128, "the loopback address"),
    Block6([0, 0, 0, 0, 0, 0, 0, 0], 128, "the unspecified address"),
    Block6([0, 0, 0, 0, 0, 0xFFFF], 96, "an IPv4 address inside an IPv6 address"),
    Block6([0, 0, 0, 0, 0xFFFF, 0], 96, "an IPv4 address inside an IPv6 address"),
    Block6([0, 0, 0, 0, 0, 0], 96, "an IPv4 address inside an IPv6 address"),
    Block6([0x64, 0xFF9B], 96, "an IPv4 address inside an IPv6 address (NAT64)"),
    Block6([0x64, 0xFF9B, 1], 48, "an IPv4 address inside an IPv6 address (NAT64)"),
    Block6([0x100], 64, "an address that discards what is sent to it"),
    Block6([0x2001, 0], 32, "an IPv4 address inside an IPv6 address (Teredo)"),
    Block6([0x2001], 23, "an address set apart for protocols"),
    Block6([0x2001, 0xDB8], 32, "an address set apart for documentation"),
    Block6([0x2002], 16, "an IPv4 address inside an IPv6 address (6to4)"),
    Block6([0x2620, 0x4F, 0x8000], 48, "an address set apart for AS112"),
    Block6([0x3FFF], 20, "an address set apart for documentation"),
    Block6([0x5F00], 16, "an address set apart for segment routing"),
    Block6([0xFC00], 7, "a private address"),
    Block6([0xFE80], 10, "a link-local address"),
    Block6([0xFEC0], 10, "a site-local address"),
    Block6([0xFF00], 8, "a multicast address"),
  ]

  /// Names that lead to this machine or to a cloud's metadata wherever they are looked up; names under them too.
  private static let names: [(name: [UInt8], what: String)] = [
    (Array("localhost".utf8), "this machine's own name"),
    (Array("localhost.localdomain".utf8), "this machine's own name"),
    (Array("ip6-localhost".utf8), "this machine's own name"),
    (Array("ip6-loopback".utf8), "this machine's own name"),
    (Array("metadata.google.internal".utf8), "a cloud's metadata service"),
    (Array("metadata.goog".utf8), "a cloud's metadata service"),
  ]

  /// What is special about an address; nil where nothing is.
  static func describe(_ address: UInt32) -> String? {
    ipv4.first { $0.contains(address) }?.what
  }

  /// What is special about an address; nil where nothing is. Beyond 2000::/3 nothing is routed on the Internet.
  static func describe(_ address: IPv6Address) -> String? {
    if let block = ipv6.first(where: { $0.contains(address) }) { return block.what }
    return address.high >> 61 == 1 ? nil : "a reserved address"
  }

  /// What is special about a host name in any case; nil where nothing is.
  static func describe(name: UnsafeBufferPointer<UInt8>) -> String? {
    for special in names {
      let start = name.count - special.name.count
      guard start >= 0, start == 0 || name[start - 1] == UInt8(ascii: ".") else { continue }
      if URLAllowlist.equalIgnoringCase(name[start...], special.name) { return special.what }
    }
    return nil
  }
}
