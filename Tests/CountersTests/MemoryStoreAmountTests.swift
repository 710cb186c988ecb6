import Policy
import Randomness
import Synchronization
import Testing
import Wire

@testable import Counters

func amount(_ text: String) throws -> Amount {
  let number = try #require(ExactNumber(text))
  return try #require(Amount(number))
}

@Suite("Amounts and demands in the store in memory")
struct MemoryStoreAmountTests {
  private func spend(
    _ cost: String, of max: String? = "50", _ algorithm: RateLimit.Algorithm = .sliding, counter: String = "c"
  ) throws -> Reservation {
    Reservation(
      key: CounterKey(counter: counter, partition: []), max: try max.map { try amount($0) }, window: 60 * second,
      algorithm: algorithm, amount: try amount(cost))
  }

  private static func most(_ value: Amount, at index: Int = 0) -> Demand {
    .comparison(Demand.Comparison(index: index, relation: .lte, value: value))
  }

  @Test("a thousand times 0.10 fills 100.00 exactly", arguments: [RateLimit.Algorithm.sliding, .fixed, .month])
  func exact(algorithm: RateLimit.Algorithm) throws {
    let store = MemoryStore()
    let dime = try spend("0.10", of: "100.00", algorithm)
    for _ in 0..<1000 { #expect(store.answer([dime], at: 30)?.id != nil) }
    #expect(store.answer([try spend("0.000000000001", of: "100.00", algorithm)], at: 30)?.id == nil)
    #expect(store.readAtOnce(dime, at: Moment(simulated: 30)) == .used(100))
  }

  @Test("says what counts come to where that is asked, and only then")
  func counts() throws {
    let store = MemoryStore()
    let claim = [try spend("0.5"), try spend("2", counter: "d")]
    guard case .granted(_, let none)? = store.reserveAtOnce(Claim(claim), at: Moment(simulated: 0)) else {
      Issue.record("not granted")
      return
    }
    #expect(none.isEmpty)
    let wanted = Claim(claim, wantsCounts: true)
    guard case .granted(_, let counts)? = store.reserveAtOnce(wanted, at: Moment(simulated: 0)) else {
      Issue.record("not granted")
      return
    }
    #expect(counts == [1, 4])
  }

  @Test("a demand that is not met takes nothing, and says what would have been")
  func unmet() throws {
    let store = MemoryStore()
    let claim = Claim(
      [try spend("2", of: nil, .fixed), try spend("5", of: nil, .fixed, counter: "d")],
      demands: [MemoryStoreAmountTests.most(4), MemoryStoreAmountTests.most(10, at: 1)])
    for _ in 0..<2 {
      guard case .granted? = store.reserveAtOnce(claim, at: Moment(simulated: 10)) else {
        Issue.record("not granted")
        return
      }
    }
    for _ in 0..<2 {
      guard case .unmet(let demand, let counts, let retryAfter)? = store.reserveAtOnce(claim, at: Moment(simulated: 15))
      else {
        Issue.record("granted")
        return
      }
      #expect(demand == 0)
      #expect(counts == [6, 15])
      #expect(retryAfter == 45 * second)
    }
    #expect(store.readAtOnce(claim.reservations[1], at: Moment(simulated: 15)) == .used(10))
  }

  @Test("to look at a count makes none, and holds none")
  func look() throws {
    var table = CountTable(maximumCounts: 1)
    let look = Claim([try spend("0", of: nil, .fixed)], demands: [MemoryStoreAmountTests.most(0)])
    for _ in 0..<3 {
      guard case .granted(_, let counts) = table.reserve(look, at: Moment(simulated: 0)) else {
        Issue.record("not granted")
        return
      }
      #expect(counts == [0])
    }
    #expect(table.countsHeld == 0)
  }

  @Test("a count that can get no higher takes nothing more")
  func overflow() throws {
    let store = MemoryStore()
    let huge = try spend(String(repeating: "9", count: 24), of: nil, .fixed)
    var granted = 0
    while store.answer([huge], at: 0)?.id != nil, granted < 1000 { granted += 1 }
    #expect(granted == 170)
  }

  @Test("a budget of tiny costs holds bounded memory, and is never overspent")
  func coarse() throws {
    let window = SlidingWindow(length: 8192 * 100)
    var spent: [(time: Int64, amount: Int)] = []
    var random = Random(seed: 3)
    var now: Int64 = 0
    var total = 0
    var most = 0
    var first = 0
    for _ in 0..<60_000 {
      now += Int64.random(in: 0...60, using: &random)
      let cost = Int.random(in: 1...3, using: &random)
      let unit = Amount(units: Int128(cost))
      guard case .taken = window.take(unit, at: Moment(wall: now, monotonic: now), max: Amount(units: 20_000)) else {
        continue
      }
      spent.append((now, cost))
      total += cost
      while now - spent[first].time >= 8192 * 100 {
        total -= spent[first].amount
        first += 1
      }
      most = max(most, total)
    }
    #expect(most <= 20_000)
    #expect(first > 8192, "more than the window's worth is tried")
    #expect(window.timesHeld <= 2 * SlidingWindow.exactMaximum + 2)
  }

  @Test("two calls in flight never both pass what only one of them fits into, from however many threads")
  func threads() async throws {
    let store = MemoryStore()
    let claim = Claim(
      [try spend("0.25", of: nil, .fixed)], demands: [MemoryStoreAmountTests.most(try amount("100.10"))])
    let granted = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (0..<200).reduce(0) { sum, _ in
            if case .granted? = store.reserveAtOnce(claim, at: Moment(simulated: 1)) { sum + 1 } else { sum }
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(granted == 400)
  }
}
