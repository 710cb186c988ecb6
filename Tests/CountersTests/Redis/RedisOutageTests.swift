import Foundation
import Glibc
import NIOCore
import NIOPosix
import Policy
import Synchronization
import Testing

@testable import Counters

@Suite("When Redis is not there")
struct RedisOutageTests {
  /// Asks until the answer is granted, or 20 s have passed.
  private static func served(_ store: WaitingStore, _ limit: Reservation = place(max: 100)) -> Bool {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
      if store.answer([limit], at: 0)?.id != nil { return true }
      usleep(5000)
    }
    return false
  }

  private static func reason(_ store: WaitingStore) -> String? {
    guard case .unavailable(let reason)? = store.answer([place()], at: 0) else { return nil }
    return reason
  }

  private static func store(_ address: String, times: RedisTimes = RedisTimes()) throws -> RedisStore {
    RedisStore(try RedisAddress(address), on: WaitingStore.group.next(), clock: .system, times: times)
  }

  private static func opened(_ address: String, times: RedisTimes = RedisTimes()) throws -> String? {
    let store = try store(address, times: times)
    return waited { then in store.open { then($0) } } ?? nil
  }

  private static func granted(_ address: String) throws -> Bool {
    let store = try store(address)
    let answer = waited { store.reserve(Claim([place(max: 1)]), at: Moment(simulated: 0), then: $0) }
    return answer?.id != nil
  }

  @Test("killed and started again, it refuses meanwhile with a reason, and counts again without our doing")
  func killed() throws {
    let server = try RedisServer(["--save", "1 1"])
    let store = try WaitingStore(server, isSimulated: false)
    #expect(store.answer([place(max: 100)], at: 0)?.id != nil)
    try server.command("SAVE")
    server.kill()
    let reason = try #require(RedisOutageTests.reason(store))
    #expect(reason.hasPrefix("Redis at 127.0.0.1:\(server.port) "), "\(reason)")
    let end = ContinuousClock.now + .seconds(20)
    while RedisOutageTests.reason(store) != "Redis at 127.0.0.1:\(server.port) cannot be reached: connection refused" {
      try #require(ContinuousClock.now < end)
      usleep(1000)
    }
    try server.start()
    #expect(RedisOutageTests.served(store))
    #expect(store.readAtOnce(place(max: 100), at: Moment(simulated: 0)) == .used(2))
  }

  @Test("stopped in the middle, it is waited for no longer than was said; what it may have taken is given back")
  func stopped() throws {
    let server = try RedisServer()
    let store = try WaitingStore(server, isSimulated: false, times: RedisTimes(answer: 100_000_000))
    #expect(store.answer([place(max: 100)], at: 0)?.id != nil)
    server.send(SIGSTOP)
    #expect(RedisOutageTests.reason(store)?.contains("gave no answer within 100 ms") == true)
    server.send(SIGCONT)
    #expect(RedisOutageTests.served(store))
    let end = ContinuousClock.now + .seconds(20)
    while store.readAtOnce(place(max: 100), at: Moment(simulated: 0)) != .used(2) {
      try #require(ContinuousClock.now < end, "what nobody heard of is still taken")
      usleep(1000)
    }
  }

  @Test("no more wait for it than can")
  func bound() throws {
    let server = try RedisServer()
    let store = try WaitingStore(server, isSimulated: false, times: RedisTimes(answer: 10_000_000_000, mostWaiting: 3))
    #expect(store.answer([place(max: 100)], at: 0)?.id != nil)
    server.send(SIGSTOP)
    let reasons = Reasons()
    for _ in 0..<5 {
      store.store.reserve(Claim([place()]), at: Moment(simulated: 0)) { reasons.add($0) }
    }
    store.drain()
    #expect(reasons.all.count == 2 && reasons.all.allSatisfy { $0.contains("too many calls wait") })
    server.send(SIGCONT)
    #expect(RedisOutageTests.served(store))
    #expect(reasons.all.count == 2)
  }

  /// What several calls were told.
  private final class Reasons: Sendable {
    private let reasons = Mutex([String]())

    var all: [String] { reasons.withLock { $0 } }

    func add(_ answer: ReservationAnswer) {
      guard case .unavailable(let reason) = answer else { return }
      reasons.withLock { $0.append(reason) }
    }
  }

  @Test("claims that come while the first connection is made wait for it")
  func first() throws {
    let server = try RedisServer()
    #expect(try RedisOutageTests.granted(server.address))
    #expect(try !RedisOutageTests.granted(server.address))
  }

  @Test("is spoken to through a Unix socket, in a database and under a prefix")
  func elsewhere() throws {
    let server = try RedisServer()
    #expect(try RedisOutageTests.granted("unix://\(server.socket)?db=3&prefix=mine:"))
    #expect(try !RedisOutageTests.granted("redis://127.0.0.1:\(server.port)/3?prefix=mine:"))
    #expect(try RedisOutageTests.granted("redis://127.0.0.1:\(server.port)/4?prefix=mine:"))
    let keys = try server.command("KEYS", "*", database: 3).split(separator: "\n")
    #expect(!keys.isEmpty && keys.allSatisfy { $0.hasPrefix("mine:") })
    #expect(try RedisOutageTests.opened("redis://127.0.0.1:\(server.port)/99")?.contains("out of range") == true)
    #expect(try RedisOutageTests.opened("unix:///nowhere/socket")?.contains("no such file") == true)
  }

  @Test("asks for a password, and for no more rights than are said to be needed")
  func passwords() throws {
    let server = try RedisServer(["--requirepass", "open sesame"])
    #expect(try RedisOutageTests.opened(server.address)?.contains("NOAUTH") == true)
    let wrong = try RedisOutageTests.opened("redis://:hunter2@127.0.0.1:\(server.port)")
    #expect(wrong == "Redis at 127.0.0.1:\(server.port) refuses the user or the password")
    #expect(try RedisOutageTests.granted("redis://:open%20sesame@127.0.0.1:\(server.port)"))

    let ruled = try RedisServer()
    let commands =
      "eval evalsha script|load select scan time get set del pexpire hget hmget hset hdel hexists hlen hrandfield "
      + "sadd srem zadd zrem zrangebyscore"
    try ruled.command(
      words: ["ACL", "SETUSER", "gate", "on", ">s3cret", "~moongate:*"]
        + commands.split(separator: " ").map { "+\($0)" })
    #expect(try RedisOutageTests.granted("redis://gate:s3cret@127.0.0.1:\(ruled.port)"))
    let other = try RedisOutageTests.opened("redis://gate:s3cret@127.0.0.1:\(ruled.port)?prefix=x:")
    #expect(other?.contains("NOPERM") == true || other?.contains("ACL") == true, "\(other ?? "")")
  }

  @Test("errors of the server are passed on, and heal")
  func errors() throws {
    let server = try RedisServer()
    let store = try WaitingStore(server, isSimulated: false)
    #expect(store.answer([place(max: 100)], at: 0)?.id != nil)
    try server.command("CONFIG", "SET", "maxmemory", "1")
    #expect(RedisOutageTests.reason(store)?.contains("OOM") == true)
    try server.command("CONFIG", "SET", "maxmemory", "0")
    #expect(store.answer([place(max: 100)], at: 0)?.id != nil)
    try server.command("REPLICAOF", "127.0.0.1", "1")
    #expect(RedisOutageTests.reason(store)?.contains("READONLY") == true)
    try server.command("REPLICAOF", "NO", "ONE")
    #expect(RedisOutageTests.served(store))
    #expect(store.readAtOnce(place(max: 100), at: Moment(simulated: 0)) == .used(3))
  }

  @Test("what speaks no Redis is refused")
  func stranger() throws {
    let server = try ServerBootstrap(group: WaitingStore.group).childChannelInitializer { channel in
      channel.writeAndFlush(ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\n\r\n"), promise: nil)
      return channel.eventLoop.makeSucceededVoidFuture()
    }.bind(host: "127.0.0.1", port: 0).wait()
    defer { server.close(promise: nil) }
    let port = try #require(server.localAddress?.port)
    #expect(try RedisOutageTests.opened("redis://127.0.0.1:\(port)")?.contains("speaks no Redis") == true)
    #expect(
      try RedisOutageTests.opened("rediss://127.0.0.1:\(port)", times: RedisTimes(answer: 200_000_000)) != nil)
  }

  @Test("is spoken to by TLS, where its certificate is good")
  func tls() throws {
    let server = try RedisServer(tls: true)
    try server.makeCertificate(for: "IP:127.0.0.1")
    try server.start()
    let file = server.folder + "/certificate.pem"
    #expect(try RedisOutageTests.granted("rediss://127.0.0.1:\(server.port)?ca=\(file)"))
    let stranger = try RedisServer(tls: true)
    try stranger.makeCertificate(for: "DNS:redis.example")
    try stranger.start()
    let other = try RedisOutageTests.opened(
      "rediss://127.0.0.1:\(stranger.port)?ca=\(stranger.folder)/certificate.pem")
    #expect(other?.contains("another host's") == true, "\(other ?? "")")
    let unknown = try RedisOutageTests.opened("rediss://127.0.0.1:\(server.port)")
    #expect(unknown?.contains("no authority vouches") == true, "\(unknown ?? "")")
    #expect(try RedisOutageTests.opened("rediss://127.0.0.1:\(server.port)?ca=/nowhere")?.contains("/nowhere") == true)
    let plain = try RedisOutageTests.opened("redis://127.0.0.1:\(server.port)", times: RedisTimes(answer: 200_000_000))
    #expect(plain != nil)
  }
}
