/// JSON's grammar of numbers, and which of them a reader that uses doubles can hold.
struct NumberLiteral {
  /// One past the last byte.
  let end: Int
  /// Whether there is neither a fraction nor an exponent.
  let isInteger: Bool

  /// Which numbers are taken.
  enum Range {
    /// Those that every reader holds as a finite number.
    case doubles
    case any
  }

  /// Reads the number that begins at `start`, which is before `end`: as much of the text as is one.
  @inline(__always)
  init(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int, range: Range) throws(JSONError) {
    var position = start
    var isInteger = true
    var hasExponent = false
    if base[position] == UInt8(ascii: "-") { position &+= 1 }
    let first = position
    try NumberLiteral.digits(base, &position, end)
    if base[first] == UInt8(ascii: "0"), position > first + 1 { throw JSONError(.invalidNumber, at: first) }
    if position < end, base[position] == UInt8(ascii: ".") {
      position &+= 1
      isInteger = false
      try NumberLiteral.digits(base, &position, end)
    }
    if position < end, base[position] | 0x20 == UInt8(ascii: "e") {
      position &+= 1
      isInteger = false
      hasExponent = true
      if position < end, base[position] == UInt8(ascii: "+") || base[position] == UInt8(ascii: "-") { position &+= 1 }
      try NumberLiteral.digits(base, &position, end)
    }
    // Without an exponent it takes three hundred digits to leave the range.
    if range == .doubles, hasExponent || position - start > 300 {
      let number = ExactNumber(accepted: UnsafeBufferPointer(start: base + start, count: position - start))
      guard number.isWithinDoubles else { throw JSONError(.numberOutOfRange, at: start) }
    }
    self.end = position
    self.isInteger = isInteger
  }

  @inline(__always)
  private static func digits(_ base: UnsafePointer<UInt8>, _ position: inout Int, _ end: Int) throws(JSONError) {
    let first = position
    while position < end, base[position] &- UInt8(ascii: "0") <= 9 { position &+= 1 }
    if position == first { throw JSONError(position < end ? .invalidNumber : .unexpectedEnd, at: position) }
  }
}
