import Policy

/// One count: how many places of a limit are taken.
protocol Count: AnyObject {
  /// Whether the reservation counts in the same kind of window; its maximum may be another.
  func isOf(_ reservation: Reservation) -> Bool

  /// Takes so many places, if that makes no more than `max`.
  func take(_ amount: Int, at moment: Moment, max: Int) -> Taken

  /// Gives back so many places of that stamp, if they still count.
  func giveBack(_ amount: Int, _ stamp: Int64)

  /// How many are taken now.
  func used(at moment: Moment) -> Int

  /// Whether nothing that was counted matters any more.
  func isIdle(at moment: Moment) -> Bool
}

/// What became of places.
enum Taken: Equatable {
  /// The stamp names them, to give them back.
  case taken(stamp: Int64)
  /// Too few are left; enough are free after so many nanoseconds.
  case exhausted(used: Int, retryAfter: Int64)
}

/// Places that were taken.
struct Mark {
  let count: any Count
  let amount: Int
  let stamp: Int64

  func giveBack() {
    count.giveBack(amount, stamp)
  }
}
