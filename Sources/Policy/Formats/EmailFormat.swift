/// `email`: a mailbox of RFC 5321, 4.1.2: ASCII, no display name.
enum EmailFormat {
  static func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let at = text.lastIndex(of: UInt8(ascii: "@")) else { return false }
    let local = text[..<at]
    // RFC 5321, 4.5.3.1.1.
    guard local.count <= 64 else { return false }
    return (isDotted(local) || isQuoted(local)) && isDomain(UnsafeBufferPointer(rebasing: text[(at + 1)...]))
  }

  private static func isDotted(_ local: FormatText) -> Bool {
    var wasDot = true
    for byte in local {
      let isDot = byte == UInt8(ascii: ".")
      guard isDot ? !wasDot : isOfAtoms(byte) else { return false }
      wasDot = isDot
    }
    return !wasDot
  }

  private static func isOfAtoms(_ byte: UInt8) -> Bool {
    switch byte {
    case _ where ASCIIClass.isLetter(byte) || ASCIIClass.isDigit(byte): true
    case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
      UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"),
      UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
      UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static func isQuoted(_ local: FormatText) -> Bool {
    guard local.count >= 2, local.first == UInt8(ascii: "\""), local.last == UInt8(ascii: "\"") else { return false }
    var isEscaped = false
    for byte in local.dropFirst().dropLast() {
      guard 0x20...0x7E ~= byte else { return false }
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        return false
      }
    }
    return !isEscaped
  }

  private static func isDomain(_ domain: UnsafeBufferPointer<UInt8>) -> Bool {
    guard domain.first == UInt8(ascii: "[") else { return HostnameFormat.matches(domain[...]) }
    guard domain.last == UInt8(ascii: "]") else { return false }
    let literal = domain.dropFirst().dropLast()
    let tag = literal.prefix(5)
    guard tag.elementsEqual("IPv6:".utf8) else { return IPv4Address.parse(literal) != nil }
    return IPv6Address(UnsafeBufferPointer(rebasing: literal.dropFirst(5))) != nil
  }
}
