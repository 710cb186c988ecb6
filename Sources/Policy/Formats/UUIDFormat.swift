/// `uuid`: RFC 4122, 3, of any version.
enum UUIDFormat {
  static func matches(_ text: FormatText) -> Bool {
    guard text.count == 36 else { return false }
    return text.enumerated().allSatisfy { position, byte in
      switch position {
      case 8, 13, 18, 23: byte == UInt8(ascii: "-")
      default: ASCIIClass.isHexadecimal(byte)
      }
    }
  }
}
