public import Policy
import Synchronization

/// Counts that end with a session in memory, all others in a store that lasts. A claim on both is taken in both or in
/// neither.
public final class RoutingStore: CounterStore {
  private let memory: MemoryStore
  private let lasting: any CounterStore
  private let pairs = Mutex(PendingReservations<(memory: ReservationID, lasting: ReservationID)>())

  /// Both stores as one.
  public init(memory: MemoryStore, lasting: any CounterStore) {
    self.memory = memory
    self.lasting = lasting
  }

  /// Whose an id is: stands in the bits above those that a store uses.
  private enum Home: UInt64 {
    case memory, lasting, both

    static let bits: UInt64 = 62
  }

  private func tagged(_ home: Home, _ id: ReservationID) -> ReservationID {
    ReservationID(number: home.rawValue << Home.bits | id.number)
  }

  private func origin(_ id: ReservationID) -> (home: Home?, id: ReservationID) {
    (Home(rawValue: id.number >> Home.bits), ReservationID(number: id.number & (1 << Home.bits - 1)))
  }

  // MARK: Claims

  /// A claim on both, in two parts.
  private struct Parts {
    let whole: Claim
    var memory: Claim
    var lasting: Claim
    /// Where the reservations of each part stand in the whole.
    let places: (memory: [Int], lasting: [Int])

    init(_ claim: Claim) {
      whole = claim
      let indices = claim.reservations.indices
      places = (
        indices.filter { claim.reservations[$0].endsWithSession },
        indices.filter { !claim.reservations[$0].endsWithSession }
      )
      let wantsCounts = claim.wantsCounts || !claim.demands.isEmpty
      memory = Claim(places.memory.map { claim.reservations[$0] }, wantsCounts: wantsCounts)
      lasting = Claim(places.lasting.map { claim.reservations[$0] }, wantsCounts: wantsCounts, isHeld: claim.isHeld)
      // What is demanded of counts is only ever demanded of a rule's `state`, which is kept for all sessions.
      let positions = Dictionary(places.lasting.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
      lasting.demands = claim.demands.map { $0.moved { positions[$0] ?? -1 } }
    }

    func counts(_ memory: [Amount], _ lasting: [Amount]) -> [Amount] {
      guard memory.count == places.memory.count, lasting.count == places.lasting.count else { return [] }
      var counts = [Amount](repeating: 0, count: whole.reservations.count)
      for (place, count) in zip(places.memory, memory) { counts[place] = count }
      for (place, count) in zip(places.lasting, lasting) { counts[place] = count }
      return counts
    }
  }

  /// The one store that a claim concerns; nil where it concerns both.
  private func home(of claim: Claim) -> Home? {
    var home: Home?
    for reservation in claim.reservations {
      let next: Home = reservation.endsWithSession ? .memory : .lasting
      guard home == nil || home == next else { return nil }
      home = next
    }
    return home ?? .memory
  }

  private func store(_ home: Home) -> any CounterStore { home == .memory ? memory : lasting }

  private func answer(_ answer: ReservationAnswer, of home: Home) -> ReservationAnswer {
    if case .granted(let id, let counts) = answer { return .granted(tagged(home, id), counts: counts) }
    return answer
  }

  /// Takes what the claim asks for, or nothing at all.
  public func reserve(_ claim: Claim, at moment: Moment, then: @escaping @Sendable (ReservationAnswer) -> Void) {
    if let home = home(of: claim) {
      return store(home).reserve(claim, at: moment) { [self] in then(answer($0, of: home)) }
    }
    let parts = Parts(claim)
    switch first(parts, at: moment) {
    case .failure(let refusal): then(refusal.answer)
    case .success(let taken):
      lasting.reserve(parts.lasting, at: moment) { [self] in then(join(parts, taken, $0, at: moment)) }
    }
  }

  /// Takes what the claim asks for, or nothing at all; nil where a store has to be waited for.
  public func reserveAtOnce(_ claim: Claim, at moment: Moment) -> ReservationAnswer? {
    if let home = home(of: claim) {
      return store(home).reserveAtOnce(claim, at: moment).map { answer($0, of: home) }
    }
    let parts = Parts(claim)
    switch first(parts, at: moment) {
    case .failure(let refusal): return refusal.answer
    case .success(let taken):
      guard let answer = lasting.reserveAtOnce(parts.lasting, at: moment) else {
        memory.release(taken.id, at: moment)
        return nil
      }
      return join(parts, taken, answer, at: moment)
    }
  }

  private struct Taken {
    let id: ReservationID
    let counts: [Amount]
  }

  private struct Refused: Error {
    let answer: ReservationAnswer
  }

  /// Memory comes first: to give back there costs nothing.
  private func first(_ parts: Parts, at moment: Moment) -> Result<Taken, Refused> {
    switch memory.reserveAtOnce(parts.memory, at: moment) {
    case .granted(let id, let counts)?: return .success(Taken(id: id, counts: counts))
    case .exhausted(let index, let used, let retryAfter)?:
      return .failure(
        Refused(answer: .exhausted(index: parts.places.memory[index], used: used, retryAfter: retryAfter)))
    case .unavailable(let reason)?: return .failure(Refused(answer: .unavailable(reason)))
    case .unmet?, nil: return .failure(Refused(answer: .unavailable("the counts in memory gave no answer")))
    }
  }

  private func join(
    _ parts: Parts, _ taken: Taken, _ answer: ReservationAnswer, at moment: Moment
  ) -> ReservationAnswer {
    if case .granted(let id, let counts) = answer {
      let pair = pairs.withLock { $0.insert((taken.id, id)) }
      return .granted(tagged(.both, pair), counts: parts.counts(taken.counts, counts))
    }
    memory.release(taken.id, at: moment)
    switch answer {
    case .exhausted(let index, let used, let retryAfter):
      return .exhausted(index: parts.places.lasting[index], used: used, retryAfter: retryAfter)
    case .unmet(let demand, let counts, let retryAfter):
      return .unmet(demand: demand, counts: parts.counts(taken.counts, counts), retryAfter: retryAfter)
    case .granted, .unavailable: return answer
    }
  }

  // MARK: Reading

  /// Says how much is taken in a count.
  public func read(_ reservation: Reservation, at moment: Moment, then: @escaping @Sendable (CounterReading) -> Void) {
    store(reservation.endsWithSession ? .memory : .lasting).read(reservation, at: moment, then: then)
  }

  /// Says how much is taken in a count; nil where its store has to be waited for.
  public func readAtOnce(_ reservation: Reservation, at moment: Moment) -> CounterReading? {
    store(reservation.endsWithSession ? .memory : .lasting).readAtOnce(reservation, at: moment)
  }

  // MARK: Outcomes

  /// What was held is spent from now on.
  public func forwarded(_ id: ReservationID, at moment: Moment) {
    switch origin(id) {
    case (.lasting, let id): lasting.forwarded(id, at: moment)
    case (.both, let id):
      if let pair = pairs.withLock({ $0.change(id) { $0 } }) { lasting.forwarded(pair.lasting, at: moment) }
    case (.memory, _), (nil, _): break
    }
  }

  /// The call has ended so.
  public func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment) {
    switch origin(id) {
    case (.memory, let id): memory.end(id, as: outcome, at: moment)
    case (.lasting, let id): lasting.end(id, as: outcome, at: moment)
    case (.both, let id):
      guard let pair = pairs.withLock({ $0.remove(id) }) else { return }
      memory.end(pair.memory, as: outcome, at: moment)
      lasting.end(pair.lasting, as: outcome, at: moment)
    case (nil, _): break
    }
  }
}
