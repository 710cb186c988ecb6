import Foundation
import Policy
import Randomness
import Synchronization
import Testing

@testable import Counters

@Suite("The store in Redis")
struct RedisStoreTests {
  private static func store() throws -> WaitingStore { try WaitingStore(RedisServer.shared()) }

  @Test("counts together with every other store on the same prefix, and with no other")
  func shared() throws {
    let server = try RedisServer.shared()
    let stores = try (0..<4).map { _ in try WaitingStore(server, prefix: "shared:") }
    let granted = try (0..<40).filter { try #require(stores[$0 % 4].answer([place(max: 10)], at: 1)).id != nil }
    #expect(granted.count == 10)
    #expect(try WaitingStore(server, prefix: "other:").answer([place(max: 10)], at: 1)?.id != nil)
  }

  @Test("digits are never lost, however many there are")
  func digits() throws {
    let store = try RedisStoreTests.store()
    let most = Amount(units: (0..<36).reduce(Int128(0)) { digits, _ in digits * 10 + 9 })
    for algorithm in [RateLimit.Algorithm.sliding, .fixed, .month, .concurrency] {
      var budget = place("\(algorithm)", max: most, algorithm)
      budget.amount = Amount(units: 1)
      let first = try #require(store.answer([budget], at: 1)?.id)
      budget.amount = Amount(units: most.units - 2)
      #expect(store.answer([budget], at: 1)?.id != nil)
      #expect(store.readAtOnce(budget, at: Moment(simulated: 1)) == .used(Amount(units: most.units - 1)))
      budget.amount = Amount(units: 2)
      guard
        case .exhausted(0, Amount(units: most.units - 1), _)? = store.reserveAtOnce(
          Claim([budget]), at: Moment(simulated: 1))
      else {
        Issue.record("\(algorithm): two of one are granted")
        continue
      }
      store.release(first, at: Moment(simulated: 1))
      #expect(store.answer([budget], at: 1)?.id != nil)
      #expect(store.readAtOnce(budget, at: Moment(simulated: 1)) == .used(most))
    }
  }

  @Test("a limit of many keeps few times, and never lets more pass in any window")
  func coarse() throws {
    let store = try RedisStoreTests.store()
    var random = Random(seed: 3)
    var now: Int64 = 0
    var granted: [Int64] = []
    for _ in 0..<3000 {
      now += microsecond * Int64.random(in: 0...125_000, using: &random)
      if store.answer([place(max: 400)], at: Moment(wall: now, monotonic: now))?.id != nil { granted.append(now) }
    }
    for index in granted.indices.dropFirst(400) { #expect(granted[index] - granted[index - 400] >= 60 * second) }
    #expect(granted.count > 800)
    let keys = try RedisServer.shared().command("KEYS", store.prefix + "count:*").split(separator: "\n")
    #expect(keys.count == 1)
    let fields = try RedisServer.shared().command("HLEN", String(try #require(keys.first)))
    #expect(try #require(Int(fields)) < 262)
  }

  @Test("answers for months and weeks as the store in memory does")
  func calendar() throws {
    let (store, model) = (try RedisStoreTests.store(), MemoryStore())
    var random = Random(seed: 5)
    let day = 86_400 * second
    var now = 1_700_000_000 * second
    for step in 0..<1500 {
      now += microsecond * Int64.random(in: 0...(2 * day / microsecond), using: &random)
      let moment = Moment(wall: now, monotonic: now)
      let limits = [place("month", max: 9, .month), place("week", max: 3, seconds: 7 * 86_400, .fixed)]
      let asked = [limits[Int.random(in: 0...1, using: &random)]]
      #expect(store.answer(asked, at: moment)?.refusal == model.answer(asked, at: moment)?.refusal, "step \(step)")
    }
  }

  @Test("fills buckets as the store in memory does, whatever is given back", arguments: UInt64(0)..<4)
  func buckets(_ seed: UInt64) throws {
    let (store, model) = (try RedisStoreTests.store(), MemoryStore())
    var random = Random(seed: seed)
    // What drains in a microsecond is a whole number of units here: the other store rounds where it is none.
    let limit = place("b", max: 5, seconds: 10, .bucket(burst: 3))
    var ids: [(redis: ReservationID, memory: ReservationID)] = []
    var now: Int64 = 1000 * second
    var refused = 0
    for step in 0..<500 {
      now += microsecond * Int64.random(in: 0...2_000_000, using: &random)
      let moment = Moment(wall: now, monotonic: now)
      if Bool.random(using: &random), let (redis, memory) = ids.randomElement(using: &random) {
        store.release(redis, at: moment)
        model.release(memory, at: moment)
        continue
      }
      var asked = limit
      asked.amount = Amount(units: 10_000_000 * Int128.random(in: 0...320_000, using: &random))
      let claim = Claim(
        [asked],
        demands: Relation.allCases.map { relation in
          .comparison(
            Demand.Comparison(index: 0, relation: relation, value: Amount(Int.random(in: 0...3, using: &random))))
        }.filter { _ in Int.random(in: 0..<8, using: &random) == 0 }, wantsCounts: true)
      switch (store.reserveAtOnce(claim, at: moment), model.reserveAtOnce(claim, at: moment)) {
      case (.granted(let redis, let left)?, .granted(let memory, let right)?):
        #expect(left == right, "seed \(seed), step \(step)")
        ids.append((redis, memory))
      case (.exhausted(_, let left, let later)?, .exhausted(_, let right, let expected)?):
        #expect(left == right && later == expected, "seed \(seed), step \(step)")
        refused += 1
      case (.unmet(let left, let some, _)?, .unmet(let right, let others, _)?):
        #expect(left == right && some == others, "seed \(seed), step \(step)")
      case (let left, let right): Issue.record("seed \(seed), step \(step): \(String(describing: (left, right)))")
      }
    }
    #expect(refused > 20)
  }

  @Test("a share of a burst is exact, and what refills is rounded down")
  func rounding() throws {
    let store = try RedisStoreTests.store()
    let limit = place(max: 7, seconds: 1, .bucket(burst: 7))
    for _ in 0..<7 { #expect(store.answer([limit], at: 1)?.id != nil) }
    #expect(store.answer([limit], at: 1)?.refusal == [0, 7, 142_857_143])
    let now = Moment(wall: second + 142_857_000, monotonic: second + 142_857_000)
    #expect(store.answer([limit], at: now)?.id == nil)
    let later = Moment(wall: second + 142_858_000, monotonic: second + 142_858_000)
    #expect(store.answer([limit], at: later)?.id != nil)
  }

  @Test("says nothing in Redis of whom is counted, and writes the counter's name")
  func hashed() throws {
    let (server, store) = (try RedisServer.shared(), try RedisStoreTests.store())
    let secret = Array("somebody@example.com".utf8)
    #expect(store.answer([place("by user", partition: secret)], at: 0)?.id != nil)
    let keys = try server.command("KEYS", store.prefix + "*").split(separator: "\n").map(String.init)
    for key in keys { #expect(!key.contains("somebody")) }
    let count = try #require(keys.first { $0.contains("count:") })
    #expect(try server.command("HGET", count, "n") == "by user")
    #expect(try !server.command("HGETALL", count).contains("somebody"))
  }

  @Test("lists what is counted, and begins it anew")
  func records() throws {
    let store = try RedisStoreTests.store()
    let limits = [
      place("a", seconds: 60), place("b", seconds: 3600, .fixed, partition: [1]), place("c", .month),
      place("d", max: 6, seconds: 60, .bucket(burst: 5)), place("e", .concurrency), place("f"),
    ]
    let start = 1_700_000_000.0
    for limit in limits.dropLast() { _ = try #require(store.answer([limit], at: start)?.id) }
    let gone = try #require(store.answer([limits[5]], at: start)?.id)
    store.release(gone, at: Moment(simulated: start))
    func records(_ most: Int) throws -> CountRecords {
      try #require(waited { store.store.records(atMost: most, then: $0) }).get()
    }
    let found = try records(10)
    #expect(!found.hasMore)
    let sorted = found.records.sorted { $0.counter < $1.counter }
    #expect(sorted.map(\.counter) == ["a", "b", "c", "d", "e"])
    #expect(sorted.map(\.used) == [1, 1, 1, 1, 1])
    #expect(sorted.map(\.isOfAll) == [true, false, true, true, true])
    #expect(sorted.map(\.algorithm) == limits.dropLast().map(\.algorithm))
    #expect(sorted.map(\.window) == [60 * second, 3600 * second, nil, 60 * second, nil])
    #expect(sorted[0].freeIn == 60 * second && sorted[1].freeIn == 2800 * second)
    #expect(sorted[3].freeIn == 10 * second && sorted[4].freeIn == nil)
    #expect(try records(3).records.count == 3 && records(3).hasMore)
    let reset = waited { store.store.reset([sorted[0].key, sorted[1].key, [1, 2]], then: $0) }
    #expect(try #require(reset).get() == 2)
    #expect(try Set(records(10).records.map(\.counter)) == ["c", "d", "e"])
    #expect(store.store.place == "Redis at 127.0.0.1:\(try RedisServer.shared().port)")
  }

  @Test("a rule that was changed to another kind of window counts anew, and disturbs nobody")
  func kinds() throws {
    let store = try RedisStoreTests.store()
    for limit in [place(max: 1), place(max: 1, .fixed), place(max: 1, seconds: 61), place(max: 1, .bucket(burst: 1))] {
      #expect(store.answer([limit], at: 1)?.id != nil)
      #expect(store.answer([limit], at: 1)?.id == nil)
      #expect(store.readAtOnce(limit, at: Moment(simulated: 1)) == .used(1))
    }
  }

  @Test("no more pass than the limit, from however many stores on threads and loops of their own")
  func crowd() async throws {
    let server = try RedisServer.shared()
    let granted = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let store = try WaitingStore(server, prefix: "crowd:", isSimulated: false).store
          var granted = 0
          for _ in 0..<20 {
            granted += await withTaskGroup(of: Bool.self) { calls in
              for _ in 0..<25 {
                calls.addTask {
                  await withCheckedContinuation { waiting in
                    store.reserve(Claim([place(max: 1234, seconds: 86_400)]), at: Moment(simulated: 0)) {
                      waiting.resume(returning: $0.id != nil)
                    }
                  }
                }
              }
              return await calls.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
          }
          return granted
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(granted == 1234)
  }

  @Test("what is unreadable refuses, whatever it was, and takes nothing elsewhere")
  func unreadable() throws {
    let (server, store) = (try RedisServer.shared(), try RedisStoreTests.store())
    #expect(store.answer([place("broken")], at: 0)?.id != nil)
    let key = try server.command("KEYS", store.prefix + "count:*")
    for (command, words) in [(["HSET", key, "h", "rubbish"], "too short"), (["SET", key, "x"], "WRONGTYPE")] {
      try server.command(words: command)
      let answer = store.answer([place("whole", max: 1), place("broken")], at: 1)
      guard case .unavailable(let reason)? = answer else {
        Issue.record("an unreadable count counts: \(String(describing: answer))")
        return
      }
      #expect(reason.contains(words), "\(reason)")
    }
    #expect(store.answer([place("whole", max: 1)], at: 1)?.id != nil)
  }

  @Test("scripts that the server has forgotten are told it again")
  func flushed() throws {
    let server = try RedisServer()
    let store = try WaitingStore(server)
    #expect(store.answer([place(max: 3)], at: 0)?.id != nil)
    try server.command("SCRIPT", "FLUSH")
    let id = try #require(store.answer([place(max: 3)], at: 1)?.id)
    try server.command("SCRIPT", "FLUSH")
    store.release(id, at: Moment(simulated: 1))
    #expect(store.readAtOnce(place(), at: Moment(simulated: 1)) == .used(1))
  }

  @Test("leaves nothing behind")
  func leftovers() throws {
    let server = try RedisServer()
    let times = RedisTimes(lease: 300_000_000, slack: 0, longest: 1_000_000_000)
    let store = try WaitingStore(server, isSimulated: false, times: times)
    let limits = [
      place("a", seconds: 0.1), place("b", seconds: 0.1, .fixed), place("c", seconds: 0.1, .bucket(burst: 3)),
      place("d", .concurrency),
    ]
    for _ in 0..<2 {
      let id = try #require(store.answer(limits, at: 0)?.id)
      store.forwarded(id, at: Moment(simulated: 0))
      store.settle(id, at: Moment(simulated: 0))
    }
    _ = try #require(store.answer(limits, at: 0)?.id)
    store.store.abandon()
    let end = ContinuousClock.now + .seconds(20)
    var keys = "?"
    while ContinuousClock.now < end {
      keys = try server.command("KEYS", "*")
      if keys == store.prefix + "clock" { return }
      usleep(20_000)
    }
    Issue.record("left behind: \(keys)")
  }
}
