internal import Wire

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
  /// When it is given back.
  public var refund: Refund

  /// A reservation.
  public init(
    key: CounterKey, max: Amount?, window: Int64, algorithm: RateLimit.Algorithm, amount: Amount = 1,
    endsWithSession: Bool = false, refund: Refund = .notCarriedOut
  ) {
    self.key = key
    self.max = max
    self.window = window
    self.algorithm = algorithm
    self.amount = amount
    self.endsWithSession = endsWithSession
    self.refund = algorithm == .concurrency ? .always : refund
  }
}

extension Reservation {
  /// How much can be taken at once at most; nil for as much as comes.
  public var most: Amount? {
    algorithm.most ?? max
  }
}

extension [RateLimit.Partition] {
  /// Whether a count by these ends with the session.
  var endWithSession: Bool {
    contains { if case .session = $0 { true } else { false } }
  }
}
