/// A point in time, as the rim read it: deciding never looks at a clock itself.
public struct Moment: Sendable, Hashable {
  /// Nanoseconds since 1970-01-01T00:00:00Z; may jump when the machine's clock is set. Aligned windows and
  /// `call.time` use it.
  public var wall: Int64
  /// Nanoseconds on a clock that only goes forward, with an origin of its own. Sliding windows and deadlines use it.
  public var monotonic: Int64

  /// A point in time of the given readings.
  public init(wall: Int64, monotonic: Int64) {
    self.wall = wall
    self.monotonic = monotonic
  }

  /// A point on a simulated clock, on which both readings are `seconds` since 1970.
  public init(simulated seconds: Double) {
    let nanoseconds = Int64(seconds * 1e9)
    self.init(wall: nanoseconds, monotonic: nanoseconds)
  }

  /// Seconds since 1970.
  public var seconds: Double { Double(wall) / 1e9 }
}
