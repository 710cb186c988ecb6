/// A rate limit: how many calls pass in how long, counted for whom.
public struct RateLimit: Sendable {
  /// How a window moves.
  public enum Algorithm: Sendable, Hashable {
    /// Never more than `max` in any interval of the window's length.
    case sliding
    /// Windows aligned to UTC.
    case fixed
    /// Months of the calendar, in UTC: the window's length is that of the longest.
    case month
    /// A bucket that `max` refills evenly in the window's length, and that holds at most so much.
    case bucket(burst: Amount)
    /// Calls in flight: what is taken is given back when its call ends, however it ends. There is no window.
    case concurrency

    /// What a bucket holds; nil for other kinds.
    var most: Amount? {
      if case .bucket(let burst) = self { burst } else { nil }
    }
  }

  /// How many calls.
  public var max: Int
  /// The window's length in nanoseconds.
  public var window: Int64
  /// How the window moves.
  public var algorithm: Algorithm
  /// What the calls are counted by; empty: all together.
  public var per: [Partition]
  /// When a place is given back.
  public var refund = Refund.notCarriedOut
  /// Names the counter: unique among the counters of a policy, the same after a reload of the same rule.
  public var counter: String
  /// Where it stands.
  public var place: Place

  /// What calls are counted by.
  public enum Partition: Sendable {
    case session, client, principal, tool, server
    /// A value of the call.
    case value(Path)

    /// The words for all but the last.
    package static let words: [(word: String, partition: Partition)] = [
      ("session", .session), ("client", .client), ("principal", .principal), ("tool", .tool), ("server", .server),
    ]
  }

  /// The longest window, in seconds: a leap year.
  package static let longestWindow: Int64 = 366 * 86_400
  /// The most that a limit may count.
  package static let largestMaximum: Int64 = 1_000_000_000

  /// A rate limit.
  public init(
    max: Int, window: Int64, algorithm: Algorithm = .sliding, per: [Partition], counter: String, place: Place
  ) {
    self.max = max
    self.window = window
    self.algorithm = algorithm
    self.per = per
    self.counter = counter
    self.place = place
  }
}
