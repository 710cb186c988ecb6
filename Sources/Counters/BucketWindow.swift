import Policy

/// A bucket that a limit's maximum refills evenly in each length of time, and that holds at most `burst`.
///
/// What is taken is a debt, kept exactly; what has drained of it is rounded down to the smallest amount there is, to the
/// strict side.
final class BucketWindow: Count {
  private let length: Int64
  private let burst: Amount
  /// What drains in `length`: known once something has been asked for.
  private var rate: Amount = 0
  private var debt: Amount = 0
  /// When the debt was so much.
  private var time = Int64.min
  /// Where all debts that ever were end, in units of amounts, laid one behind the other: it only goes forward, so that a
  /// debt that was laid here and has drained can be told from one that has not. Each nanosecond is so much further on
  /// than anything can drain in one that a bucket made anew begins behind all that one of before has laid.
  private var position = Int128.min

  /// How far places go on in a nanosecond.
  private static let placesPerNanosecond: Int128 = 1_000_000_000_000_000_000

  init(length: Int64, burst: Amount) {
    self.length = max(1, length)
    self.burst = burst
  }

  func isOf(_ reservation: Reservation) -> Bool {
    reservation.algorithm == .bucket(burst: burst) && max(1, reservation.window) == length
  }

  func take(_ amount: Amount, at moment: Moment, max: Amount?) -> Taken {
    drain(until: moment.monotonic)
    if let max { rate = max }
    guard let sum = debt.sum(with: amount), sum <= burst else {
      return .exhausted(used: debt, retryAfter: retryAfter(amount))
    }
    if debt == 0 { position = Swift.max(position, Int128(moment.monotonic) * BucketWindow.placesPerNanosecond) }
    let (end, isBeyond) = position.addingReportingOverflow(amount.units)
    guard !isBeyond else { return .exhausted(used: debt, retryAfter: nil) }
    position = end
    debt = sum
    return .taken(stamp: position)
  }

  /// Gives back what of it has not drained yet, as far as that is certain: all that was given back before counts as
  /// having lain before it.
  func giveBack(_ amount: Amount, _ stamp: Int128, at moment: Moment) {
    drain(until: moment.monotonic)
    let (left, isBeyond) = stamp.subtractingReportingOverflow(position - debt.units)
    guard debt > 0, !isBeyond, left > 0 else { return }
    let given = min(amount, Amount(units: left), debt)
    debt = debt.remainder(without: given)
    // The last one is taken back as if it had never been.
    if stamp == position { position -= given.units }
  }

  func used(at moment: Moment) -> Amount {
    drain(until: moment.monotonic)
    return debt
  }

  func end(at moment: Moment) -> Int64? { nil }

  func freeIn(at moment: Moment) -> Int64? {
    drain(until: moment.monotonic)
    return drainTime(of: debt)
  }

  var algorithm: RateLimit.Algorithm { .bucket(burst: burst) }

  var windowLength: Int64? { length }

  func isIdle(at moment: Moment) -> Bool { used(at: moment) == 0 }

  private func drain(until now: Int64) {
    guard now > time else { return }
    defer { time = now }
    guard debt > 0 else { return }
    let drained = drained(in: now.addingCapped(time == .min ? 0 : -time))
    debt = drained.map { debt.remainder(without: min($0, debt)) } ?? 0
  }

  /// How much drains in so many nanoseconds; nil for more than can be told.
  private func drained(in time: Int64) -> Amount? {
    let (high, low) = rate.units.magnitude.multipliedFullWidth(by: UInt128(time.magnitude))
    let length = UInt128(length)
    guard high < length else { return nil }
    return Int128(exactly: length.dividingFullWidth((high, low)).quotient).map { Amount(units: $0) }
  }

  /// When so much fits; nil where it never does.
  private func retryAfter(_ amount: Amount) -> Int64? {
    guard amount <= burst, let excess = debt.sum(with: amount)?.remainder(without: burst) else { return nil }
    return drainTime(of: excess)
  }

  /// How long so much takes to drain, rounded up; nil for longer than can be told.
  private func drainTime(of amount: Amount) -> Int64? {
    let rate = rate.units.magnitude
    let (high, low) = amount.units.magnitude.multipliedFullWidth(by: UInt128(length))
    guard high < rate else { return nil }
    let (quotient, rest) = rate.dividingFullWidth((high, low))
    return Int64(exactly: quotient + (rest > 0 ? 1 : 0))
  }

  // MARK: In a file

  var idleFrom: Int64 {
    guard debt > 0 else { return time }
    return drainTime(of: debt).map { time.addingCapped($0) } ?? CountReader.times.upperBound
  }

  func encode(to coder: inout CountCoder) {
    coder.append(CountCoder.Kind.bucket.rawValue)
    coder.append(signed: length)
    for amount in [burst, rate, debt] { coder.append(amount) }
    coder.append(signed: time)
    coder.append(signed: position)
  }

  init(from reader: inout CountReader) {
    length = max(1, reader.length())
    burst = reader.amount()
    rate = reader.amount()
    debt = reader.amount()
    time = reader.time()
    position = reader.wide()
    if debt > burst || position.subtractingReportingOverflow(debt.units).overflow { reader.isDamaged = true }
  }
}
