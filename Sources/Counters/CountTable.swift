import Policy

/// All the counts of a store, and the reservations that await their outcome.
struct CountTable: CountSource {
  /// How many counts are looked at, for each new one, to drop those that have run out.
  private static let sweepStep = 2
  /// And how many more when there is no room.
  private static let longSweep = 64

  private let maximumCounts: Int
  private var counts: [CounterKey: any Count] = [:]
  /// The keys of all counts, in the order in which they are looked at next.
  private var order: [CounterKey] = []
  private var next = 0
  private var pending = PendingReservations<Marks>()
  private var latest = Int64.min

  init(maximumCounts: Int) {
    self.maximumCounts = maximumCounts
  }

  /// How many counts are held.
  var countsHeld: Int { counts.count }

  mutating func reserve(_ claim: Claim, at moment: Moment) -> ReservationAnswer {
    if let objection = pending.objection(to: claim) { return objection }
    switch take(claim, at: advanced(to: moment)) {
    case .taken(let marks, let counts): return .granted(pending.insert(marks), counts: counts)
    case .refused(let answer): return answer
    }
  }

  /// How much is taken. Makes no count where there is none.
  mutating func read(_ reservation: Reservation, at moment: Moment) -> CounterReading {
    .used(used(reservation, at: advanced(to: moment)))
  }

  /// The count that the reservation names, where there is one in its kind of window.
  mutating func running(_ reservation: Reservation) -> (any Count)? {
    counts[reservation.key].flatMap { $0.isOf(reservation) ? $0 : nil }
  }

  mutating func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment) {
    guard let marks = pending.remove(id) else { return }
    marks.end(as: outcome, at: advanced(to: moment))
  }

  /// The clock that windows are measured with never goes back here, whoever calls.
  private mutating func advanced(to moment: Moment) -> Moment {
    latest = max(latest, moment.monotonic)
    return Moment(wall: moment.wall, monotonic: latest)
  }

  /// The count of a reservation, made where there is none; nil where there is no room.
  mutating func count(for reservation: Reservation, at moment: Moment) -> (any Count)? {
    if let count = counts[reservation.key] {
      if count.isOf(reservation) { return count }
      // The rule was changed to another kind of window: what was counted means nothing in it.
      let fresh = reservation.freshCount()
      counts[reservation.key] = fresh
      return fresh
    }
    sweep(CountTable.sweepStep, at: moment)
    if counts.count >= maximumCounts { sweep(CountTable.longSweep, at: moment) }
    guard counts.count < maximumCounts else { return nil }
    let count = reservation.freshCount()
    counts[reservation.key] = count
    order.append(reservation.key)
    return count
  }

  /// Looks at the next few counts in turn, and drops those that have run out.
  private mutating func sweep(_ steps: Int, at moment: Moment) {
    for _ in 0..<steps where !order.isEmpty {
      if next >= order.count { next = 0 }
      guard counts[order[next]]?.isIdle(at: moment) ?? true else {
        next += 1
        continue
      }
      counts[order[next]] = nil
      order.swapAt(next, order.count - 1)
      order.removeLast()
    }
  }
}
