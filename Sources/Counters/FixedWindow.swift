import Policy

/// At most a limit's maximum in each window, and the windows aligned to UTC: those of a week's length begin on Mondays,
/// months on their first day.
///
/// The wall clock says which window it is. Where it goes back into an earlier window, the later one goes on, so that no
/// limit is filled twice; until its whole length has passed on the monotonic clock, so that a clock that was wrong for
/// a moment does not close a limit for long.
final class FixedWindow: Count {
  /// Where windows begin and end.
  enum Alignment: Equatable {
    /// At multiples of so many nanoseconds.
    case length(Int64)
    /// With the months of the calendar.
    case month
  }

  private static let day: Int64 = 86_400_000_000_000
  private static let week = 7 * day
  /// 1970-01-05 was the first Monday.
  private static let firstMonday = 4 * day

  private let alignment: Alignment
  /// The first nanosecond of the window, the first after it, and when it was entered.
  private var start = Int64.min
  private var end = Int64.min
  private var entered = Int64.min
  private var used: Amount = 0
  /// The stamp of what was taken in this window: another for each that is entered, even by a count that was forgotten
  /// in between. 0 before the first.
  private var generation: Int64 = 0

  init(_ alignment: Alignment) {
    self.alignment = alignment
  }

  convenience init(length: Int64) {
    self.init(.length(length))
  }

  func isOf(_ reservation: Reservation) -> Bool {
    switch reservation.algorithm {
    case .sliding, .bucket, .concurrency: false
    case .fixed: alignment == .length(reservation.window)
    case .month: alignment == .month
    }
  }

  func take(_ amount: Amount, at moment: Moment, max: Amount?) -> Taken {
    if isOver(at: moment) {
      (start, end) = window(of: moment.wall)
      entered = moment.monotonic
      used = 0
      generation = Swift.max(generation + 1, moment.monotonic)
    }
    guard let sum = used.sum(with: amount), max.map({ sum <= $0 }) ?? true else {
      return .exhausted(used: used, retryAfter: rest(moment))
    }
    used = sum
    return .taken(stamp: Int128(generation))
  }

  func giveBack(_ amount: Amount, _ stamp: Int128, at moment: Moment) {
    if stamp == generation { used = used.remainder(without: amount) }
  }

  func used(at moment: Moment) -> Amount {
    isOver(at: moment) ? 0 : used
  }

  func end(at moment: Moment) -> Int64? {
    isOver(at: moment) ? nil : rest(moment)
  }

  func freeIn(at moment: Moment) -> Int64? { end(at: moment) ?? 0 }

  var algorithm: RateLimit.Algorithm { alignment == .month ? .month : .fixed }

  var windowLength: Int64? { if case .length(let length) = alignment { length } else { nil } }

  func isIdle(at moment: Moment) -> Bool {
    isOver(at: moment)
  }

  private func isOver(at moment: Moment) -> Bool {
    guard generation > 0 else { return true }
    let current = window(of: moment.wall).start
    return current > start || current < start && moment.monotonic - entered >= end - start
  }

  // MARK: In a file

  /// Twice the length: a calendar that was set back can make a window longer.
  var idleFrom: Int64 { entered.addingCapped((end - start).addingCapped(end - start)) }

  func encode(to coder: inout CountCoder) {
    switch alignment {
    case .length(let length):
      coder.append(CountCoder.Kind.fixed.rawValue)
      coder.append(signed: length)
    case .month: coder.append(CountCoder.Kind.month.rawValue)
    }
    for value in [start, end, entered, generation] { coder.append(signed: value) }
    coder.append(used)
  }

  convenience init(_ kind: CountCoder.Kind, from reader: inout CountReader) {
    self.init(kind == .month ? .month : .length(reader.length()))
    start = reader.time()
    end = reader.time()
    entered = reader.time()
    generation = reader.time()
    used = reader.amount()
    if end < start { reader.isDamaged = true }
  }

  /// How long the window goes on.
  private func rest(_ moment: Moment) -> Int64 {
    let length = end - start
    let byWall = end - moment.wall
    return byWall <= length ? byWall : max(1, length - (moment.monotonic - entered))
  }

  private func window(of wall: Int64) -> (start: Int64, end: Int64) {
    switch alignment {
    case .month: return CalendarMonth.bounds(of: wall)
    case .length(let length):
      let length = max(1, length)
      let offset = (wall - (length == FixedWindow.week ? FixedWindow.firstMonday : 0)) % length
      let start = wall - (offset < 0 ? offset + length : offset)
      return (start, start + length)
    }
  }
}
