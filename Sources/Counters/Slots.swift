import Policy

/// Calls in flight: a slot is taken until its call has ended, however long that takes and however it ends.
final class Slots: Count {
  private var used: Amount = 0
  /// The stamp of slots: another for a count that was made anew, so that what was taken in one that is gone frees none.
  private var generation = Int64.min

  func isOf(_ reservation: Reservation) -> Bool { reservation.algorithm == .concurrency }

  func take(_ amount: Amount, at moment: Moment, max: Amount?) -> Taken {
    guard let sum = used.sum(with: amount), max.map({ sum <= $0 }) ?? true else {
      return .exhausted(used: used, retryAfter: nil)
    }
    if generation == .min { generation = moment.monotonic }
    used = sum
    return .taken(stamp: Int128(generation))
  }

  func giveBack(_ amount: Amount, _ stamp: Int128, at moment: Moment) {
    if stamp == Int128(generation) { used = used.remainder(without: amount) }
  }

  func used(at moment: Moment) -> Amount { used }

  func end(at moment: Moment) -> Int64? { nil }

  func freeIn(at moment: Moment) -> Int64? { used == 0 ? 0 : nil }

  var algorithm: RateLimit.Algorithm { .concurrency }

  var windowLength: Int64? { nil }

  func isIdle(at moment: Moment) -> Bool { used == 0 }

  // MARK: In a file

  /// No time frees a slot: while one is taken, it never runs out.
  var idleFrom: Int64 { used == 0 ? .min : CountReader.times.upperBound }

  func encode(to coder: inout CountCoder) {
    coder.append(CountCoder.Kind.concurrency.rawValue)
    coder.append(signed: generation)
    coder.append(used)
  }

  init() {}

  init(from reader: inout CountReader) {
    generation = reader.signed()
    used = reader.amount()
  }
}
