/// `e164`: a telephone number as ITU-T E.164 has it written: `+`, and up to 15 digits, of which the first is none of 0.
enum TelephoneFormat {
  static func matches(_ text: FormatText) -> Bool {
    guard text.first == UInt8(ascii: "+") else { return false }
    let digits = text.dropFirst()
    guard let first = digits.first, first != UInt8(ascii: "0") else { return false }
    return digits.count <= 15 && digits.allSatisfy(ASCIIClass.isDigit)
  }
}
