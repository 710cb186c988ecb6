import Glibc
import Policy
import Synchronization
import Testing

@testable import Counters

@Suite("The store in a file, while others are in the way or the file fails")
struct SQLiteStoreContentionTests {
  private let folder: Folder
  private let clock = SetClock()
  private let other: CounterFile

  init() throws {
    folder = try Folder()
    other = try CounterFile(folder.file, waiting: 0)
  }

  private func store() throws -> SQLiteStore {
    let store = SQLiteStore(folder.file, clock: clock.clock())
    try #require(store.openNow() == nil)
    return store
  }

  private func held() throws -> Int64 { try other.database.number("SELECT count(*) FROM held") }

  /// The answer from the store's own thread; what was asked of that before is done then.
  private func queued(_ claim: Claim, _ store: SQLiteStore, meanwhile: () throws -> Void = {}) async throws
    -> ReservationAnswer
  {
    let (answers, giver) = AsyncStream.makeStream(of: ReservationAnswer.self)
    store.reserve(claim, at: Moment(simulated: 0)) { giver.yield($0) }
    try meanwhile()
    for await answer in answers { return answer }
    throw CancellationError()
  }

  @Test("who waits for another process is answered by the store's own thread, once that is done")
  func waits() async throws {
    let store = try self.store()
    try other.database.execute("BEGIN IMMEDIATE")
    #expect(store.reserveAtOnce(Claim([place(max: 1)]), at: Moment(simulated: 0)) == nil)
    let answer = try await queued(Claim([place(max: 1)]), store) { try other.database.execute("COMMIT") }
    #expect(answer.id != nil)
    #expect(try held() == 1)
  }

  @Test("what its thread has taken is given back if the process ends before it is forwarded", arguments: [false, true])
  func heldOnTheWay(isForwarded: Bool) async throws {
    let survivor = try self.store()
    do {
      let store = try self.store()
      let id = try #require(try await queued(Claim([place(max: 1)]), store).id)
      if isForwarded { store.forwarded(id, at: Moment(simulated: 0)) }
    }
    clock.set(Moment(simulated: 10))
    #expect((survivor.reserveAtOnce(Claim([place(max: 1)]), at: Moment(simulated: 10))?.id != nil) != isForwarded)
  }

  @Test("that a call is forwarded is written before it is, or as soon as the others are done")
  func forwarded() async throws {
    let store = try self.store()
    let claim = Claim([place(max: 3)], isHeld: true)
    let first = try #require(store.reserveAtOnce(claim, at: Moment(simulated: 0))?.id)
    store.forwarded(first, at: Moment(simulated: 0))
    #expect(try held() == 0)
    let second = try #require(store.reserveAtOnce(claim, at: Moment(simulated: 0))?.id)
    try other.database.execute("BEGIN IMMEDIATE")
    store.forwarded(second, at: Moment(simulated: 0))
    #expect(try held() == 1)
    try other.database.execute("COMMIT")
    _ = try await queued(Claim([place("another")]), store)
    #expect(try other.database.number("SELECT count(*) FROM held WHERE id <= 2") == 0)
  }

  @Test("a file that fails and is well again: what is held stays held, what was forwarded stays spent")
  func failure() async throws {
    let store = try self.store()
    let survivor = try self.store()
    let claim = Claim([place(max: 2)], isHeld: true)
    let ids = try (0..<2).map { _ in try #require(store.reserveAtOnce(claim, at: Moment(simulated: 0))?.id) }
    var slot = place("slot", .concurrency)
    slot.refund = .always
    let call = try #require(store.reserveAtOnce(Claim([slot]), at: Moment(simulated: 0))?.id)
    try other.database.execute(
      "INSERT INTO counts SELECT zeroblob(32), '', '', 0, state, 0 FROM counts WHERE counter = 'c'")
    try other.database.execute("UPDATE counts SET state = x'00' WHERE counter = 'c'")
    guard case .unavailable? = store.reserveAtOnce(claim, at: Moment(simulated: 0)) else {
      Issue.record("an unreadable count counts")
      return
    }
    store.forwarded(ids[0], at: Moment(simulated: 0))
    store.settle(call, at: Moment(simulated: 0))
    _ = try await queued(claim, store)
    #expect(try held() == 3)
    try other.database.execute(
      "UPDATE counts SET state = (SELECT state FROM counts WHERE key = zeroblob(32)) WHERE counter = 'c'")
    clock.set(Moment(simulated: 20))
    #expect(store.openNow() == nil)
    #expect(try held() == 1)
    // The others find its owner alive, although it had closed the file.
    #expect(survivor.reserveAtOnce(Claim([place(max: 2)]), at: Moment(simulated: 20))?.id == nil)
    store.release(ids[0], at: Moment(simulated: 20))
    store.release(ids[1], at: Moment(simulated: 20))
    #expect(try held() == 0)
    for count in [place(), slot] { #expect(store.readAtOnce(count, at: Moment(simulated: 20)) == .used(0)) }
  }

  @Test("nothing is given back in another file than what it was taken in")
  func replaced() throws {
    let store = try self.store()
    let ids = try [true, false].map {
      try #require(store.reserveAtOnce(Claim([place(max: 9, .fixed)], isHeld: $0), at: Moment(simulated: 0))?.id)
    }
    for name in ["", "-wal", "-shm"] { unlink(folder.path + "/counters.db" + name) }
    clock.set(Moment(simulated: 2))
    _ = store.reserveAtOnce(Claim([place()]), at: Moment(simulated: 2))
    clock.set(Moment(simulated: 4))
    #expect(store.openNow() == nil)
    let claim = Claim([place(max: 9, .fixed)], isHeld: true)
    #expect(store.reserveAtOnce(claim, at: Moment(simulated: 4))?.id != nil)
    for id in ids { store.release(id, at: Moment(simulated: 4)) }
    #expect(store.readAtOnce(place(max: 9, .fixed), at: Moment(simulated: 4)) == .used(1))
  }

  @Test("policies that disagree about the window of a rule do not take each other's counts away")
  func kinds() throws {
    let store = try self.store()
    let kinds = [
      place(max: 2), place(max: 2, seconds: 61), place(max: 2, .fixed), place(max: 2, .bucket(burst: 2)),
      place(max: 2, .bucket(burst: 3)),
    ]
    for _ in 0..<2 {
      for kind in kinds {
        #expect(store.reserveAtOnce(Claim([kind]), at: Moment(simulated: 0))?.id != nil)
      }
    }
    for kind in kinds { #expect(store.readAtOnce(kind, at: Moment(simulated: 0)) == .used(2)) }
  }
}
