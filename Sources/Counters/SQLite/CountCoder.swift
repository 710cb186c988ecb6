import Policy

/// Writes counts as few bytes: a version, the kind of window, and numbers of a length of their own.
struct CountCoder {
  /// The first byte: how the others are to be read.
  static let version: UInt8 = 1

  /// The kind of window.
  enum Kind: UInt8 {
    case sliding = 1
    case fixed, month, bucket, concurrency
  }

  private(set) var bytes: [UInt8] = []

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func append(unsigned value: UInt128) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Small numbers are short, on either side of zero.
  mutating func append(signed value: Int64) {
    append(signed: Int128(value))
  }

  mutating func append(signed value: Int128) {
    append(unsigned: UInt128(bitPattern: value << 1 ^ value >> 127))
  }

  /// Whole amounts are short.
  mutating func append(_ amount: Amount) {
    let units = UInt128(max(0, amount.units))
    let isWhole = units % CountCoder.one == 0
    append(unsigned: (isWhole ? units / CountCoder.one : units) << 1 | (isWhole ? 0 : 1))
  }

  /// The kind of window, and what it is made with beside its length.
  mutating func append(_ algorithm: RateLimit.Algorithm) {
    switch algorithm {
    case .sliding: append(Kind.sliding.rawValue)
    case .fixed: append(Kind.fixed.rawValue)
    case .month: append(Kind.month.rawValue)
    case .bucket(let burst):
      append(Kind.bucket.rawValue)
      append(burst)
    case .concurrency: append(Kind.concurrency.rawValue)
    }
  }

  /// A whole one, in the units of an amount.
  fileprivate static let one: UInt128 = 1_000_000_000_000

  /// A count as a file keeps it.
  static func encode(_ count: any Count) -> [UInt8] {
    var coder = CountCoder()
    coder.append(version)
    count.encode(to: &coder)
    return coder.bytes
  }

  /// The count that a file keeps; nil where the bytes are none.
  static func decode(_ bytes: [UInt8]) -> (any Count)? {
    var reader = CountReader(bytes)
    guard reader.byte() == version, let kind = Kind(rawValue: reader.byte()) else { return nil }
    let count: any Count =
      switch kind {
      case .sliding: SlidingWindow(from: &reader)
      case .fixed, .month: FixedWindow(kind, from: &reader)
      case .bucket: BucketWindow(from: &reader)
      case .concurrency: Slots(from: &reader)
      }
    return reader.isDamaged || !reader.isFinished ? nil : count
  }
}

/// Reads what a ``CountCoder`` has written. Where the bytes are none of its, everything reads as 0 from there on.
struct CountReader {
  private let bytes: [UInt8]
  private var position = 0
  var isDamaged = false

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isFinished: Bool { position == bytes.count }

  mutating func byte() -> UInt8 {
    guard position < bytes.count, !isDamaged else {
      isDamaged = true
      return 0
    }
    position += 1
    return bytes[position - 1]
  }

  mutating func unsigned() -> UInt128 {
    var value: UInt128 = 0
    for shift in stride(from: UInt128(0), to: 128, by: 7) {
      let byte = byte()
      if shift == 126, byte > 3 { break }
      value |= UInt128(byte & 0x7F) << shift
      if byte < 0x80 { return isDamaged ? 0 : value }
    }
    isDamaged = true
    return 0
  }

  mutating func signed() -> Int64 {
    if let value = Int64(exactly: wide()) { return value }
    isDamaged = true
    return 0
  }

  mutating func wide() -> Int128 {
    let raw = unsigned()
    return Int128(bitPattern: raw >> 1) ^ -Int128(bitPattern: raw & 1)
  }

  /// Times that can be calculated with: the years from 1823 to 2116.
  static let times: ClosedRange<Int64> = -(1 << 62) + 1...1 << 62

  mutating func time() -> Int64 { checked(signed(), CountReader.times) }

  /// The length of a window.
  mutating func length() -> Int64 { checked(signed(), 0...1 << 60) }

  private mutating func checked(_ value: Int64, _ range: ClosedRange<Int64>) -> Int64 {
    if range.contains(value) { return value }
    isDamaged = true
    return 0
  }

  mutating func amount() -> Amount {
    let raw = unsigned()
    let (units, isBeyond) = (raw >> 1).multipliedReportingOverflow(by: raw & 1 == 0 ? CountCoder.one : 1)
    guard !isBeyond, let units = Int128(exactly: units) else {
      isDamaged = true
      return 0
    }
    return Amount(units: units)
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    guard count >= 0, bytes.count - position >= count, !isDamaged else {
      isDamaged = true
      return []
    }
    position += count
    return Array(bytes[position - count..<position])
  }
}

extension Int64 {
  /// The sum; the nearest number that there is, where there is none.
  func addingCapped(_ other: Int64) -> Int64 {
    let (sum, isBeyond) = addingReportingOverflow(other)
    return isBeyond ? (other < 0 ? .min : .max) : sum
  }
}
