import Policy

/// Never more than a limit's maximum in any interval of the window's length, by the monotonic clock.
///
/// Keeps the time of every amount taken, exactly, for maxima up to `exactMaximum` and as long as there are no more times
/// than that. Beyond, times are rounded up to one of `exactMaximum` steps of the window: what was taken then comes free
/// up to a step late, never early, and the memory stays bounded.
final class SlidingWindow: Count {
  /// The largest maximum whose times are kept exactly, and how many times are: in memory.
  static let exactMaximum = 8192
  /// The same in a file, where all of them are written with each call.
  static let exactMaximumInFile = 128

  private let window: Int64
  private var places: TimedPlaces

  /// How many times are kept.
  var timesHeld: Int { places.timesHeld }

  init(length: Int64, exactMaximum: Int = SlidingWindow.exactMaximum) {
    window = length
    places = TimedPlaces(length: max(1, length), exactMaximum: exactMaximum)
  }

  func isOf(_ reservation: Reservation) -> Bool {
    reservation.algorithm == .sliding && reservation.window == window
  }

  func take(_ amount: Amount, at moment: Moment, max: Amount?) -> Taken {
    places.take(amount, at: moment.monotonic, max: max)
  }

  func giveBack(_ amount: Amount, _ stamp: Int128, at moment: Moment) {
    places.giveBack(amount, Int64(clamping: stamp))
  }

  func used(at moment: Moment) -> Amount { places.used(at: moment.monotonic) }

  func end(at moment: Moment) -> Int64? { nil }

  func freeIn(at moment: Moment) -> Int64? {
    used(at: moment) == 0 ? 0 : max(0, places.idleFrom.addingCapped(-moment.monotonic))
  }

  var algorithm: RateLimit.Algorithm { .sliding }

  var windowLength: Int64? { window }

  func isIdle(at moment: Moment) -> Bool { places.isIdle(at: moment.monotonic) }

  // MARK: In a file

  var idleFrom: Int64 { places.idleFrom }

  func encode(to coder: inout CountCoder) {
    coder.append(CountCoder.Kind.sliding.rawValue)
    coder.append(signed: window)
    places.encode(to: &coder)
  }

  init(from reader: inout CountReader) {
    window = reader.length()
    places = TimedPlaces(length: max(1, window), exactMaximum: SlidingWindow.exactMaximumInFile)
    places.decode(from: &reader)
  }
}

/// The amounts that were taken, by their times.
private struct TimedPlaces {
  private struct Run {
    var time: Int64
    var amount: Amount
  }

  private let length: Int64
  private let exactMaximum: Int
  /// In the order of their times; those before `head` have left the window.
  private var runs: [Run] = []
  private var head = 0
  private var used: Amount = 0

  init(length: Int64, exactMaximum: Int) {
    self.length = length
    self.exactMaximum = exactMaximum
  }

  /// When the last of them leaves the window.
  var idleFrom: Int64 { runs.last.map { $0.time.addingCapped(length) } ?? .min }

  func encode(to coder: inout CountCoder) {
    coder.append(unsigned: UInt128(runs.count - head))
    var before: Int64 = 0
    for run in runs[head...] {
      coder.append(signed: run.time - before)
      coder.append(run.amount)
      before = run.time
    }
  }

  mutating func decode(from reader: inout CountReader) {
    let count = reader.unsigned()
    guard count <= UInt128(exactMaximum * 4) else { return reader.isDamaged = true }
    runs.reserveCapacity(Int(count))
    var time: Int64 = 0
    for _ in 0..<Int(count) {
      let (next, isBeyond) = time.addingReportingOverflow(reader.signed())
      let amount = reader.amount()
      guard !isBeyond, CountReader.times.contains(next), runs.isEmpty || next > time, let sum = used.sum(with: amount)
      else {
        return reader.isDamaged = true
      }
      time = next
      used = sum
      runs.append(Run(time: time, amount: amount))
    }
  }

  var timesHeld: Int { runs.count - head }

  mutating func take(_ amount: Amount, at now: Int64, max: Amount?) -> Taken {
    expire(now)
    guard let sum = used.sum(with: amount), max.map({ sum <= $0 }) ?? true else {
      return .exhausted(used: used, retryAfter: retryAfter(now, amount: amount, max: max))
    }
    guard amount > 0 else { return .taken(stamp: Int128(now)) }
    let isExact = runs.count - head < exactMaximum && max.map { $0 <= Amount(exactMaximum) } ?? true
    let stamp = isExact ? now : roundedUp(now)
    // A rounded time can be ahead of an exact one.
    let time = Swift.max(stamp, runs.count > head ? runs[runs.count - 1].time : stamp)
    if runs.count > head, runs[runs.count - 1].time == time {
      runs[runs.count - 1].amount = runs[runs.count - 1].amount.sum(with: amount) ?? sum
    } else {
      runs.append(Run(time: time, amount: amount))
    }
    used = sum
    return .taken(stamp: Int128(time))
  }

  mutating func giveBack(_ amount: Amount, _ stamp: Int64) {
    var low = head
    var high = runs.count
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].time < stamp { low = middle + 1 } else { high = middle }
    }
    guard low < runs.count, runs[low].time == stamp else { return }
    let given = Swift.min(amount, runs[low].amount)
    runs[low].amount = runs[low].amount.remainder(without: given)
    used = used.remainder(without: given)
    if runs[low].amount == 0 { runs.remove(at: low) }
  }

  mutating func used(at now: Int64) -> Amount {
    expire(now)
    return used
  }

  func isIdle(at now: Int64) -> Bool {
    runs.count == head || now - runs[runs.count - 1].time >= length
  }

  private mutating func expire(_ now: Int64) {
    while head < runs.count, now - runs[head].time >= length {
      used = used.remainder(without: runs[head].amount)
      head += 1
    }
    if head == runs.count {
      runs.removeAll(keepingCapacity: head <= 64)
      head = 0
    } else if head > 32, head > runs.count / 2 {
      runs.removeFirst(head)
      head = 0
    }
  }

  /// When enough has left the window for so much more.
  private func retryAfter(_ now: Int64, amount: Amount, max: Amount?) -> Int64 {
    guard let max, amount <= max else { return length }
    var left = used
    let room = max.remainder(without: amount)
    for run in runs[head...] {
      left = left.remainder(without: run.amount)
      if left <= room { return run.time + length - now }
    }
    return length
  }

  private func roundedUp(_ now: Int64) -> Int64 {
    let step = Swift.max(1, length / Int64(exactMaximum))
    let remainder = now % step
    return remainder == 0 ? now : now - remainder + (remainder > 0 ? step : 0)
  }
}
