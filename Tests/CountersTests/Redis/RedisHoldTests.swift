import Glibc
import Policy
import Testing

@testable import Counters

@Suite("What is held in Redis")
struct RedisHoldTests {
  private static let lease = RedisTimes(lease: 300_000_000)

  /// What a process does with a reservation before it dies, and whether its place is free afterwards.
  @Test(
    "and was not forwarded is given back when its process dies, and nothing else",
    arguments: [("held", 3), ("forwarded", 2), ("settled", 2), ("released", 3)])
  func crash(_ deed: String, _ left: Int) throws {
    let server = try RedisServer.shared()
    let prefix = "crash \(deed):".replacing(" ", with: "-")
    let survivor = try WaitingStore(server, prefix: prefix, isSimulated: false, times: RedisHoldTests.lease)
    let dying = try WaitingStore(server, prefix: prefix, isSimulated: false, times: RedisHoldTests.lease)
    let (limit, slot) = (place("limit", max: 3, seconds: 3600), place("slot", max: 3, .concurrency))
    let moment = Moment(simulated: 0)
    let id = try #require(dying.answer([limit, slot], at: 0)?.id)
    if deed == "forwarded" || deed == "settled" { dying.forwarded(id, at: moment) }
    if deed == "settled" { dying.settle(id, at: moment) }
    if deed == "released" { dying.release(id, at: moment) }
    #expect(survivor.readAtOnce(limit, at: moment) == .used(deed == "released" ? 0 : 1))
    dying.store.abandon()
    let end = ContinuousClock.now + .seconds(20)
    while survivor.readAtOnce(slot, at: moment) != .used(0)
      || survivor.readAtOnce(limit, at: moment) != .used(Amount(3 - left))
    {
      try #require(ContinuousClock.now < end)
      usleep(5000)
    }
    let granted = (0..<4).filter { _ in survivor.answer([limit], at: 0)?.id != nil }
    #expect(granted.count == left)
  }

  @Test("stays held as long as its process lives")
  func alive() throws {
    let server = try RedisServer.shared()
    let stores = try (0..<2).map { _ in
      try WaitingStore(server, prefix: "alive:", isSimulated: false, times: RedisHoldTests.lease)
    }
    _ = try #require(stores[0].answer([place(max: 1)], at: 0)?.id)
    let end = ContinuousClock.now + .milliseconds(1500)
    while ContinuousClock.now < end { #expect(stores[1].answer([place(max: 1)], at: 0)?.id == nil) }
  }

  @Test("is given back at once by a store that is closed")
  func closed() throws {
    let server = try RedisServer.shared()
    let (leaving, staying) = (
      try WaitingStore(server, prefix: "closed:", isSimulated: false),
      try WaitingStore(server, prefix: "closed:", isSimulated: false)
    )
    _ = try #require(leaving.answer([place(max: 1)], at: 0)?.id)
    #expect(staying.answer([place(max: 1)], at: 0)?.id == nil)
    _ = waited { then in leaving.store.close { then(true) } }
    #expect(staying.answer([place(max: 1)], at: 0)?.id != nil)
    guard case .unavailable? = leaving.answer([place(max: 1)], at: 0) else {
      Issue.record("a closed store counts")
      return
    }
  }

  /// Makes the server believe that the lease of every store has run out, and another store give back what they hold.
  private func lapse(_ prefix: String, _ other: WaitingStore) throws {
    let server = try RedisServer.shared()
    let owners = try server.command("ZRANGE", prefix + "owners", "0", "-1").split(separator: "\n").map(String.init)
    for owner in owners { try server.command("ZADD", prefix + "owners", "1", owner) }
    // It has been quiet for long enough.
    try server.command("EVAL", RedisHoldTests.calm, "1", prefix + "clock")
    _ = waited { then in other.store.close { then(true) } }
  }

  private static let calm = """
    local noted = {struct.unpack('<ddddd', redis.call('GET', KEYS[1]))}
    redis.call('SET', KEYS[1], struct.pack('<ddddd', noted[1], noted[2], noted[3], noted[4], 0))
    """

  @Test("and was forwarded while its lease had run out is taken again, slots too")
  func takenAgain() throws {
    let server = try RedisServer.shared()
    let prefix = "again:"
    let store = try WaitingStore(server, prefix: prefix, isSimulated: false)
    let other = try WaitingStore(server, prefix: prefix, isSimulated: false)
    let moment = Moment(simulated: 0)
    let limits = [
      place("a", max: 1, seconds: 3600), place("b", max: 1, seconds: 86_400, .fixed),
      place("c", max: 1, seconds: 86_400, .bucket(burst: 1)), place("d", max: 1, .concurrency),
    ]
    let first = try #require(store.answer(limits, at: 0)?.id)
    #expect(other.answer([limits[0]], at: 0)?.id == nil)
    try lapse(prefix, other)
    for limit in limits { #expect(store.readAtOnce(limit, at: moment) == .used(0)) }
    store.forwarded(first, at: moment)
    let end = ContinuousClock.now + .seconds(20)
    for limit in limits {
      // A bucket goes on to drain.
      while store.readAtOnce(limit, at: moment) == .used(0) {
        try #require(ContinuousClock.now < end)
        usleep(1000)
      }
    }
    // It is known again, and counts.
    #expect(store.answer([place("e", max: 1)], at: 0)?.id != nil)
    store.settle(first, at: moment)
    #expect(store.readAtOnce(limits[3], at: moment) == .used(0))
    for limit in limits[..<2] { #expect(store.readAtOnce(limit, at: moment) == .used(1)) }
    #expect(store.answer([limits[2]], at: 0)?.id == nil)
  }

  @Test("and ended while its lease had run out is given back once")
  func endedMeanwhile() throws {
    let server = try RedisServer.shared()
    let prefix = "meanwhile:"
    let store = try WaitingStore(server, prefix: prefix, isSimulated: false)
    let other = try WaitingStore(server, prefix: prefix, isSimulated: false)
    let limit = place(max: 2, seconds: 3600)
    let kept = try #require(other.answer([limit], at: 0)?.id)
    other.forwarded(kept, at: Moment(simulated: 0))
    let id = try #require(store.answer([limit], at: 0)?.id)
    try lapse(prefix, other)
    #expect(store.readAtOnce(limit, at: Moment(simulated: 0)) == .used(1))
    store.release(id, at: Moment(simulated: 0))
    #expect(store.readAtOnce(limit, at: Moment(simulated: 0)) == .used(1))
  }

  @Test("and forwarded while the connection was lost is told of when there is one again, before all else")
  func reconnected() throws {
    let server = try RedisServer()
    let store = try WaitingStore(server, isSimulated: false)
    let limit = place(max: 9, seconds: 3600)
    let (first, second) = (
      try #require(store.answer([limit], at: 0)?.id), try #require(store.answer([limit], at: 0)?.id)
    )
    server.send(SIGSTOP)
    try RedisHoldTests.cut(server)
    store.store.forwarded(first, at: Moment(simulated: 0))
    store.store.release(second, at: Moment(simulated: 0))
    server.send(SIGCONT)
    let end = ContinuousClock.now + .seconds(20)
    while store.answer([limit], at: 0)?.id == nil {
      try #require(ContinuousClock.now < end)
      usleep(1000)
    }
    #expect(store.readAtOnce(limit, at: Moment(simulated: 0)) == .used(2))
    let held = try server.command("KEYS", store.prefix + "held:*")
    #expect(try server.command("HKEYS", held).split(separator: "\n").sorted() == ["0", "3"])
  }

  private static func cut(_ server: RedisServer) throws {
    server.send(SIGCONT)
    try server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
  }
}
