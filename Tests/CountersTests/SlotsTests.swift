import Policy
import Testing

@testable import Counters

@Suite("Calls in flight")
struct SlotsTests {
  @Test(
    "a slot is free again when its call has ended, however it ended, and no time frees it",
    arguments: [StoreOfTests.Kind.memory, .file, .redis])
  func slots(_ kind: StoreOfTests.Kind) throws {
    let store = try StoreOfTests(kind: kind, seed: 0).store()
    let slot = place(max: 2, seconds: 0, .concurrency)
    let first = try #require(store.answer([slot], at: 0)?.id)
    let second = try #require(store.answer([slot], at: 0)?.id)
    #expect(store.answer([slot], at: 1_000_000)?.refusal == [0, 2, -1])
    store.settle(first, at: Moment(simulated: 1_000_001))
    store.settle(first, at: Moment(simulated: 1_000_001))
    let third = try #require(store.answer([slot], at: 1_000_001)?.id)
    #expect(store.answer([slot], at: 1_000_001)?.id == nil)
    store.release(second, at: Moment(simulated: 1_000_002))
    store.forwarded(third, at: Moment(simulated: 1_000_002))
    store.settle(third, at: Moment(simulated: 1_000_003))
    #expect(store.readAtOnce(slot, at: Moment(simulated: 1_000_003)) == .used(0))
  }

  @Test("a call that is kept gives back its slot alone", arguments: [StoreOfTests.Kind.memory, .file, .redis])
  func settled(_ kind: StoreOfTests.Kind) throws {
    let store = try StoreOfTests(kind: kind, seed: 0).store()
    let (slot, limit) = (place("slots", max: 1, seconds: 0, .concurrency), place("limit", max: 2))
    for time in 0..<2 {
      let id = try #require(store.answer([slot, limit], at: Double(time))?.id)
      #expect(store.answer([slot], at: Double(time))?.id == nil)
      store.settle(id, at: Moment(simulated: Double(time)))
    }
    #expect(store.answer([slot, limit], at: 2)?.refusal?.first == 1)
    #expect(store.answer([slot], at: 2)?.id != nil)
  }

  @Test("a process that ends frees its slots, and no others; what it had forwarded stays spent")
  func ended() throws {
    let folder = try Folder()
    let living = try FileStore(in: folder)
    let (slot, limit) = (place("slots", max: 3, seconds: 0, .concurrency), place("limit", max: 9))
    _ = try #require(living.answer([slot, limit], at: 0)?.id)
    do {
      let dying = try FileStore(in: folder)
      let claim = Claim([slot, limit], isHeld: true)
      guard case .granted(let id, _)? = dying.reserveAtOnce(claim, at: Moment(simulated: 0)) else {
        Issue.record("refused")
        return
      }
      dying.forwarded(id, at: Moment(simulated: 0))
      // This one is never forwarded.
      guard case .granted? = dying.reserveAtOnce(claim, at: Moment(simulated: 0)) else {
        Issue.record("refused")
        return
      }
      #expect(dying.answer([slot], at: 0)?.refusal == [0, 3, -1])
    }
    // Once a second somebody looks after the dead.
    #expect(living.answer([slot], at: 2)?.id != nil)
    #expect(living.readAtOnce(slot, at: Moment(simulated: 2)) == .used(2))
    #expect(living.readAtOnce(limit, at: Moment(simulated: 2)) == .used(2))
  }

  @Test("of a slot that nobody can give back any more, none is taken")
  func tooManyToFollow() {
    let store = MemoryStore()
    let slot = place(max: 1_000_000, seconds: 0, .concurrency)
    for _ in 0..<PendingReservations<Int>.limit { _ = store.reserveAtOnce(Claim([slot]), at: Moment(simulated: 0)) }
    guard case .unavailable? = store.reserveAtOnce(Claim([slot]), at: Moment(simulated: 0)) else {
      Issue.record("a slot was taken for good")
      return
    }
    #expect(store.readAtOnce(slot, at: Moment(simulated: 0)) == .used(Amount(PendingReservations<Int>.limit)))
  }

  @Test("a slot of a count that was begun anew frees none of the new ones")
  func begunAnew() async throws {
    let folder = try Folder()
    let store = try FileStore(in: folder)
    let slot = place(max: 1, seconds: 0, .concurrency)
    let old = try #require(store.answer([slot], at: 0)?.id)
    let key = try await withCheckedThrowingContinuation { done in
      store.store.records(atMost: 9) { found in done.resume(with: found.map(\.records[0].key)) }
    }
    let gone = try await withCheckedThrowingContinuation { done in
      store.store.reset([key]) { gone in done.resume(with: gone) }
    }
    #expect(gone == 1)
    #expect(store.answer([slot], at: 1)?.id != nil)
    store.settle(old, at: Moment(simulated: 2))
    #expect(store.answer([slot], at: 2)?.refusal == [0, 1, -1])
  }
}
