public import Wire

/// How much of something is counted: an exact decimal, with up to 24 digits before the point and 12 behind it.
///
/// A place in a rate limit is an amount of 1. Nothing passes through a double: a thousand times 0.10 is 100.
public struct Amount: Sendable, Hashable {
  /// How many digits an amount has behind the point.
  public static let places = 12
  /// How many it has at most, before and behind the point.
  static let digits = 36
  private static let one: Int128 = 1_000_000_000_000

  /// The amount in units of 10^-12: what a store keeps, as a whole number.
  public let units: Int128

  /// The amount of so many units of 10^-12.
  public init(units: Int128) {
    self.units = units
  }

  /// The amount of that number; nil where it has more digits than an amount has.
  public init?(_ number: ExactNumber) {
    guard let units = number.scaled(places: Amount.places, digits: Amount.digits) else { return nil }
    self.units = units
  }

  /// So many places.
  public init(_ count: Int) {
    units = Int128(count) * Amount.one
  }

  /// The number that it is.
  public var number: ExactNumber { ExactNumber(units, places: Amount.places) }

  /// The whole part; the nearest that an `Int` has, where it has not.
  public var whole: Int { Int(clamping: units / Amount.one) }

  /// Both together; nil where that is more than can be kept.
  public func sum(with other: Amount) -> Amount? {
    let (sum, isBeyond) = units.addingReportingOverflow(other.units)
    return isBeyond ? nil : Amount(units: sum)
  }

  /// What is left of it when the other is taken away; nothing where that is more.
  public func remainder(without other: Amount) -> Amount {
    let (rest, isBeyond) = units.subtractingReportingOverflow(other.units)
    return isBeyond || rest < 0 ? 0 : Amount(units: rest)
  }
}

extension Amount: Comparable {
  /// Order by value.
  public static func < (left: Amount, right: Amount) -> Bool { left.units < right.units }
}

extension Amount: ExpressibleByIntegerLiteral {
  /// A whole amount written in source.
  public init(integerLiteral value: Int) {
    self.init(value)
  }
}

extension Amount: CustomStringConvertible {
  /// The decimal digits, none of them without need.
  public var description: String { number.description }

  /// The decimal digits, with at least so many behind the point.
  func text(decimals: Int) -> String {
    let text = description
    let point = text.utf8.firstIndex(of: UInt8(ascii: "."))
    let behind = point.map { text.utf8.distance(from: $0, to: text.utf8.endIndex) - 1 } ?? 0
    guard behind < decimals else { return text }
    return text + (point == nil ? "." : "") + String(repeating: "0", count: decimals - behind)
  }
}
