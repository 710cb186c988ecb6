import Policy
import Randomness
import Testing

@testable import Counters

@Suite("The clock of counts in Redis")
struct RedisClockTests {
  private static let hour = 3600 * second

  @Test("a server's clock that jumps frees nothing early, and closes nothing for good", arguments: [-1, 1])
  func jump(_ direction: Int64) throws {
    let store = try WaitingStore(RedisServer.shared())
    let limit = place(max: 1, seconds: 1800)
    let start = 1_700_000_000 * second
    var now = start
    var granted: [Int64] = []
    while now < start + 4 * RedisClockTests.hour {
      // For an hour it says another time.
      let isOff = (RedisClockTests.hour..<2 * RedisClockTests.hour).contains(now - start)
      let wall = now + (isOff ? direction * RedisClockTests.hour : 0)
      if store.answer([limit], at: Moment(wall: wall, monotonic: now - start))?.id != nil {
        granted.append(now - start)
      }
      now += 60 * second
    }
    #expect(granted == (0..<8).map { $0 * 1800 * second })
  }

  @Test("fixed windows stay where they are, and a clock that was set is followed after a day")
  func calendar() throws {
    let store = try WaitingStore(RedisServer.shared())
    let limit = place(max: 1, seconds: 3600, .fixed)
    let start = 472_222 * RedisClockTests.hour
    var granted: [Int64] = []
    for step in 0..<(30 * 4) {
      let passed = Int64(step) * 900 * second
      let wall = start + passed + (step < 4 ? 0 : 1800 * second)
      if store.answer([limit], at: Moment(wall: wall, monotonic: passed))?.id != nil { granted.append(passed) }
    }
    let first = granted.prefix(24)
    #expect(Array(first) == (0..<24).map { $0 * RedisClockTests.hour })
    // Windows begin half an hour earlier in the end.
    #expect(granted.last.map { $0 % RedisClockTests.hour } == 1800 * second)
  }

  @Test("a store that is new believes the server's clock, which never goes back for others")
  func fresh() throws {
    let server = try RedisServer.shared()
    let limit = place(max: 1, seconds: 600)
    let old = try WaitingStore(server, prefix: "fresh:")
    #expect(old.answer([limit], at: 1_000_000)?.id != nil)
    let new = try WaitingStore(server, prefix: "fresh:")
    #expect(new.answer([limit], at: 1_000_300)?.refusal == [0, 1, 300 * second])
    let late = try WaitingStore(server, prefix: "fresh:")
    #expect(late.answer([limit], at: 1_000_100)?.refusal == [0, 1, 300 * second])
  }

  @Test("an answer that was held up does not hold up time")
  func heldUp() {
    let clock = SetClock(Moment(wall: 0, monotonic: 0))
    var time = SharedTime(RedisClock(steady: { clock.now.monotonic }, server: nil))
    #expect(time.estimate < 0)
    time.saw(5_000_000)
    clock.set(Moment(wall: 0, monotonic: 60 * second))
    #expect(time.estimate == 65_000_000)
    time.saw(55_000_000)
    #expect(time.estimate == 65_000_000)
    time.saw(64_500_000)
    #expect(time.estimate == 64_500_000)
    time.saw(99_000_000)
    #expect(time.estimate == 99_000_000)
  }

  /// Several stores on machines of their own, and a server whose clock is set now and then.
  @Test("no more pass than in any window, whatever clocks do", arguments: UInt64(0)..<6)
  func never(_ seed: UInt64) throws {
    let server = try RedisServer.shared()
    let stores = try (0..<3).map { _ in try WaitingStore(server, prefix: "never\(seed):") }
    var random = Random(seed: seed)
    let limit = place(max: 5, seconds: 600)
    var granted: [Int64] = []
    var (now, off) = (1_700_000_000 * second, Int64(0))
    for store in stores { _ = store.answer([place("other")], at: Moment(wall: now, monotonic: 0)) }
    for step in 0..<600 {
      now += microsecond * Int64.random(in: 0...60_000_000, using: &random)
      if step % 40 == 20 { off = Int64.random(in: -2...2, using: &random) * RedisClockTests.hour / 2 }
      let index = Int.random(in: 0..<3, using: &random)
      let moment = Moment(wall: now + off, monotonic: now - 1_700_000_000 * second)
      if stores[index].answer([limit], at: moment)?.id != nil { granted.append(now) }
    }
    for index in granted.indices.dropFirst(5) {
      #expect(granted[index] - granted[index - 5] >= 600 * second, "seed \(seed)")
    }
    #expect(granted.count > 80, "seed \(seed): \(granted.count)")
  }
}
