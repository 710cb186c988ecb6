extension ExactNumber {
  /// Whether the number is a whole multiple of the divisor; nil where the divisor is zero, or has more than nineteen
  /// digits that count.
  ///
  /// Exact: `0.3` is a multiple of `0.1`. Linear in the number's digits.
  public func isMultiple(of divisor: ExactNumber) -> Bool? {
    guard !divisor.isZero, case .few(let modulus, let width) = divisor.digits else { return nil }
    if isZero { return true }
    // Both are whole numbers that do not end in zero, times a power of ten.
    let shift = (magnitude - digitCount) - (divisor.magnitude - width)
    // The divisor's power of ten is the greater: the number would have to end in zero.
    guard shift >= 0 else { return false }
    var rest: UInt64 = 0
    for digit in spelledDigits {
      rest = ExactNumber.product(rest, 10, modulo: modulus)
      let (sum, isBeyond) = rest.addingReportingOverflow(UInt64(digit) % modulus)
      rest = isBeyond || sum >= modulus ? sum &- modulus : sum
    }
    return ExactNumber.product(rest, ExactNumber.powerOfTen(shift, modulo: modulus), modulo: modulus) == 0
  }

  private static func powerOfTen(_ exponent: Int, modulo modulus: UInt64) -> UInt64 {
    var result = 1 % modulus
    var factor = 10 % modulus
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = product(result, factor, modulo: modulus) }
      factor = product(factor, factor, modulo: modulus)
      rest >>= 1
    }
    return result
  }

  /// Both factors are less than the modulus, or one is ten: the quotient fits.
  private static func product(_ left: UInt64, _ right: UInt64, modulo modulus: UInt64) -> UInt64 {
    modulus.dividingFullWidth((left % modulus).multipliedFullWidth(by: right % modulus)).remainder
  }
}
