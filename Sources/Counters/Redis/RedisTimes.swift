import Policy

/// How long things take and last around a store in Redis, in nanoseconds.
struct RedisTimes: Sendable {
  /// How long an answer is waited for.
  var answer: Int64 = 1_000_000_000
  /// How long a connection is.
  var connection: Int64 = 2_000_000_000
  /// How long it waits before it tries to connect again: twice as long each time.
  var pauses = (first: Int64(100_000_000), last: Int64(2_000_000_000))
  /// How long others wait for a store that is not heard of, before they give back what it holds. It is heard of three
  /// times in that time.
  var lease: Int64 = 15_000_000_000
  /// For how much longer than it matters a count is kept at least half: Redis drops keys by the clock of its machine,
  /// which may be set.
  var slack: Int64 = 4 * 3_600_000_000_000
  /// How long what is held is kept without its owner being heard of, and a slot without anybody taking another.
  var longest: Int64 = 7 * 86_400_000_000_000
  /// How many claims wait for their answer, or for a connection, at most.
  var mostWaiting = 8192
}

/// The clocks that a store in Redis looks at.
struct RedisClock: Sendable {
  /// Nanoseconds on a clock that is never set.
  let steady: @Sendable () -> Int64
  /// Microseconds since 1970 that the server's clock is to be taken to say; nil for what it does say.
  let server: (@Sendable () -> Int64)?

  /// The machine's own, and the server's.
  static let system = RedisClock(steady: { MachineClock.system.now().monotonic }, server: nil)
}

/// What a store knows of the clock that all share: what it would say now, by how much time has passed here since it was
/// last seen.
struct SharedTime {
  /// How far the shared clock may be behind what is known of it, in microseconds, and is believed nevertheless.
  private static let tolerance = 2_000_000.0

  private let clock: RedisClock
  private var seen: (elapsed: Double, steady: Int64)?

  init(_ clock: RedisClock) {
    self.clock = clock
  }

  /// What it says now, in microseconds; less than nothing where that is not known.
  var estimate: Double {
    guard let seen else { return -1 }
    return seen.elapsed + Double((clock.steady() - seen.steady) / 1000)
  }

  /// What the server's clock is to be taken to say; less than nothing for what it does say.
  var given: Double { clock.server.map { Double($0()) } ?? -1 }

  /// It has just said this. Where it is far behind, it was held up, and hears of that with what is sent next.
  mutating func saw(_ elapsed: Int64) {
    let elapsed = Double(elapsed)
    if elapsed >= estimate - SharedTime.tolerance { seen = (elapsed, clock.steady()) }
  }
}
