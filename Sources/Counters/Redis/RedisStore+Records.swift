import Policy

extension RedisStore: InspectableStore {
  /// All counts in which something is taken, whosever they are; `then` is called on the event loop.
  public func records(
    atMost most: Int, then: @escaping @Sendable (Result<CountRecords, StoreFailure>) -> Void
  ) {
    onLoop { session in
      RedisListing(session, atMost: most) { found in
        then(found.mapError { StoreFailure($0.description) })
      }.start()
    }
  }

  /// Forgets the counts with these keys; `then` is called on the event loop.
  public func reset(_ keys: [[UInt8]], then: @escaping @Sendable (Result<Int, StoreFailure>) -> Void) {
    onLoop { session in
      session.forget(keys) { gone in then(gone.mapError { StoreFailure($0.description) }) }
    }
  }
}

/// What a count in Redis says of itself for people.
struct RedisCountNote {
  private static let longestScope = 1024

  let isOfAll: Bool
  let scope: String
  let algorithm: RateLimit.Algorithm
  let window: Int64

  init(_ reservation: Reservation, scope: String) {
    isOfAll = reservation.key.partition.isEmpty
    self.scope = String(decoding: scope.utf8.prefix(RedisCountNote.longestScope), as: UTF8.self)
    algorithm = reservation.algorithm
    window = reservation.window
  }

  /// Numbers, and the scope behind them.
  var text: String {
    var burst: Int128 = 0
    if case .bucket(let most) = algorithm { burst = most.units }
    return "\(isOfAll ? 1 : 0) \(kind.rawValue) \(window) \(burst) \(scope)"
  }

  private var kind: RedisScript.Kind {
    switch algorithm {
    case .sliding: .sliding
    case .fixed: .fixed
    case .month: .month
    case .bucket: .bucket
    case .concurrency: .concurrency
    }
  }

  /// What was written; nil where that is none.
  init?(_ text: [UInt8]) {
    let parts = String(decoding: text, as: UTF8.self).split(
      separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, let kind = UInt8(parts[1]).flatMap(RedisScript.Kind.init), let window = Int64(parts[2]),
      let burst = Int128(parts[3])
    else { return nil }
    isOfAll = parts[0] == "1"
    self.window = window
    scope = String(parts[4])
    algorithm =
      switch kind {
      case .sliding: .sliding
      case .fixed: .fixed
      case .month: .month
      case .bucket: .bucket(burst: Amount(units: burst))
      case .concurrency: .concurrency
      }
  }

  /// A reservation that takes nothing, for what is to be known of a count.
  var reservation: Reservation {
    Reservation(
      key: CounterKey(counter: "", partition: []), max: nil, window: window, algorithm: algorithm, amount: 0)
  }

  /// The window's length in nanoseconds, where it has one.
  var length: Int64? {
    switch algorithm {
    case .sliding, .fixed, .bucket: window
    case .month, .concurrency: nil
    }
  }
}
