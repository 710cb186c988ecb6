import Policy
import Wire

/// The keys that counts and what is known of them have.
struct RedisKeys: Sendable {
  let prefix: String
  /// The name of one store, that no other has.
  let owner: String
  let clock: String
  let owners: String
  /// What this owner holds.
  let held: String
  /// What was given back of it while it was away.
  let returned: String
  let scope: String

  init(prefix: String, owner: String, scope: String) {
    self.prefix = prefix
    self.owner = owner
    self.scope = scope
    clock = prefix + "clock"
    owners = prefix + "owners"
    held = prefix + "held:" + owner
    returned = prefix + "returned:" + owner
  }

  /// What the keys of counts begin with.
  var counts: String { prefix + "count:" }

  /// The rest of a count's key: says nothing of whom it is kept for, and is of one length for all. A count in another
  /// kind of window is another one.
  func name(of reservation: Reservation) -> [UInt8] {
    var digest = SHA256()
    let key = reservation.key
    for part in [Array(scope.utf8), window(of: reservation), Array(key.counter.utf8), key.partition] {
      digest.update(withUnsafeBytes(of: UInt32(truncatingIfNeeded: part.count).littleEndian) { Array($0) })
      digest.update(part)
    }
    return RedisKeys.name(of: digest.bytes())
  }

  /// A digest in hexadecimal digits.
  static func name(of digest: [UInt8]) -> [UInt8] {
    var name: [UInt8] = []
    name.reserveCapacity(RedisScript.keyLength)
    for byte in digest {
      name.append(hexadecimal(byte >> 4))
      name.append(hexadecimal(byte & 15))
    }
    return name
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x57 + digit }

  /// The digest that these digits are of; nil where they are none.
  static func digest(of name: some Collection<UInt8>) -> [UInt8]? {
    guard name.count == RedisScript.keyLength else { return nil }
    var digest: [UInt8] = []
    var high: UInt8?
    for character in name {
      let digit: UInt8
      switch character {
      case 0x30...0x39: digit = character - 0x30
      case 0x61...0x66: digit = character - 0x57
      default: return nil
      }
      if let first = high { digest.append(first << 4 | digit) }
      high = high == nil ? digit : nil
    }
    return digest
  }

  private func window(of reservation: Reservation) -> [UInt8] {
    let (kind, units): (RedisScript.Kind, Int128) =
      switch reservation.algorithm {
      case .sliding: (.sliding, 0)
      case .fixed: (.fixed, 0)
      case .month: (.month, 0)
      case .bucket(let burst): (.bucket, burst.units)
      case .concurrency: (.concurrency, 0)
      }
    let hasLength = kind != .month && kind != .concurrency
    return [kind.rawValue] + withUnsafeBytes(of: (hasLength ? reservation.window : 0).littleEndian) { Array($0) }
      + withUnsafeBytes(of: units.littleEndian) { Array($0) }
  }
}

/// Three numbers of twelve digits each, the least first: how scripts calculate with amounts.
struct Limbs: Equatable {
  static let base: Int128 = 1_000_000_000_000

  let numbers: [Double]

  /// - Parameter units: not less than 0.
  init(_ units: Int128) {
    let upper = units / Limbs.base
    numbers = [Double(units % Limbs.base), Double(upper % Limbs.base), Double(upper / Limbs.base)]
  }

  /// The number that three of them are; nil where it is more than an amount can be, or none.
  static func units(_ numbers: some RandomAccessCollection<Double>) -> Int128? {
    var units: Int128 = 0
    for number in numbers.reversed() {
      guard let limb = Int128(exactly: number), limb >= 0 else { return nil }
      let (product, isBeyond) = units.multipliedReportingOverflow(by: base)
      let (sum, isAlsoBeyond) = product.addingReportingOverflow(limb)
      guard !isBeyond, !isAlsoBeyond else { return nil }
      units = sum
    }
    return units
  }
}

/// A reservation as scripts read it.
struct RedisReservation {
  private static let week: Int64 = 7 * 86_400_000_000
  /// 1970-01-05 was the first Monday.
  private static let firstMonday: Int64 = 4 * 86_400_000_000

  let kind: RedisScript.Kind
  /// The window's length in microseconds, rounded up.
  let length: Int64
  private let reservation: Reservation

  init(_ reservation: Reservation) {
    self.reservation = reservation
    length = max(1, reservation.window / 1000 + (reservation.window % 1000 > 0 ? 1 : 0))
    kind =
      switch reservation.algorithm {
      case .sliding: .sliding
      case .fixed: .fixed
      case .month: .month
      case .bucket: .bucket
      case .concurrency: .concurrency
      }
  }

  /// The amount, the maximum, the window's length, three numbers whose meaning depends on the kind, and whether it is
  /// taken at all.
  var numbers: [Double] {
    let isTaken = reservation.amount > 0 || reservation.max != nil
    var most = Limbs(max(0, reservation.max?.units ?? .max)).numbers
    var own: [Double] = [0, 0, 0]
    var amount = max(0, reservation.amount.units)
    switch reservation.algorithm {
    case .sliding:
      let exact = SlidingWindow.exactMaximumInFile
      let isExact = reservation.max.map { $0 <= Amount(exact) } ?? true
      own = [Double(max(1, length / Int64(exact))), isExact ? Double(exact) : 0, 0]
    case .fixed: own[0] = length == RedisReservation.week ? Double(RedisReservation.firstMonday) : 0
    case .month, .concurrency: break
    case .bucket(let burst):
      amount = scaled(amount)
      own = Limbs(scaled(max(0, burst.units))).numbers
      if reservation.max == nil { most = [-1, 0, 0] }
    }
    return Limbs(amount).numbers + most + [Double(length)] + own + [isTaken ? 1 : 0]
  }

  /// How a bucket has it: multiplied by its length. More than can be told is more than any bucket holds.
  func scaled(_ units: Int128) -> Int128 {
    let (product, isBeyond) = units.multipliedReportingOverflow(by: Int128(length))
    return isBeyond ? .max : product
  }

  /// The amount that a count of such a reservation is.
  func amount(_ numbers: some RandomAccessCollection<Double>) -> Amount? {
    guard let units = Limbs.units(numbers) else { return nil }
    guard kind == .bucket else { return Amount(units: units) }
    let (quotient, rest) = units.quotientAndRemainder(dividingBy: Int128(length))
    return Amount(units: quotient + (rest > 0 ? 1 : 0))
  }

  /// In how many nanoseconds to try again, by what a script says of it; nil where no time tells.
  func retryAfter(_ numbers: some RandomAccessCollection<Double>) -> Int64? {
    guard let first = numbers.first, first >= 0 else { return nil }
    guard kind == .bucket else { return Int64(exactly: first).map { $0.multipliedCapped(by: 1000) } }
    guard let excess = Limbs.units(numbers), let rate = reservation.max?.units, rate > 0 else { return nil }
    let (high, low) = excess.magnitude.multipliedFullWidth(by: 1000)
    guard high < rate.magnitude else { return nil }
    let (quotient, rest) = rate.magnitude.dividingFullWidth((high, low))
    return Int64(exactly: quotient + (rest > 0 ? 1 : 0))
  }
}

extension Int64 {
  /// The product; the nearest number that there is, where there is none.
  func multipliedCapped(by other: Int64) -> Int64 {
    let (product, isBeyond) = multipliedReportingOverflow(by: other)
    return isBeyond ? ((self < 0) == (other < 0) ? .max : .min) : product
  }
}
