public import Policy

/// A store whose failures refuse nothing: `on_failure: allow`. What could not be counted passes, and is told of.
public final class ForgivingStore: CounterStore {
  private let store: any CounterStore
  private let told: @Sendable ([String], String) -> Void

  /// A store, and who is to hear in which counters it could not count, and why: on any thread, once for each claim and
  /// reading.
  public init(_ store: any CounterStore, told: @escaping @Sendable ([String], String) -> Void) {
    self.store = store
    self.told = told
  }

  private func forgive(_ answer: ReservationAnswer, _ claim: Claim) -> ReservationAnswer {
    guard case .unavailable(let reason) = answer else { return answer }
    told(claim.reservations.map(\.key.counter), reason)
    let wantsCounts = claim.wantsCounts || !claim.demands.isEmpty
    return .granted(ReservationID(number: 0), counts: wantsCounts ? claim.reservations.map(\.amount) : [])
  }

  private func forgive(_ reading: CounterReading, _ reservation: Reservation) -> CounterReading {
    guard case .unavailable(let reason) = reading else { return reading }
    told([reservation.key.counter], reason)
    return .used(0)
  }

  /// The store's answer; where it has none, all is granted and nothing taken.
  public func reserve(_ claim: Claim, at moment: Moment, then: @escaping @Sendable (ReservationAnswer) -> Void) {
    store.reserve(claim, at: moment) { [self] in then(forgive($0, claim)) }
  }

  /// The store's answer, if it has one at once.
  public func reserveAtOnce(_ claim: Claim, at moment: Moment) -> ReservationAnswer? {
    store.reserveAtOnce(claim, at: moment).map { forgive($0, claim) }
  }

  /// The store's reading; where it has none, nothing is used.
  public func read(_ reservation: Reservation, at moment: Moment, then: @escaping @Sendable (CounterReading) -> Void) {
    store.read(reservation, at: moment) { [self] in then(forgive($0, reservation)) }
  }

  /// The store's reading, if it has one at once.
  public func readAtOnce(_ reservation: Reservation, at moment: Moment) -> CounterReading? {
    store.readAtOnce(reservation, at: moment).map { forgive($0, reservation) }
  }

  /// What was held is spent from now on.
  public func forwarded(_ id: ReservationID, at moment: Moment) { store.forwarded(id, at: moment) }

  /// The call has ended so.
  public func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment) {
    store.end(id, as: outcome, at: moment)
  }
}
