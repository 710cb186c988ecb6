extension ExactNumber {
  /// The number times ten to the power of `places`, where that is a whole number of at most `digits` digits; else nil.
  ///
  /// - Parameter digits: at most 38, which an `Int128` always holds.
  public func scaled(places: Int, digits most: Int) -> Int128? {
    if isZero { return 0 }
    let width = magnitude + places
    guard digitCount <= width, width <= min(most, 38) else { return nil }
    var result: Int128
    switch digits {
    case .few(let packed, _): result = Int128(packed)
    case .many(let digits): result = digits.reduce(0) { $0 * 10 + Int128($1) }
    }
    for _ in digitCount..<width { result *= 10 }
    return isNegative ? -result : result
  }

  /// The whole number divided by ten to the power of `places`.
  public init(_ units: Int128, places: Int) {
    // Digits and an exponent have JSON's grammar.
    self = ExactNumber("\(units)e-\(max(0, places))") ?? ExactNumber(units)
  }
}
