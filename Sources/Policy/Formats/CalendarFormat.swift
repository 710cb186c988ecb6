/// `date`, `time` and `date-time`: RFC 3339, 5.6.
enum CalendarFormat {
  static func isDate(_ text: FormatText) -> Bool {
    guard text.count == 10, let year = number(text.prefix(4)), let month = number(text.dropFirst(5).prefix(2)),
      let day = number(text.suffix(2)), text[text.startIndex + 4] == UInt8(ascii: "-"),
      text[text.startIndex + 7] == UInt8(ascii: "-"), 1...12 ~= month
    else { return false }
    return 1...days(in: month, of: year) ~= day
  }

  static func isDateTime(_ text: FormatText) -> Bool {
    guard text.count > 11, text[text.startIndex + 10] | 0x20 == UInt8(ascii: "t") else { return false }
    return isDate(text.prefix(10)) && isTime(text.dropFirst(11))
  }

  /// A leap second stands at the end of a day of UTC only.
  static func isTime(_ text: FormatText) -> Bool {
    guard text.count >= 9, let hour = number(text.prefix(2)), let minute = number(text.dropFirst(3).prefix(2)),
      let second = number(text.dropFirst(6).prefix(2)), text[text.startIndex + 2] == UInt8(ascii: ":"),
      text[text.startIndex + 5] == UInt8(ascii: ":"), hour < 24, minute < 60, second < 61
    else { return false }
    var rest = text.dropFirst(8)
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix(while: ASCIIClass.isDigit)
      guard !fraction.isEmpty else { return false }
      rest = rest.dropFirst(fraction.count + 1)
    }
    guard let offset = offset(rest) else { return false }
    let minutes = (hour * 60 + minute - offset + 2 * 1440) % 1440
    return second < 60 || minutes == 1439
  }

  /// Minutes ahead of UTC.
  private static func offset(_ text: FormatText) -> Int? {
    guard let sign = text.first else { return nil }
    if sign | 0x20 == UInt8(ascii: "z") { return text.count == 1 ? 0 : nil }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), text.count == 6,
      text[text.startIndex + 3] == UInt8(ascii: ":"), let hours = number(text.dropFirst().prefix(2)),
      let minutes = number(text.suffix(2)), hours < 24, minutes < 60
    else { return nil }
    return (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
  }

  private static func number(_ digits: FormatText) -> Int? {
    guard digits.allSatisfy(ASCIIClass.isDigit) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 & 0xF) }
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
