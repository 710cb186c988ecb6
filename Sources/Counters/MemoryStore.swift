public import Policy
import Synchronization

/// Counts that live and die with the process.
///
/// Its memory is bounded: by the number of counts (``init(maximumCounts:)``), in each of them by the limit it counts
/// (see ``SlidingWindow``), and by the number of reservations that await their outcome. Counts that have run out are
/// dropped as new ones come; no timer is needed. A store that is full of counts still running answers
/// ``Policy/ReservationAnswer/unavailable(_:)``: it never forgets one early.
///
/// A reservation is given back by its own mark, so that giving it back twice, or after its window has gone, changes
/// nothing.
public final class MemoryStore: CounterStore {
  private let state: Mutex<CountTable>

  /// An empty store.
  ///
  /// - Parameter maximumCounts: how many counts can run at once: one for each counter and whom it is kept for.
  public init(maximumCounts: Int = 100_000) {
    state = Mutex(CountTable(maximumCounts: maximumCounts))
  }

  /// Takes what the claim asks for, or nothing at all; `then` is called before this returns.
  public func reserve(
    _ claim: Claim, at moment: Moment, then: @escaping @Sendable (ReservationAnswer) -> Void
  ) {
    then(take(claim, at: moment))
  }

  /// Takes what the claim asks for, or nothing at all: this store never has to be waited for.
  public func reserveAtOnce(_ claim: Claim, at moment: Moment) -> ReservationAnswer? {
    take(claim, at: moment)
  }

  private func take(_ claim: Claim, at moment: Moment) -> ReservationAnswer {
    state.withLock { $0.reserve(claim, at: moment) }
  }

  /// Says how much is taken in a count; `then` is called before this returns.
  public func read(
    _ reservation: Reservation, at moment: Moment, then: @escaping @Sendable (CounterReading) -> Void
  ) {
    then(reading(reservation, at: moment))
  }

  /// Says how much is taken in a count: this store never has to be waited for.
  public func readAtOnce(_ reservation: Reservation, at moment: Moment) -> CounterReading? {
    reading(reservation, at: moment)
  }

  private func reading(_ reservation: Reservation, at moment: Moment) -> CounterReading {
    state.withLock { $0.read(reservation, at: moment) }
  }

  /// The call has ended so: gives back what is given back then.
  public func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment) {
    state.withLock { $0.end(id, as: outcome, at: moment) }
  }
}
