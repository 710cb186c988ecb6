import Policy

/// At most a limit's maximum in each window, and the windows aligned to UTC: those of a week's length begin on Mondays.
///
/// The wall clock says which window it is. Where it goes back into an earlier window, the later one goes on, so that no
/// limit is filled twice; until its whole length has passed on the monotonic clock, so that a clock that was wrong for
/// a moment does not close a limit for long.
final class FixedWindow: Count {
  private static let day: Int64 = 86_400_000_000_000
  private static let week = 7 * day
  /// 1970-01-05 was the first Monday.
  private static let firstMonday = 4 * day

  private let length: Int64
  private let window: Int64
  private let origin: Int64
  /// The first nanosecond of the window, and when it was entered.
  private var start = Int64.min
  private var entered = Int64.min
  private var used = 0
  /// How many windows have been entered: the stamp of the places in this one.
  private var generation: Int64 = 0

  init(length: Int64) {
    window = length
    self.length = max(1, length)
    origin = length == FixedWindow.week ? FixedWindow.firstMonday : 0
  }

  func isOf(_ reservation: Reservation) -> Bool {
    reservation.algorithm == .fixed && reservation.window == window
  }

  func take(_ amount: Int, at moment: Moment, max: Int) -> Taken {
    if isOver(at: moment) {
      start = windowStart(moment.wall)
      entered = moment.monotonic
      used = 0
      generation += 1
    }
    guard amount <= max - used else { return .exhausted(used: used, retryAfter: retryAfter(moment)) }
    used += amount
    return .taken(stamp: generation)
  }

  func giveBack(_ amount: Int, _ stamp: Int64) {
    if stamp == generation { used = Swift.max(0, used - amount) }
  }

  func used(at moment: Moment) -> Int {
    isOver(at: moment) ? 0 : used
  }

  func isIdle(at moment: Moment) -> Bool {
    isOver(at: moment)
  }

  private func isOver(at moment: Moment) -> Bool {
    guard generation > 0 else { return true }
    let current = windowStart(moment.wall)
    return current > start || current < start && moment.monotonic - entered >= length
  }

  private func retryAfter(_ moment: Moment) -> Int64 {
    let byWall = start + length - moment.wall
    return byWall <= length ? byWall : max(1, length - (moment.monotonic - entered))
  }

  private func windowStart(_ wall: Int64) -> Int64 {
    let offset = (wall - origin) % length
    return wall - (offset < 0 ? offset + length : offset)
  }
}
