import Policy
import Randomness
import Testing

@testable import Counters

@Suite("Buckets")
struct BucketWindowTests {
  private static func bucket(_ max: Amount, seconds: Double, burst: Amount) -> Reservation {
    place(max: max, seconds: seconds, .bucket(burst: burst))
  }

  @Test("a burst passes at once, then as many as the bucket refills")
  func burst() {
    let store = MemoryStore()
    let reservation = BucketWindowTests.bucket(30, seconds: 60, burst: 3)
    for _ in 0..<3 { #expect(store.answer([reservation], at: 100)?.id != nil) }
    #expect(store.answer([reservation], at: 100)?.refusal == [0, 3, 2 * second])
    #expect(store.answer([reservation], at: 101)?.refusal == [0, 2, second])
    #expect(store.answer([reservation], at: 102)?.id != nil)
    #expect(store.readAtOnce(reservation, at: Moment(simulated: 102)) == .used(3))
    #expect(store.readAtOnce(reservation, at: Moment(simulated: 104)) == .used(2))
    #expect(store.readAtOnce(reservation, at: Moment(simulated: 1000)) == .used(0))
    for _ in 0..<3 { #expect(store.answer([reservation], at: 1000)?.id != nil) }
    #expect(store.answer([reservation], at: 1000)?.id == nil)
  }

  @Test("more than the bucket holds never passes")
  func neverFits() {
    let store = MemoryStore()
    var reservation = BucketWindowTests.bucket(30, seconds: 60, burst: 3)
    reservation.amount = 4
    #expect(store.answer([reservation], at: 0)?.refusal == [0, 0, -1])
    reservation.amount = Amount(units: .max)
    #expect(store.answer([reservation], at: 0)?.id == nil)
    reservation.amount = 3
    #expect(store.answer([reservation], at: 0)?.id != nil)
  }

  @Test("a burst is exact, whatever a share of it takes to refill, and what refills is rounded down")
  func rounding() {
    let store = MemoryStore()
    let reservation = BucketWindowTests.bucket(7, seconds: 1, burst: 7)
    for _ in 0..<7 { #expect(store.answer([reservation], at: Moment(wall: 0, monotonic: 0))?.id != nil) }
    #expect(store.answer([reservation], at: Moment(wall: 0, monotonic: 0))?.refusal == [0, 7, 142_857_143])
    #expect(store.answer([reservation], at: Moment(wall: 0, monotonic: 142_857_142))?.id == nil)
    #expect(store.answer([reservation], at: Moment(wall: 0, monotonic: 142_857_143))?.id != nil)
  }

  @Test("what is given back is there again, as far as it had not refilled")
  func givenBack() throws {
    let store = MemoryStore()
    let reservation = BucketWindowTests.bucket(1, seconds: 10, burst: 2)
    let first = try #require(store.answer([reservation], at: 0)?.id)
    let second = try #require(store.answer([reservation], at: 0)?.id)
    store.release(second, at: Moment(simulated: 0))
    #expect(store.answer([reservation], at: 0)?.id != nil)
    #expect(store.answer([reservation], at: 0)?.id == nil)
    // Half of the first has refilled.
    store.release(first, at: Moment(simulated: 5))
    #expect(store.answer([reservation], at: 5)?.id != nil)
    #expect(store.answer([reservation], at: 5)?.id == nil)
    store.release(first, at: Moment(simulated: 5))
    store.release(second, at: Moment(simulated: 5))
    #expect(store.answer([reservation], at: 5)?.id == nil)
  }

  @Test("a bucket that was forgotten in between gives nothing back for what was taken before")
  func forgotten() {
    let old = BucketWindow(length: 10 * second, burst: 5)
    for _ in 0..<5 { _ = old.take(1, at: Moment(simulated: 0), max: 1) }
    let coded = CountCoder.decode(CountCoder.encode(old))
    guard case .taken(let stamp)? = coded?.take(1, at: Moment(simulated: 20), max: 1) else {
      Issue.record("nothing was taken")
      return
    }
    let time = old.idleFrom + 20 * second
    let fresh = BucketWindow(length: 10 * second, burst: 5)
    _ = fresh.take(1, at: Moment(wall: time, monotonic: time), max: 1)
    fresh.giveBack(1, stamp, at: Moment(wall: time, monotonic: time))
    #expect(fresh.used(at: Moment(wall: time, monotonic: time)) == 1)
  }

  /// What a bucket holds that knows from the start what will be given back, to the nanosecond and in whole units.
  private struct Hindsight {
    var taken: [(at: Int64, cost: Int64, isGivenBack: Bool)] = []

    func debt(at now: Int64) -> Int64 {
      var drained = Int64.min
      for each in taken where !each.isGivenBack { drained = max(drained, each.at) + each.cost }
      return max(0, drained == .min ? 0 : drained - now)
    }
  }

  @Test("never holds more than a bucket in which what was given back had never been", arguments: UInt64(0)..<200)
  func isStrict(_ seed: UInt64) {
    var random = Random(seed: seed)
    let burst = Int.random(in: 1...6, using: &random)
    let bucket = BucketWindow(length: 10 * second, burst: Amount(burst))
    var model = Hindsight()
    var stamps: [Int128] = []
    var now: Int64 = 0
    var passed = 0
    for step in 0..<400 {
      if Bool.random(using: &random) { now += Int64.random(in: 0...(4 * second), using: &random) }
      let moment = Moment(wall: now, monotonic: now)
      if Int.random(in: 0..<3, using: &random) == 0, let index = stamps.indices.randomElement(using: &random) {
        guard !model.taken[index].isGivenBack else { continue }
        bucket.giveBack(Amount(Int(model.taken[index].cost / (5 * second))), stamps[index], at: moment)
        model.taken[index].isGivenBack = true
        continue
      }
      let units = Int.random(in: 1...2, using: &random)
      let cost = Int64(units) * 5 * second
      guard case .taken(let stamp) = bucket.take(Amount(units), at: moment, max: 2) else { continue }
      passed += 1
      stamps.append(stamp)
      model.taken.append((now, cost, false))
      #expect(model.debt(at: now) <= Int64(burst) * 5 * second, "seed \(seed), step \(step)")
    }
    #expect(passed > 10)
  }
}
