import Policy

/// Never more than a limit's maximum in any interval of the window's length, by the monotonic clock.
///
/// Keeps the time of every place taken, exactly, for maxima up to ``exactMaximum``. Above it, times are rounded up to one
/// of ``exactMaximum`` steps of the window: a place then comes free up to a step late, never early, and the memory stays
/// bounded.
final class SlidingWindow: Count {
  /// The largest maximum whose times are kept exactly.
  static let exactMaximum = 8192

  private let window: Int64
  private var places: TimedPlaces

  init(length: Int64) {
    window = length
    places = TimedPlaces(length: max(1, length))
  }

  func isOf(_ reservation: Reservation) -> Bool {
    reservation.algorithm == .sliding && reservation.window == window
  }

  func take(_ amount: Int, at moment: Moment, max: Int) -> Taken {
    places.take(amount, at: moment.monotonic, max: max)
  }

  func giveBack(_ amount: Int, _ stamp: Int64) { places.giveBack(amount, stamp) }

  func used(at moment: Moment) -> Int { places.used(at: moment.monotonic) }

  func isIdle(at moment: Moment) -> Bool { places.isIdle(at: moment.monotonic) }
}

/// The places that were taken, by their times.
private struct TimedPlaces {
  private struct Run {
    var time: Int64
    var count: Int
  }

  private let length: Int64
  /// In the order of their times; those before `head` have left the window.
  private var runs: [Run] = []
  private var head = 0
  private var used = 0

  init(length: Int64) {
    self.length = length
  }

  mutating func take(_ amount: Int, at now: Int64, max: Int) -> Taken {
    expire(now)
    guard amount <= max - used else {
      return .exhausted(used: used, retryAfter: retryAfter(now, amount: amount, max: max))
    }
    let stamp = max > SlidingWindow.exactMaximum ? roundedUp(now) : now
    // A maximum that was lowered by a reload can leave a rounded time ahead of an exact one.
    let time = Swift.max(stamp, runs.count > head ? runs[runs.count - 1].time : stamp)
    if runs.count > head, runs[runs.count - 1].time == time {
      runs[runs.count - 1].count += amount
    } else {
      runs.append(Run(time: time, count: amount))
    }
    used += amount
    return .taken(stamp: time)
  }

  mutating func giveBack(_ amount: Int, _ stamp: Int64) {
    var low = head
    var high = runs.count
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].time < stamp { low = middle + 1 } else { high = middle }
    }
    guard low < runs.count, runs[low].time == stamp else { return }
    let given = Swift.min(amount, runs[low].count)
    runs[low].count -= given
    used -= given
    if runs[low].count == 0 { runs.remove(at: low) }
  }

  mutating func used(at now: Int64) -> Int {
    expire(now)
    return used
  }

  func isIdle(at now: Int64) -> Bool {
    runs.count == head || now - runs[runs.count - 1].time >= length
  }

  private mutating func expire(_ now: Int64) {
    while head < runs.count, now - runs[head].time >= length {
      used -= runs[head].count
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

  /// When enough places have left the window for so many more.
  private func retryAfter(_ now: Int64, amount: Int, max: Int) -> Int64 {
    var tooMany = used - max + amount
    for run in runs[head...] {
      tooMany -= run.count
      if tooMany <= 0 { return run.time + length - now }
    }
    return length
  }

  private func roundedUp(_ now: Int64) -> Int64 {
    let step = Swift.max(1, length / Int64(SlidingWindow.exactMaximum))
    let remainder = now % step
    return remainder == 0 ? now : now - remainder + (remainder > 0 ? step : 0)
  }
}
