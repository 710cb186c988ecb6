public import Policy

/// A count as people look at it.
public struct CountRecord: Sendable, Equatable {
  /// Where its store finds it: names it to ``InspectableStore/reset(_:then:)``.
  public var key: [UInt8]
  /// The counter's name, as ``Policy/RateLimit/counter`` says.
  public var counter: String
  /// Which policy's it is: the path of its file in the standard file of counts; empty where all policies share.
  public var scope: String
  /// Whether it counts all calls together, and not those of one client, account, …
  public var isOfAll: Bool
  /// How its window moves.
  public var algorithm: RateLimit.Algorithm
  /// The window's length in nanoseconds; nil where there is none.
  public var window: Int64?
  /// How much is taken.
  public var used: Amount
  /// In how many nanoseconds nothing of it is counted any more; nil where no time tells.
  public var freeIn: Int64?

  /// Names whom it counts among those of its counter: `all`, or digits that say nothing of them.
  public var holder: String {
    if isOfAll { return "all" }
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: key.prefix(4).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// A store whose counts people can look at, and begin anew.
public protocol InspectableStore: CounterStore {
  /// What it is, for people.
  var place: String { get }

  /// All counts in which something is taken; at most so many, and whether there are more.
  ///
  /// - Parameter then: called exactly once, on any thread.
  func records(atMost most: Int, then: @escaping @Sendable (Result<CountRecords, StoreFailure>) -> Void)

  /// Forgets the counts with these keys. What is in flight and was counted in them gives nothing back later.
  ///
  /// - Parameter then: called exactly once, on any thread, with how many there were.
  func reset(_ keys: [[UInt8]], then: @escaping @Sendable (Result<Int, StoreFailure>) -> Void)
}

/// What a store has found.
public struct CountRecords: Sendable, Equatable {
  /// The counts, in no order.
  public var records: [CountRecord]
  /// Whether there are more than were asked for.
  public var hasMore: Bool

  /// What a store has found.
  public init(records: [CountRecord], hasMore: Bool) {
    self.records = records
    self.hasMore = hasMore
  }
}
