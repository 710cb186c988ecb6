import Policy

/// One count: how much of a limit is taken.
protocol Count: AnyObject {
  /// Whether the reservation counts in the same kind of window; its maximum may be another.
  func isOf(_ reservation: Reservation) -> Bool

  /// Takes so much, if that makes no more than `max`.
  func take(_ amount: Amount, at moment: Moment, max: Amount?) -> Taken

  /// Gives back so much of that stamp, if it still counts.
  func giveBack(_ amount: Amount, _ stamp: Int128, at moment: Moment)

  /// How much is taken now.
  func used(at moment: Moment) -> Amount

  /// In how many nanoseconds all that is taken stops to count at once; nil where it does so piece by piece.
  func end(at moment: Moment) -> Int64?

  /// In how many nanoseconds nothing of what is taken counts any more; nil where no time tells.
  func freeIn(at moment: Moment) -> Int64?

  /// How its window moves.
  var algorithm: RateLimit.Algorithm { get }

  /// The window's length in nanoseconds; nil where there is none.
  var windowLength: Int64? { get }

  /// Whether nothing that was counted matters any more.
  func isIdle(at moment: Moment) -> Bool

  /// From when on the monotonic clock nothing that was counted can matter any more: at the latest.
  var idleFrom: Int64 { get }

  /// Writes it for a file.
  func encode(to coder: inout CountCoder)
}

extension Reservation {
  /// A count of that kind of window in which nothing is taken.
  func freshCount(exactMaximum: Int = SlidingWindow.exactMaximum) -> any Count {
    switch algorithm {
    case .sliding: SlidingWindow(length: window, exactMaximum: exactMaximum)
    case .fixed: FixedWindow(length: window)
    case .month: FixedWindow(.month)
    case .bucket(let burst): BucketWindow(length: window, burst: burst)
    case .concurrency: Slots()
    }
  }
}

/// What became of an amount.
enum Taken: Equatable {
  /// The stamp names it, to give it back.
  case taken(stamp: Int128)
  /// Too little is left; enough is free after so many nanoseconds, where that can be told.
  case exhausted(used: Amount, retryAfter: Int64?)
}

/// What was taken.
struct Mark {
  let count: any Count
  let amount: Amount
  let stamp: Int128
  let refund: Refund

  func giveBack(at moment: Moment) {
    count.giveBack(amount, stamp, at: moment)
  }
}
