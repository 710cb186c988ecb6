public import Policy

/// A store that cannot be had: it answers everything with the reason.
public struct UnavailableStore: OpenableStore {
  private let reason: String

  /// - Parameter reason: for people.
  public init(_ reason: String) {
    self.reason = reason
  }

  /// The reason.
  public func reserve(_ claim: Claim, at moment: Moment, then: @escaping @Sendable (ReservationAnswer) -> Void) {
    then(.unavailable(reason))
  }

  /// The reason.
  public func reserveAtOnce(_ claim: Claim, at moment: Moment) -> ReservationAnswer? { .unavailable(reason) }

  /// The reason.
  public func read(_ reservation: Reservation, at moment: Moment, then: @escaping @Sendable (CounterReading) -> Void) {
    then(.unavailable(reason))
  }

  /// The reason.
  public func readAtOnce(_ reservation: Reservation, at moment: Moment) -> CounterReading? { .unavailable(reason) }

  /// Nothing: nothing was reserved.
  public func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment) {}

  /// Says the reason at once.
  public func open(then: @escaping @Sendable (String?) -> Void) { then(reason) }
}
