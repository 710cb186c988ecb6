import Policy
import Synchronization
import Testing

@testable import Counters

@Suite("Two stores as one")
struct RoutingStoreTests {
  private static func session(_ max: Amount) -> Reservation {
    var reservation = place("session", max: max)
    reservation.endsWithSession = true
    return reservation
  }

  private let lasting = MemoryStore()

  private func store() -> RoutingStore { RoutingStore(memory: MemoryStore(), lasting: lasting) }

  @Test("takes in both or in neither, and gives back in both")
  func both() throws {
    let store = store()
    let claim = [RoutingStoreTests.session(2), place("all", max: 1)]
    let id = try #require(store.answer(claim, at: 0)?.id)
    #expect(store.answer(claim, at: 0)?.refusal == [1, 1, 60 * second])
    #expect(store.readAtOnce(claim[0], at: Moment(simulated: 0)) == .used(1))
    store.release(id, at: Moment(simulated: 1))
    store.release(id, at: Moment(simulated: 1))
    #expect(store.readAtOnce(claim[0], at: Moment(simulated: 1)) == .used(0))
    #expect(store.readAtOnce(claim[1], at: Moment(simulated: 1)) == .used(0))
    #expect(store.answer([place("all", max: 9), RoutingStoreTests.session(0)], at: 1)?.refusal == [1, 0, 60 * second])
    #expect(lasting.readAtOnce(place("all"), at: Moment(simulated: 1)) == .used(0))
  }

  @Test("what ends with a session is forgotten with it, the rest lasts")
  func lasts() {
    #expect(store().answer([RoutingStoreTests.session(1), place("all", max: 1)], at: 0)?.id != nil)
    #expect(store().answer([RoutingStoreTests.session(1)], at: 1)?.id != nil)
    #expect(store().answer([place("all", max: 1)], at: 1)?.id == nil)
  }

  @Test("demands are judged where they belong")
  func demands() {
    let store = store()
    let most = Demand.comparison(Demand.Comparison(index: 1, relation: .lte, value: 1))
    var state = place("state", .fixed)
    state.max = nil
    let claim = Claim([RoutingStoreTests.session(5), state], demands: [most])
    guard case .granted(_, let counts)? = store.reserveAtOnce(claim, at: Moment(simulated: 0)) else {
      Issue.record("the first is refused")
      return
    }
    #expect(counts == [1, 1])
    guard case .unmet(0, let after, _)? = store.reserveAtOnce(claim, at: Moment(simulated: 0)) else {
      Issue.record("the second passes")
      return
    }
    #expect(after == [2, 2])
    #expect(store.readAtOnce(RoutingStoreTests.session(5), at: Moment(simulated: 0)) == .used(1))
  }

  @Test("failures that are forgiven let all pass, and are told")
  func forgiving() {
    let told = Mutex<[String]>([])
    let store = ForgivingStore(MemoryStore(maximumCounts: 1)) { _, reason in told.withLock { $0.append(reason) } }
    #expect(store.answer([place("a", max: 1)], at: 0)?.id != nil)
    #expect(store.answer([place("a", max: 1)], at: 0)?.id == nil)
    #expect(store.answer([place("b", max: 1)], at: 0)?.id != nil)
    #expect(told.withLock { $0.count } == 1)
  }
}
