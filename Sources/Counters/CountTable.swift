import Policy

/// All the counts of a store, and the reservations that await their outcome.
struct CountTable {
  /// How many counts are looked at, for each new one, to drop those that have run out.
  private static let sweepStep = 2
  /// And how many more when there is no room.
  private static let longSweep = 64

  private let maximumCounts: Int
  private var counts: [CounterKey: any Count] = [:]
  /// The keys of all counts, in the order in which they are looked at next.
  private var order: [CounterKey] = []
  private var next = 0
  private var pending = PendingReservations()
  private var latest = Int64.min

  init(maximumCounts: Int) {
    self.maximumCounts = maximumCounts
  }

  /// How many counts are held.
  var countsHeld: Int { counts.count }

  mutating func reserve(_ claim: Claim, at moment: Moment) -> ReservationAnswer {
    let reservations = claim.reservations
    // The clock that windows are measured with never goes back here, whoever calls.
    latest = max(latest, moment.monotonic)
    let moment = Moment(wall: moment.wall, monotonic: latest)
    let isJudged = claim.wantsCounts || !claim.demands.isEmpty
    if reservations.count == 1, !isJudged {
      let (mark, answer) = take(reservations[0], index: 0, at: moment)
      return mark.map { .granted(pending.insert(.one($0))) } ?? answer
    }
    var marks: [Mark] = []
    marks.reserveCapacity(reservations.count)
    for index in reservations.indices where reservations[index].amount > 0 || reservations[index].max != nil {
      let (mark, answer) = take(reservations[index], index: index, at: moment)
      guard let mark else {
        for mark in marks.reversed() { mark.giveBack() }
        return answer
      }
      marks.append(mark)
    }
    guard isJudged else { return .granted(pending.insert(.several(marks))) }
    let counts = reservations.map { used($0, at: moment) }
    if let demand = claim.unmet(for: counts) {
      let ends = reservations.map { running($0)?.end(at: moment) }
      for mark in marks.reversed() { mark.giveBack() }
      return .unmet(
        demand: demand, counts: counts, retryAfter: claim.retryAfter(demand: demand, counts: counts, ends: ends))
    }
    return .granted(pending.insert(.several(marks)), counts: counts)
  }

  /// How much is taken. Makes no count where there is none.
  mutating func read(_ reservation: Reservation, at moment: Moment) -> CounterReading {
    latest = max(latest, moment.monotonic)
    return .used(used(reservation, at: Moment(wall: moment.wall, monotonic: latest)))
  }

  private func used(_ reservation: Reservation, at moment: Moment) -> Amount {
    running(reservation)?.used(at: moment) ?? 0
  }

  /// The count that the reservation names, where there is one in its kind of window.
  private func running(_ reservation: Reservation) -> (any Count)? {
    counts[reservation.key].flatMap { $0.isOf(reservation) ? $0 : nil }
  }

  mutating func settle(_ id: ReservationID) {
    _ = pending.remove(id)
  }

  mutating func release(_ id: ReservationID) {
    switch pending.remove(id) {
    case .one(let mark): mark.giveBack()
    case .several(let marks): for mark in marks { mark.giveBack() }
    case nil: break
    }
  }

  private static let full = ReservationAnswer.unavailable("as many counts are running as the store holds")

  private mutating func take(
    _ reservation: Reservation, index: Int, at moment: Moment
  ) -> (Mark?, ReservationAnswer) {
    guard let count = count(for: reservation, at: moment) else { return (nil, CountTable.full) }
    switch count.take(reservation.amount, at: moment, max: reservation.max) {
    case .taken(let stamp):
      return (Mark(count: count, amount: reservation.amount, stamp: stamp), CountTable.full)
    case .exhausted(let used, let retryAfter):
      return (nil, .exhausted(index: index, used: used, retryAfter: retryAfter))
    }
  }

  /// The count of a reservation, made where there is none; nil where there is no room.
  private mutating func count(for reservation: Reservation, at moment: Moment) -> (any Count)? {
    if let count = counts[reservation.key] {
      if count.isOf(reservation) { return count }
      // The rule was changed to another kind of window: what was counted means nothing in it.
      let fresh = CountTable.fresh(reservation)
      counts[reservation.key] = fresh
      return fresh
    }
    sweep(CountTable.sweepStep, at: moment)
    if counts.count >= maximumCounts { sweep(CountTable.longSweep, at: moment) }
    guard counts.count < maximumCounts else { return nil }
    let count = CountTable.fresh(reservation)
    counts[reservation.key] = count
    order.append(reservation.key)
    return count
  }

  private static func fresh(_ reservation: Reservation) -> any Count {
    switch reservation.algorithm {
    case .sliding: SlidingWindow(length: reservation.window)
    case .fixed: FixedWindow(length: reservation.window)
    case .month: FixedWindow(.month)
    }
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
