/// Names what was reserved together, until its call has ended.
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
  /// All was taken, until its call ends (``CounterStore/end(_:as:at:)``). Where the claim has demands or wants them, what the counts come to with
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

  /// The call has ended so: gives back what is given back then (``Reservation/refund``), and keeps the rest. Unknown ids
  /// are ignored.
  func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment)
}

extension CounterStore {
  /// The call for which all that is held has ended so.
  public func end(_ held: HeldReservations, as outcome: CallOutcome, at moment: Moment) {
    switch held {
    case .one(let id): end(id, as: outcome, at: moment)
    case .several(let ids): for id in ids { end(id, as: outcome, at: moment) }
    }
  }

  /// The call was carried out, or may have been.
  public func settle(_ id: ReservationID, at moment: Moment) { end(id, as: .carriedOut, at: moment) }

  /// The call was not carried out.
  public func release(_ id: ReservationID, at moment: Moment) { end(id, as: .notCarriedOut, at: moment) }

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
