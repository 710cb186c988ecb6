import Policy

/// One count: how many places of a limit are taken.
protocol Count: AnyObject {
  /// Whether the reservation counts in the same kind of window; its maximum may be another.
  func isOf(_ reservation: Reservation) -> Bool

  /// Takes a place, if fewer than `max` are taken.
  func take(at moment: Moment, max: Int) -> Taken

  /// Gives back the place of that stamp, if it still counts.
  func giveBack(_ stamp: Int64)

  /// Whether nothing that was counted matters any more.
  func isIdle(at moment: Moment) -> Bool
}

/// What became of a place.
enum Taken: Equatable {
  /// The stamp names the place, to give it back.
  case taken(stamp: Int64)
  /// All are taken; the next is free after so many nanoseconds.
  case exhausted(used: Int, retryAfter: Int64)
}

/// A place that was taken.
struct Mark {
  let count: any Count
  let stamp: Int64

  func giveBack() {
    count.giveBack(stamp)
  }
}
