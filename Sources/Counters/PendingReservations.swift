import Policy

/// What was reserved and awaits its outcome, by number: a table of reused slots.
struct PendingReservations<Entry> {
  private struct Slot {
    var entry: Entry?
    /// How often the slot has been used: no number comes back.
    var generation: UInt64
  }

  /// How many can await their outcome at once. Beyond it a reservation counts as settled when it is made: it stays
  /// spent, whatever comes of the call. Places among calls in flight, which would be lost, are not given then.
  static var limit: Int { 1 << indexBits }
  private static var indexBits: UInt64 { 16 }

  private var slots: [Slot] = []
  private var free: [Int] = []

  /// Whether no more can await their outcome.
  var isFull: Bool { free.isEmpty && slots.count >= PendingReservations.limit }

  /// Why a claim cannot be followed to the end of its call; nil where it can, or need not.
  func objection(to claim: Claim) -> ReservationAnswer? {
    guard isFull, claim.reservations.contains(where: { $0.algorithm == .concurrency }) else { return nil }
    return .unavailable("as many calls await their outcome as the store can follow")
  }

  /// Keeps what was reserved until ``remove(_:)``.
  mutating func insert(_ entry: Entry) -> ReservationID {
    let index: Int
    if let reused = free.popLast() {
      index = reused
    } else if slots.count < PendingReservations.limit {
      index = slots.count
      slots.append(Slot(entry: nil, generation: 0))
    } else {
      return ReservationID(number: 0)
    }
    slots[index].generation += 1
    slots[index].entry = entry
    return ReservationID(number: slots[index].generation << PendingReservations.indexBits | UInt64(index))
  }

  /// What was reserved under that number, once.
  mutating func remove(_ id: ReservationID) -> Entry? {
    let index = Int(id.number % (1 << PendingReservations.indexBits))
    guard index < slots.count, slots[index].generation == id.number >> PendingReservations.indexBits,
      let entry = slots[index].entry
    else { return nil }
    slots[index].entry = nil
    free.append(index)
    return entry
  }

  /// Changes what was reserved under that number, if it still awaits its outcome.
  mutating func change<Outcome>(_ id: ReservationID, _ body: (inout Entry) -> Outcome) -> Outcome? {
    let index = Int(id.number % (1 << PendingReservations.indexBits))
    guard index < slots.count, slots[index].generation == id.number >> PendingReservations.indexBits,
      var entry = slots[index].entry
    else { return nil }
    let outcome = body(&entry)
    slots[index].entry = entry
    return outcome
  }
}
