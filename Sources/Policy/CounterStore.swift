internal import Wire

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
  }

  /// How many calls.
  public var max: Int
  /// The window's length in nanoseconds.
  public var window: Int64
  /// How the window moves.
  public var algorithm: Algorithm
  /// What the calls are counted by; empty: all together.
  public var per: [Partition]
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

/// Which count: a counter of the policy, and whom it is kept for.
public struct CounterKey: Hashable, Sendable {
  /// ``RateLimit/counter``.
  public var counter: String
  /// The values of `per`, encoded so that different ones never collide; empty: all together.
  public var partition: [UInt8]

  /// A key.
  public init(counter: String, partition: [UInt8]) {
    self.counter = counter
    self.partition = partition
  }

  /// Equality byte by byte.
  public static func == (left: CounterKey, right: CounterKey) -> Bool {
    left.partition == right.partition && Name(left.counter) == Name(right.counter)
  }

  /// Hashes the bytes in two pieces: what an array's own way does one byte at a time.
  public func hash(into hasher: inout Hasher) {
    var counter = counter
    counter.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(partition.count)
    partition.withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}

/// What is to be taken in a count before a call is forwarded.
public struct Reservation: Sendable {
  /// Which count.
  public var key: CounterKey
  /// How much may be taken in a window; nil for as much as comes.
  public var max: Amount?
  /// The window's length in nanoseconds.
  public var window: Int64
  /// How the window moves.
  public var algorithm: RateLimit.Algorithm
  /// How much, never less than nothing: all of it or none.
  public var amount: Amount
  /// Whether it is counted by session: nobody can ask for it once the session has ended.
  public var endsWithSession = false

  /// A reservation.
  public init(
    key: CounterKey, max: Amount?, window: Int64, algorithm: RateLimit.Algorithm, amount: Amount = 1,
    endsWithSession: Bool = false
  ) {
    self.key = key
    self.max = max
    self.window = window
    self.algorithm = algorithm
    self.amount = amount
    self.endsWithSession = endsWithSession
  }
}

extension Reservation {
  /// How much can be taken at once at most; nil for as much as comes.
  public var most: Amount? {
    if case .bucket(let burst) = algorithm { burst } else { max }
  }
}

extension [RateLimit.Partition] {
  /// Whether a count by these ends with the session.
  var endWithSession: Bool {
    contains { if case .session = $0 { true } else { false } }
  }
}

/// Names what was reserved together, until it is settled or released.
public struct ReservationID: Hashable, Sendable {
  /// A number that its store gave out.
  public var number: UInt64

  /// An id of the given number.
  public init(number: UInt64) {
    self.number = number
  }
}

/// All that is held for one call: by its rules' limits, and by their scripts.
public enum HeldReservations: Sendable, Equatable {
  /// What was reserved at once.
  case one(ReservationID)
  /// What was reserved one after the other.
  case several([ReservationID])

  /// These reservations; nil where there are none.
  public init?(_ ids: [ReservationID]) {
    guard let first = ids.first else { return nil }
    self = ids.count == 1 ? .one(first) : .several(ids)
  }
}

/// What became of a claim.
public enum ReservationAnswer: Sendable {
  /// All was taken; to be settled or released. Where the claim has demands or wants them, what the counts come to with
  /// it, one for each reservation.
  case granted(ReservationID, counts: [Amount] = [])
  /// Nothing was taken: the count at `index` of those asked for has too little left. `retryAfter` is nil where no time
  /// tells when there is enough.
  case exhausted(index: Int, used: Amount, retryAfter: Int64?)
  /// Nothing was taken: it would have made the counts come to this, which does not meet the demand at that position.
  /// `retryAfter` is as ``Claim/retryAfter(demand:counts:ends:)`` says.
  case unmet(demand: Int, counts: [Amount], retryAfter: Int64?)
  /// Nothing was taken: the store could not be reached. The reason is for people.
  case unavailable(String)
}

/// What a count says when it is read.
public enum CounterReading: Sendable, Equatable {
  /// So much is taken now.
  case used(Amount)
  /// The store could not be reached. The reason is for people.
  case unavailable(String)
}

/// Keeps counts. All the reservations of a call are taken together or not at all, and its demands are judged in the
/// same step: of two calls in flight, no two pass what only one of them fits into.
public protocol CounterStore: Sendable {
  /// Takes what the claim asks for, or nothing at all.
  ///
  /// - Parameter then: called exactly once, on this thread or another. `retryAfter` is in nanoseconds.
  func reserve(_ claim: Claim, at moment: Moment, then: @escaping @Sendable (ReservationAnswer) -> Void)

  /// The answer of ``reserve(_:at:then:)``, where the store has it without waiting for anything; nil where it has to be
  /// asked that way, and nothing has been taken.
  func reserveAtOnce(_ claim: Claim, at moment: Moment) -> ReservationAnswer?

  /// Says how much is taken in the count that the reservation names, by its key and its kind of window, and
  /// takes none. A count that nobody has reserved in, or in another kind of window, is at 0.
  ///
  /// - Parameter then: called exactly once, on this thread or another.
  func read(_ reservation: Reservation, at moment: Moment, then: @escaping @Sendable (CounterReading) -> Void)

  /// The answer of ``read(_:at:then:)``, where the store has it without waiting for anything; else nil.
  func readAtOnce(_ reservation: Reservation, at moment: Moment) -> CounterReading?

  /// The call is about to be forwarded: from now on what was reserved is spent unless it is released, even if this
  /// process ends. Only to be told of what was claimed as held (``Claim/isHeld``); other ids are ignored.
  func forwarded(_ id: ReservationID, at moment: Moment)

  /// Keeps what was reserved, but for places among calls in flight: the call was carried out, or may have been. Unknown
  /// ids are ignored.
  func settle(_ id: ReservationID, at moment: Moment)

  /// Gives back what was reserved: the call was not carried out. Unknown ids are ignored.
  func release(_ id: ReservationID, at moment: Moment)
}

extension CounterStore {
  /// Keeps all that is held for a call.
  public func settle(_ held: HeldReservations, at moment: Moment) {
    switch held {
    case .one(let id): settle(id, at: moment)
    case .several(let ids): for id in ids { settle(id, at: moment) }
    }
  }

  /// Gives back all that is held for a call.
  public func release(_ held: HeldReservations, at moment: Moment) {
    switch held {
    case .one(let id): release(id, at: moment)
    case .several(let ids): for id in ids { release(id, at: moment) }
    }
  }

  /// All that is held for a call is about to be spent.
  public func forwarded(_ held: HeldReservations, at moment: Moment) {
    switch held {
    case .one(let id): forwarded(id, at: moment)
    case .several(let ids): for id in ids { forwarded(id, at: moment) }
    }
  }

  /// Nothing: a store that ends with the process forgets anyway.
  public func forwarded(_ id: ReservationID, at moment: Moment) {}

  /// Nil: the store has to be waited for.
  public func reserveAtOnce(_ claim: Claim, at moment: Moment) -> ReservationAnswer? { nil }

  /// Nil: the store has to be waited for.
  public func readAtOnce(_ reservation: Reservation, at moment: Moment) -> CounterReading? { nil }
}
