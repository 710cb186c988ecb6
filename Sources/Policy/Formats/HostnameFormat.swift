/// `hostname`: labels of RFC 1123, 2.1, with punycode that could be registered (RFC 5890) where one begins with `xn--`.
enum HostnameFormat {
  static func matches(_ text: FormatText) -> Bool {
    guard 1...253 ~= text.count else { return false }
    var rest = text
    while true {
      let label = rest.prefix { $0 != UInt8(ascii: ".") }
      guard isLabel(label) else { return false }
      guard label.endIndex < rest.endIndex else { return true }
      rest = rest.dropFirst(label.count + 1)
    }
  }

  private static func isLabel(_ label: FormatText) -> Bool {
    guard 1...63 ~= label.count, label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-"),
      label.allSatisfy({ ASCIIClass.isLetter($0) || ASCIIClass.isDigit($0) || $0 == UInt8(ascii: "-") })
    else { return false }
    if Punycode.isMarked(label) { return Punycode.isValid(label.dropFirst(4)) }
    // Two hyphens there are kept for labels that are encoded (RFC 5891, 4.2.3.1).
    return label.count < 4 || !label.dropFirst(2).prefix(2).allSatisfy { $0 == UInt8(ascii: "-") }
  }
}
