/// Numbers with units, as policies and scripts write them.
package enum Quantity {
  /// Nanoseconds in a second.
  package static let nanosecondsPerSecond: Int64 = 1_000_000_000

  /// The words for windows, with their lengths in seconds.
  package static let windows: [(word: String, seconds: Int64)] = [
    ("second", 1), ("minute", 60), ("hour", 3_600), ("day", 86_400), ("week", 604_800),
  ]

  private static let times: [(unit: String, nanoseconds: Int64)] = [
    ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
  ]

  private static let sizes: [(unit: String, bytes: Int64)] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20)]

  /// Nanoseconds of `minute` or `90s`; nil where it is neither, or too long to count.
  package static func window(_ text: String) -> Int64? {
    if let named = windows.first(where: { $0.word == text }) { return named.seconds * nanosecondsPerSecond }
    return number(text, in: times.filter { $0.unit != "ms" }.map { ($0.unit, $0.nanoseconds) })
  }

  /// Nanoseconds of `50ms` or `2s`.
  package static func time(_ text: String) -> Int64? {
    number(text, in: times.map { ($0.unit, $0.nanoseconds) })
  }

  /// Nanoseconds of `30m` or `1h30m`: each part shorter than the one before.
  package static func duration(_ text: String) -> Int64? {
    var rest = text.utf8[...]
    var total: Int64 = 0
    var least = Int64.max
    repeat {
      let digits = rest.prefix(while: isDigit)
      let unit = rest.dropFirst(digits.count).prefix { !isDigit($0) }
      guard let part = time(String(Substring(digits)) + String(Substring(unit))),
        let factor = times.first(where: { $0.unit.utf8.elementsEqual(unit) })?.nanoseconds, factor < least
      else { return nil }
      let (sum, isBeyond) = total.addingReportingOverflow(part)
      guard !isBeyond else { return nil }
      (total, least) = (sum, factor)
      rest = rest.dropFirst(digits.count + unit.count)
    } while !rest.isEmpty
    return total
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// Bytes of `64KiB`.
  package static func size(_ text: String) -> Int64? {
    number(text, in: sizes.map { ($0.unit, $0.bytes) })
  }

  private static func number(_ text: String, in units: [(String, Int64)]) -> Int64? {
    let digits = text.utf8.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    let unit = text.utf8.dropFirst(digits.count)
    guard let count = String(digits).flatMap({ Int64($0) }) else { return nil }
    guard let factor = units.first(where: { $0.0.utf8.elementsEqual(unit) })?.1 else { return nil }
    let product = count.multipliedReportingOverflow(by: factor)
    return product.overflow ? nil : product.partialValue
  }
}
