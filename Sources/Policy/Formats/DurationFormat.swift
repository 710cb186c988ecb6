/// `duration`: RFC 3339, appendix A.
enum DurationFormat {
  static func matches(_ text: FormatText) -> Bool {
    guard text.first == UInt8(ascii: "P") else { return false }
    var rest = text.dropFirst()
    let weeks = rest.prefix(while: ASCIIClass.isDigit)
    if !weeks.isEmpty, rest.dropFirst(weeks.count).elementsEqual(CollectionOfOne(UInt8(ascii: "W"))) { return true }
    let days = takeUnits("YMD", from: &rest)
    guard let days else { return false }
    guard rest.first == UInt8(ascii: "T") else { return rest.isEmpty && days > 0 }
    rest = rest.dropFirst()
    guard let hours = takeUnits("HMS", from: &rest) else { return false }
    return rest.isEmpty && hours > 0
  }

  /// Takes numbers with these units, each at most once, in this order and without a gap between them: how many. Nil
  /// where the units are otherwise.
  private static func takeUnits(_ units: StaticString, from text: inout FormatText) -> Int? {
    var taken = 0
    var last: Int?
    while true {
      let digits = text.prefix(while: ASCIIClass.isDigit)
      guard !digits.isEmpty else { return taken }
      guard digits.endIndex < text.endIndex,
        let unit = (0..<units.utf8CodeUnitCount).first(where: { units.utf8Start[$0] == text[digits.endIndex] }),
        last.map({ unit == $0 + 1 }) ?? true
      else { return nil }
      last = unit
      taken += 1
      text = text.dropFirst(digits.count + 1)
    }
  }
}
