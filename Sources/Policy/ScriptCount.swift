public import Wire

/// What a script asks of a counter: how much is used, or to reserve.
///
/// A script's counter is one for each name, window and choice of whom it is kept for. No rule's counter has its name.
public struct ScriptCount: Sendable, Equatable {
  /// What is asked.
  public enum Purpose: Sendable, Equatable {
    /// How much is used now.
    case read
    /// `amount` of at most `max` in a window.
    case reserve(amount: Int, max: Int)
  }

  /// Whom a counter is kept for; empty: all calls together.
  public struct Partitions: OptionSet, Sendable, Hashable {
    /// One bit for each of ``RateLimit/Partition/words``.
    public let rawValue: UInt8

    /// The partitions of these bits.
    public init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// The partition of that word; nil where it is none.
    public init?(_ word: String) {
      guard let bit = RateLimit.Partition.words.firstIndex(where: { Name($0.word) == Name(word) }) else { return nil }
      rawValue = 1 << UInt8(bit)
    }

    fileprivate static let all = Partitions(rawValue: 1 << UInt8(RateLimit.Partition.words.count) - 1)

    fileprivate var list: [RateLimit.Partition] {
      RateLimit.Partition.words.enumerated().filter { rawValue & 1 << UInt8($0.offset) != 0 }.map(\.element.partition)
    }
  }

  /// The most that a script can ask in one call.
  public static let mostAsked = 64
  /// The longest name, in bytes.
  public static let longestName = CounterPartition.longest
  /// How many of something can be counted.
  public static let amounts = 1...Int(RateLimit.largestMaximum)
  /// How long a window may be, in nanoseconds.
  public static let windows = Quantity.nanosecondsPerSecond...RateLimit.longestWindow * Quantity.nanosecondsPerSecond

  /// The counter's name, as the script gives it.
  public let name: String
  /// The window's length in nanoseconds.
  public let window: Int64
  /// Whom it is kept for.
  public let per: Partitions
  /// What is asked.
  public let purpose: Purpose

  /// A request; nil where a part of it is out of its range.
  public init?(name: String, window: Int64, per: Partitions, purpose: Purpose) {
    guard (1...ScriptCount.longestName).contains(name.utf8.count), ScriptCount.windows.contains(window),
      Partitions.all.isSuperset(of: per)
    else { return nil }
    if case .reserve(let amount, let max) = purpose {
      guard ScriptCount.amounts.contains(max), (1...max).contains(amount) else { return nil }
    }
    self.name = name
    self.window = window
    self.per = per
    self.purpose = purpose
  }

  /// The request as a store understands it. To read, only its key and its window count.
  public func reservation(for call: Call) -> Reservation? {
    var counter = Array("scripts[".utf8)
    JSON.string(name).encode(into: &counter)
    counter.append(contentsOf: "].\(window).\(per.rawValue)".utf8)
    guard let partition = try? CounterPartition.encode(per.list, for: call) else { return nil }
    let key = CounterKey(counter: String(decoding: counter, as: UTF8.self), partition: partition)
    let endsWithSession = per.list.endWithSession
    switch purpose {
    case .read:
      return Reservation(key: key, max: 1, window: window, algorithm: .sliding, endsWithSession: endsWithSession)
    case .reserve(let amount, let max):
      return Reservation(
        key: key, max: Amount(max), window: window, algorithm: .sliding, amount: Amount(amount),
        endsWithSession: endsWithSession)
    }
  }
}
