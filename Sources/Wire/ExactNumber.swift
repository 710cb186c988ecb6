/// A decimal number with all its digits: nothing passes through a double.
///
/// `1`, `1.0` and `1e0` are one number; so are `0` and `-0`.
public struct ExactNumber: Sendable {
  /// Whether the number is below zero.
  public let isNegative: Bool
  /// The value is `0.d₁d₂d₃… × 10^magnitude`, with neither leading nor trailing zeros among the digits.
  let digits: Digits
  let magnitude: Int

  enum Digits: Sendable {
    /// Up to nineteen digits, read as an integer, with their count.
    case few(UInt64, count: Int)
    /// More: one digit (0 to 9) a byte.
    case many([UInt8])
  }

  private static let mostPacked = 19
  private static let greatestPacked: UInt64 = 9_999_999_999_999_999_999
  /// Far beyond what any literal of a message can mean, and far from overflowing.
  private static let exponentLimit = 1 << 40

  /// The number of a JSON number literal; nil where the text is none.
  ///
  /// An exponent may be beyond what a double can hold, though a ``JSONTape`` takes none such; beyond ±2^40 the text is
  /// refused.
  public init?(literal: some Collection<UInt8>) {
    let read = { (text: UnsafeBufferPointer<UInt8>) -> ExactNumber? in
      guard let end = ExactNumber.grammaticalEnd(text), end == text.count else { return nil }
      let number = ExactNumber(accepted: text)
      return number.magnitude.magnitude < ExactNumber.exponentLimit ? number : nil
    }
    let number = literal.withContiguousStorageIfAvailable(read) ?? Array(literal).withUnsafeBufferPointer(read)
    guard let number else { return nil }
    self = number
  }

  private static func grammaticalEnd(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = text.baseAddress, text.count > 0 else { return nil }
    do throws(JSONError) {
      return try NumberLiteral(base, from: 0, to: text.count, range: .any).end
    } catch {
      return nil
    }
  }

  /// The number of a literal such as `"12.50"`; nil where the text is no JSON number.
  public init?(_ text: String) {
    self.init(literal: text.utf8)
  }

  /// A whole number.
  public init(_ value: some BinaryInteger) {
    if let packed = UInt64(exactly: value.magnitude), packed <= ExactNumber.greatestPacked {
      self.init(isNegative: value < 0, packed: packed)
    } else {
      // Decimal digits have JSON's grammar.
      var text = String(value)
      self = text.withUTF8 { ExactNumber(accepted: $0) }
    }
  }

  private init(isNegative: Bool, packed: UInt64) {
    var packed = packed
    var zeros = 0
    while packed != 0, packed % 10 == 0 {
      packed /= 10
      zeros += 1
    }
    var count = 0
    var rest = packed
    while rest > 0 {
      rest /= 10
      count += 1
    }
    self.init(
      isNegative: isNegative && packed != 0, digits: .few(packed, count: count),
      magnitude: packed == 0 ? 0 : count + zeros)
  }

  private init(isNegative: Bool, digits: Digits, magnitude: Int) {
    self.isNegative = isNegative
    self.digits = digits
    self.magnitude = magnitude
  }

  /// The number of a text that has JSON's grammar of numbers. Linear in its length.
  init(accepted text: UnsafeBufferPointer<UInt8>) {
    let isNegative = text.first == UInt8(ascii: "-")
    var position = isNegative ? 1 : 0
    // Where the digits that count begin and end, and where the point stands among all of them.
    var first: Int?
    var last = position
    var point: Int?
    while position < text.count {
      let byte = text[position]
      if byte | 0x20 == UInt8(ascii: "e") { break }
      if byte == UInt8(ascii: ".") {
        point = position
      } else if byte != UInt8(ascii: "0") {
        if first == nil { first = position }
        last = position
      }
      position &+= 1
    }
    let end = point ?? position
    guard let first else {
      self.init(isNegative: false, packed: 0)
      return
    }
    let magnitude = (first < end ? end &- first : end &- first &+ 1) &+ ExactNumber.exponent(text, after: position)
    let holdsPoint = point.map { $0 > first && $0 < last } ?? false
    let count = last &- first &+ (holdsPoint ? 0 : 1)
    if count <= ExactNumber.mostPacked {
      var packed: UInt64 = 0
      for index in first...last where text[index] != UInt8(ascii: ".") {
        packed = packed &* 10 &+ UInt64(text[index] &- UInt8(ascii: "0"))
      }
      self.init(isNegative: isNegative, digits: .few(packed, count: count), magnitude: magnitude)
    } else {
      var digits: [UInt8] = []
      digits.reserveCapacity(count)
      for index in first...last where text[index] != UInt8(ascii: ".") {
        digits.append(text[index] &- UInt8(ascii: "0"))
      }
      self.init(isNegative: isNegative, digits: .many(digits), magnitude: magnitude)
    }
  }

  /// The exponent whose `e` stands at `position`, held at ``exponentLimit``; zero at the end of the text.
  private static func exponent(_ text: UnsafeBufferPointer<UInt8>, after position: Int) -> Int {
    var exponent = 0
    var isDown = false
    for byte in text.dropFirst(position + 1) {
      switch byte {
      case UInt8(ascii: "-"): isDown = true
      case UInt8(ascii: "+"): break
      default: exponent = min(exponent * 10 + Int(byte &- UInt8(ascii: "0")), exponentLimit * 2)
      }
    }
    return isDown ? -exponent : exponent
  }

  private static func spelled(_ packed: UInt64, count: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    var rest = packed
    for index in stride(from: count - 1, through: 0, by: -1) {
      result[index] = UInt8(rest % 10)
      rest /= 10
    }
    return result
  }

  var spelledDigits: [UInt8] {
    switch digits {
    case .few(let packed, let count): ExactNumber.spelled(packed, count: count)
    case .many(let digits): digits
    }
  }

  var digitCount: Int {
    switch digits {
    case .few(_, let count): count
    case .many(let digits): digits.count
    }
  }

  /// Whether the number is zero.
  public var isZero: Bool { digitCount == 0 }

  /// Whether the number has no fraction.
  public var isWhole: Bool { digitCount <= magnitude || isZero }

  /// The number as a 64-bit integer, if it is whole and fits.
  public var int64: Int64? {
    guard isWhole, magnitude <= 19, case .few(var packed, let count) = digits else { return nil }
    for _ in count..<max(magnitude, count) {
      let (product, overflow) = packed.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      packed = product
    }
    return isNegative ? Int64(exactly: -Int128(packed)) : Int64(exactly: packed)
  }

  /// The nearest double. For display and timing, never for deciding.
  public var approximate: Double { Double(description) ?? (isNegative ? -.infinity : .infinity) }

  /// Whether every parser that uses doubles reads the number as a finite one, and as zero only if it is zero.
  ///
  /// Stricter than need be by less than one part in 10^16 at either end: from 4.9406564584124654e-324 to
  /// 1.7976931348623157e308 and what rounds to that.
  var isWithinDoubles: Bool {
    if isZero { return true }
    // 0.17976931348623157 × 10^309 and 0.49406564584124654 × 10^-323.
    if magnitude < 309, magnitude > -323 { return true }
    guard magnitude == 309 || magnitude == -323 else { return false }
    let leading = spelledDigits.prefix(17)
    var packed = leading.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
    for _ in leading.count..<17 { packed *= 10 }
    return magnitude == 309 ? packed <= 17_976_931_348_623_157 : packed >= 49_406_564_584_124_654
  }
}

extension ExactNumber: Hashable, Comparable {
  /// Equality by value.
  public static func == (left: ExactNumber, right: ExactNumber) -> Bool {
    guard left.isNegative == right.isNegative, left.magnitude == right.magnitude else { return false }
    switch (left.digits, right.digits) {
    case (.few(let left, _), .few(let right, _)): return left == right
    case (.many(let left), .many(let right)): return left == right
    default: return false
    }
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(isNegative)
    hasher.combine(magnitude)
    switch digits {
    case .few(let packed, _): hasher.combine(packed)
    case .many(let digits): hasher.combine(digits)
    }
  }

  /// Order by value.
  public static func < (left: ExactNumber, right: ExactNumber) -> Bool {
    if left.isNegative != right.isNegative { return left.isNegative }
    return left.isNegative ? right.isCloserToZero(than: left) : left.isCloserToZero(than: right)
  }

  private func isCloserToZero(than other: ExactNumber) -> Bool {
    if isZero || other.isZero { return isZero && !other.isZero }
    if magnitude != other.magnitude { return magnitude < other.magnitude }
    if case .few(let left, let leftCount) = digits, case .few(let right, let rightCount) = other.digits {
      let count = max(leftCount, rightCount)
      return ExactNumber.widened(left, from: leftCount, to: count)
        < ExactNumber.widened(right, from: rightCount, to: count)
    }
    return spelledDigits.lexicographicallyPrecedes(other.spelledDigits)
  }

  /// With zeros behind, to at most nineteen digits: still below 2^64.
  private static func widened(_ packed: UInt64, from count: Int, to width: Int) -> UInt64 {
    (count..<width).reduce(packed) { packed, _ in packed &* 10 }
  }
}

extension ExactNumber: CustomStringConvertible, ExpressibleByIntegerLiteral {
  /// A whole number written in source.
  public init(integerLiteral value: Int64) {
    self.init(value)
  }

  /// The number as a JSON literal: digits in full where that is short, else with an exponent.
  public var description: String {
    if isZero { return "0" }
    let digits = spelledDigits.map { $0 + UInt8(ascii: "0") }
    var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
    if magnitude > digits.count + 40 || magnitude < -20 {
      text.append(digits[0])
      if digits.count > 1 {
        text.append(UInt8(ascii: "."))
        text.append(contentsOf: digits[1...])
      }
      text.append(contentsOf: "e\(magnitude - 1)".utf8)
    } else if magnitude <= 0 {
      text.append(contentsOf: "0.".utf8)
      text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: -magnitude))
      text.append(contentsOf: digits)
    } else {
      text.append(contentsOf: digits.prefix(magnitude))
      text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, magnitude - digits.count)))
      if digits.count > magnitude {
        text.append(UInt8(ascii: "."))
        text.append(contentsOf: digits[magnitude...])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
