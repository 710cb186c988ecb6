import Policy
import Randomness
import Synchronization
import Testing

@testable import Counters

let second: Int64 = 1_000_000_000
/// The smallest step of time that all stores tell apart.
let microsecond: Int64 = 1000

extension CounterStore {
  /// The answer, which the stores of these tests give before they return.
  func answer(_ reservations: [Reservation], at seconds: Double) -> ReservationAnswer? {
    answer(reservations, at: Moment(simulated: seconds))
  }

  func answer(_ reservations: [Reservation], at moment: Moment) -> ReservationAnswer? {
    let box = Mutex<ReservationAnswer?>(nil)
    reserve(Claim(reservations), at: moment) { answer in box.withLock { $0 = answer } }
    return box.withLock { $0 }
  }
}

extension ReservationAnswer {
  var id: ReservationID? {
    if case .granted(let id, _) = self { id } else { nil }
  }

  /// Which count, what is used of it, and when there is enough: -1 where no time tells.
  var refusal: [Int64]? {
    if case .exhausted(let index, let used, let retryAfter) = self {
      [Int64(index), Int64(used.whole), retryAfter ?? -1]
    } else {
      nil
    }
  }
}

func place(
  _ counter: String = "c", max: Amount = 3, seconds: Double = 60, _ algorithm: RateLimit.Algorithm = .sliding,
  partition: [UInt8] = []
) -> Reservation {
  Reservation(
    key: CounterKey(counter: counter, partition: partition), max: max, window: Int64(seconds * 1e9),
    algorithm: algorithm)
}

@Suite("The store in memory")
struct MemoryStoreTests {
  @Test("lets pass as many as a sliding window holds, and says when the next passes")
  func sliding() {
    let store = MemoryStore()
    for time in [0.0, 10, 20] { #expect(store.answer([place()], at: time)?.id != nil) }
    #expect(store.answer([place()], at: 30)?.refusal == [0, 3, 30 * second])
    #expect(store.answer([place()], at: 59.5)?.refusal == [0, 3, second / 2])
    #expect(store.answer([place()], at: 60)?.id != nil)
    #expect(store.answer([place()], at: 60)?.refusal == [0, 3, 10 * second])
  }

  @Test("fills a fixed window anew at each boundary of UTC")
  func fixed() {
    let store = MemoryStore()
    let limit = place(max: 2, .fixed)
    for time in [59.0, 59.5] { #expect(store.answer([limit], at: time)?.id != nil) }
    #expect(store.answer([limit], at: 59.75)?.refusal == [0, 2, second / 4])
    for time in [60.0, 60.1] { #expect(store.answer([limit], at: time)?.id != nil) }
    #expect(store.answer([limit], at: 61)?.refusal == [0, 2, 59 * second])
  }

  @Test("begins fixed weeks on Mondays")
  func weeks() {
    let store = MemoryStore()
    let limit = place(max: 1, seconds: 7 * 86_400, .fixed)
    // 2026-11-22 was a Sunday.
    let sunday = 1_795_305_600.0
    #expect(store.answer([limit], at: sunday + 86_399)?.id != nil)
    #expect(store.answer([limit], at: sunday + 86_399.5)?.refusal == [0, 1, second / 2])
    #expect(store.answer([limit], at: sunday + 86_400)?.id != nil)
  }

  @Test("takes all the places of a call or none")
  func together() {
    let store = MemoryStore()
    let wide = place("wide", max: 5)
    let narrow = place("narrow", max: 1)
    #expect(store.answer([wide, narrow], at: 0)?.id != nil)
    #expect(store.answer([wide, narrow], at: 1)?.refusal == [1, 1, 59 * second])
    #expect(store.answer([narrow, wide], at: 1)?.refusal == [0, 1, 59 * second])
    for _ in 0..<4 { #expect(store.answer([wide], at: 2)?.id != nil) }
    #expect(store.answer([wide], at: 2)?.refusal == [0, 5, 58 * second])
  }

  @Test("takes two places of one count as two")
  func twice() {
    let store = MemoryStore()
    #expect(store.answer([place(max: 1), place(max: 1)], at: 0)?.refusal == [1, 1, 60 * second])
    #expect(store.answer([place(max: 2), place(max: 2)], at: 0)?.id != nil)
    #expect(store.answer([place(max: 2)], at: 0)?.refusal == [0, 2, 60 * second])
  }

  @Test("gives a place back once", arguments: [RateLimit.Algorithm.sliding, .fixed])
  func release(_ algorithm: RateLimit.Algorithm) throws {
    let store = MemoryStore()
    let limit = place(max: 2, algorithm)
    let first = try #require(store.answer([limit], at: 0)?.id)
    _ = store.answer([limit], at: 1)
    store.release(first, at: Moment(simulated: 2))
    store.release(first, at: Moment(simulated: 2))
    #expect(store.answer([limit], at: 3)?.id != nil)
    #expect(store.answer([limit], at: 3)?.id == nil)
  }

  @Test("keeps what was settled", arguments: [RateLimit.Algorithm.sliding, .fixed])
  func settle(_ algorithm: RateLimit.Algorithm) throws {
    let store = MemoryStore()
    let limit = place(max: 1, algorithm)
    let id = try #require(store.answer([limit], at: 0)?.id)
    store.settle(id, at: Moment(simulated: 1))
    store.release(id, at: Moment(simulated: 1))
    #expect(store.answer([limit], at: 2)?.id == nil)
  }

  @Test("gives nothing back of a window that has gone", arguments: [RateLimit.Algorithm.sliding, .fixed])
  func lateRelease(_ algorithm: RateLimit.Algorithm) throws {
    let store = MemoryStore()
    let limit = place(max: 1, algorithm)
    let id = try #require(store.answer([limit], at: 0)?.id)
    #expect(store.answer([limit], at: 61)?.id != nil)
    store.release(id, at: Moment(simulated: 62))
    #expect(store.answer([limit], at: 63)?.id == nil)
  }

  @Test("ignores numbers that it never gave out")
  func unknown() {
    let store = MemoryStore()
    _ = store.answer([place(max: 1)], at: 0)
    for number in [UInt64(0), 1, 1 << 16 | 1, .max] {
      store.release(ReservationID(number: number), at: Moment(simulated: 1))
      store.settle(ReservationID(number: number), at: Moment(simulated: 1))
    }
    #expect(store.answer([place(max: 1)], at: 2)?.id == nil)
  }

  @Test("counts each partition for itself")
  func partitions() {
    let store = MemoryStore()
    for partition in [[], [1], [2], [1, 2]] as [[UInt8]] {
      #expect(store.answer([place(max: 1, partition: partition)], at: 0)?.id != nil)
      #expect(store.answer([place(max: 1, partition: partition)], at: 0)?.id == nil)
    }
  }

  @Test("goes on counting when a reload changes the maximum")
  func changedMaximum() {
    let store = MemoryStore()
    for time in [0.0, 1, 2] { _ = store.answer([place(max: 3)], at: time) }
    #expect(store.answer([place(max: 2)], at: 3)?.refusal == [0, 3, 58 * second])
    #expect(store.answer([place(max: 4)], at: 3)?.id != nil)
  }

  @Test("drops counts that have run out, and refuses to hold more than its bound")
  func bounds() {
    let state = MemoryStore(maximumCounts: 100)
    for index in 0..<100 { #expect(state.answer([place(String(index))], at: 0)?.id != nil) }
    guard case .unavailable = state.answer([place("one more")], at: 30) else {
      Issue.record("a hundred and one counts")
      return
    }
    #expect(state.answer([place("5")], at: 30)?.id != nil)
    for index in 1000..<1100 { #expect(state.answer([place(String(index))], at: 100)?.id != nil) }
  }

  @Test("holds no more counts than run, whatever comes")
  func sweeping() {
    var table = CountTable(maximumCounts: 1_000_000)
    for index in 0..<20_000 {
      _ = table.reserve(Claim([place(String(index), seconds: 1)]), at: Moment(simulated: Double(index) / 100))
    }
    #expect(table.countsHeld <= 300)
  }

  @Test("a limit too large to keep every time never lets more pass, and holds bounded memory")
  func coarse() {
    let window = SlidingWindow(length: 8192 * 10)
    let maximum = 10_000
    var granted: [Int64] = []
    var random = Random(seed: 7)
    var now: Int64 = 0
    for _ in 0..<60_000 {
      now += Int64.random(in: 0...7, using: &random)
      if case .taken = window.take(1, at: Moment(wall: now, monotonic: now), max: Amount(maximum)) {
        granted.append(now)
      }
    }
    for index in granted.indices.dropFirst(maximum) {
      #expect(granted[index] - granted[index - maximum] >= 8192 * 10)
    }
    #expect(granted.count > 2 * maximum)
  }

  @Test(
    "takes several places at once or none, and gives them all back", arguments: [RateLimit.Algorithm.sliding, .fixed])
  func amounts(_ algorithm: RateLimit.Algorithm) throws {
    let store = MemoryStore()
    func places(_ amount: Amount) -> Reservation {
      Reservation(
        key: CounterKey(counter: "c", partition: []), max: 5, window: 60 * second, algorithm: algorithm, amount: amount)
    }
    let moment = Moment(simulated: 0)
    #expect(store.readAtOnce(places(1), at: moment) == .used(0))
    let three = try #require(store.answer([places(3)], at: 0)?.id)
    #expect(store.answer([places(3)], at: 0)?.refusal == [0, 3, 60 * second])
    #expect(store.readAtOnce(places(1), at: moment) == .used(3))
    #expect(store.answer([places(2)], at: 0)?.id != nil)
    #expect(store.answer([places(6)], at: 0)?.refusal == [0, 5, 60 * second])
    store.release(three, at: moment)
    store.release(three, at: moment)
    #expect(store.readAtOnce(places(1), at: moment) == .used(2))
    #expect(store.readAtOnce(places(1), at: Moment(simulated: 61)) == .used(0))
  }

  @Test("a count in another kind of window reads as nothing taken")
  func readOfAnotherWindow() {
    let store = MemoryStore()
    #expect(store.answer([place(seconds: 60)], at: 0)?.id != nil)
    #expect(store.readAtOnce(place(seconds: 60), at: Moment(simulated: 1)) == .used(1))
    #expect(store.readAtOnce(place(seconds: 61), at: Moment(simulated: 1)) == .used(0))
    #expect(store.readAtOnce(place("other", seconds: 60), at: Moment(simulated: 1)) == .used(0))
  }

  @Test("a monotonic clock that goes back lets nothing pass early")
  func backwards() {
    let store = MemoryStore()
    _ = store.answer([place(max: 1)], at: Moment(wall: 0, monotonic: 100 * second))
    #expect(store.answer([place(max: 1)], at: Moment(wall: 0, monotonic: 0))?.refusal == [0, 1, 60 * second])
    #expect(store.answer([place(max: 1)], at: Moment(wall: 0, monotonic: 160 * second))?.id != nil)
  }

  @Test("a wall clock that is set does not disturb a sliding window")
  func wallJump() {
    let store = MemoryStore()
    _ = store.answer([place(max: 1)], at: Moment(wall: 0, monotonic: 0))
    #expect(store.answer([place(max: 1)], at: Moment(wall: .max / 2, monotonic: second))?.id == nil)
  }

  @Test("a wall clock that goes back fills no fixed window again, and closes none for longer than it lasts")
  func fixedJump() {
    let store = MemoryStore()
    let limit = place(max: 1, .fixed)
    let year = 365 * 86_400 * second
    #expect(store.answer([limit], at: Moment(wall: year, monotonic: 0))?.id != nil)
    #expect(store.answer([limit], at: Moment(wall: 0, monotonic: second))?.refusal == [0, 1, 59 * second])
    #expect(store.answer([limit], at: Moment(wall: 60 * second, monotonic: 59 * second))?.id == nil)
    #expect(store.answer([limit], at: Moment(wall: 61 * second, monotonic: 60 * second))?.id != nil)
    #expect(
      store.answer([limit], at: Moment(wall: 62 * second, monotonic: 61 * second))?.refusal == [0, 1, 58 * second])
  }

  @Test("windows before 1970 are aligned too")
  func negative() {
    let store = MemoryStore()
    let limit = place(max: 1, .fixed)
    #expect(store.answer([limit], at: -61)?.id != nil)
    #expect(store.answer([limit], at: -60)?.id != nil)
    #expect(store.answer([limit], at: -1)?.refusal == [0, 1, second])
  }

  @Test("no more pass than the limit, from however many threads")
  func threads() async {
    let store = MemoryStore()
    let granted = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (0..<500).reduce(0) { sum, _ in sum + (store.answer([place(max: 1000)], at: 1)?.id == nil ? 0 : 1) }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(granted == 1000)
  }
}
