/// All that one call asks of a store: what is to be taken, and what must then hold of the counts.
public struct Claim: Sendable {
  /// What is to be taken, all of it or nothing. One that takes 0 and has no maximum only looks at its count.
  public var reservations: [Reservation]
  /// What must hold of the counts once all has been taken; else nothing is.
  public var demands: [Demand]
  /// Whether the answer is to say what the counts come to; it does so anyway where there are demands.
  public var wantsCounts: Bool
  /// Whether something may be waited for before the call is forwarded. Then a store that outlives the process holds what
  /// is taken until it hears of that (``CounterStore/forwarded(_:at:)``), and gives it back if the process ends before;
  /// else it is spent at once.
  public var isHeld = false

  /// A claim.
  public init(
    _ reservations: [Reservation], demands: [Demand] = [], wantsCounts: Bool = false, isHeld: Bool = false
  ) {
    self.reservations = reservations
    self.demands = demands
    self.wantsCounts = wantsCounts
    self.isHeld = isHeld
  }

  /// The first demand that the counts do not meet.
  public func unmet(for counts: [Amount]) -> Int? {
    demands.firstIndex { !$0.holds(for: counts) }
  }

  /// How long until a demand may be met, if nobody takes anything in between: as windows end, what was in them is
  /// counted no more. Nil where it is not met even then.
  ///
  /// - Parameters:
  ///   - demand: the position of the demand.
  ///   - counts: what the counts come to with all of this claim, one for each reservation.
  ///   - ends: in how many nanoseconds their windows end; nil for one that does not.
  public func retryAfter(demand: Int, counts: [Amount], ends: [Int64?]) -> Int64? {
    guard demands.indices.contains(demand), counts.count == reservations.count, ends.count == counts.count else {
      return nil
    }
    return Set(ends.compactMap { $0 }).sorted().first { time in
      let later = reservations.indices.map { position in
        if let end = ends[position], end <= time { own(at: position) } else { counts[position] }
      }
      return demands[demand].holds(for: later)
    }
  }

  /// What this claim itself takes in the count of the reservation at that position.
  func own(at position: Int) -> Amount {
    let key = reservations[position].key
    return reservations.reduce(0) { $1.key == key ? $0.sum(with: $1.amount) ?? $0 : $0 }
  }
}
