import CProcess
import Foundation
import Glibc
import NIOCore
import NIOPosix
import Policy
import Synchronization
import Testing

@testable import Counters

/// A real server of Redis on a free port of this machine and a Unix socket, which keeps nothing and ends with the tests.
final class RedisServer: Sendable {
  let folder: String
  let port: Int
  private let process: Mutex<Process?> = Mutex(nil)
  private let arguments: [String]

  /// The one that tests share which need none of their own.
  static func shared() throws -> RedisServer { try common.get() }

  private static let common: Result<RedisServer, any Error> = Result { try RedisServer() }

  /// - Parameter options: more words of redis-server's command line.
  init(_ options: [String] = [], tls: Bool = false) throws {
    var template = Array("/tmp/moongate-redis-XXXXXX".utf8CString)
    folder = try template.withUnsafeMutableBufferPointer { buffer in
      let made = mkdtemp(try #require(buffer.baseAddress))
      return String(cString: try #require(made))
    }
    port = try RedisServer.freePort()
    arguments =
      [
        "redis-server", tls ? "--tls-port" : "--port", String(port), "--bind", "127.0.0.1", "--unixsocket",
        folder + "/socket", "--unixsocketperm", "700", "--dir", folder, "--save", "", "--appendonly", "no",
        "--logfile", folder + "/log",
      ]
      + (tls
        ? ["--port", "0", "--tls-auth-clients", "no", "--tls-cert-file", folder + "/certificate.pem", "--tls-key-file"]
          + [folder + "/key.pem", "--tls-ca-cert-file", folder + "/certificate.pem"] : []) + options
    if !tls { try start() }
  }

  deinit {
    kill()
    try? FileManager.default.removeItem(atPath: folder)
  }

  var address: String { "redis://127.0.0.1:\(port)" }
  var socket: String { folder + "/socket" }

  private static func freePort() throws -> Int {
    let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(isBound)
    return Int(UInt16(bigEndian: address.sin_port))
  }

  /// Starts it, and waits until it answers.
  func start() throws {
    let started = try Process(arguments)
    process.withLock { $0 = started }
    let end = ContinuousClock.now + .seconds(20)
    while !isListening {
      try #require(ContinuousClock.now < end, "redis-server does not listen: \(folder)/log")
      usleep(2000)
    }
  }

  private var isListening: Bool {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket.utf8) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  /// A certificate that vouches for itself, where the server looks for it.
  ///
  /// - Parameter name: whom it is for, such as `IP:127.0.0.1`.
  func makeCertificate(for name: String) throws {
    let maker = Foundation.Process()
    maker.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    maker.arguments =
      ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
      + ["-subj", "/CN=redis", "-addext", "subjectAltName=\(name)"]
      + ["-keyout", folder + "/key.pem", "-out", folder + "/certificate.pem"]
    maker.standardError = Pipe()
    try maker.run()
    maker.waitUntilExit()
    try #require(maker.terminationStatus == 0)
  }

  func send(_ signal: Int32) { process.withLock { $0?.send(signal) } }

  /// Kills it, and waits for its end.
  func kill() {
    process.withLock { process in
      process?.end()
      process = nil
    }
  }

  /// What redis-cli says.
  @discardableResult
  func command(_ words: String..., database: Int = 0) throws -> String {
    try command(words: words, database: database)
  }

  @discardableResult
  func command(words: [String], database: Int = 0) throws -> String {
    let pipe = Pipe()
    let client = Foundation.Process()
    client.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    client.arguments = ["redis-cli", "-s", socket, "-n", String(database)] + words
    client.standardOutput = pipe
    try client.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    client.waitUntilExit()
    return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// A child that ends with this process, whatever ends it: with the thread that started it, which waits for its end.
  private final class Process: Sendable {
    private let number = Mutex<pid_t>(0)

    init(_ arguments: [String]) throws {
      let isStarted = DispatchSemaphore(value: 0)
      let thread = Thread { [self] in
        var child: pid_t = 0
        var words = arguments.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        let flags = MOONGATE_SPAWN_DIES_WITH_PARENT
        let error = moongate_spawn("redis-server", &words, &environment, [-1, -1, -1], 3, flags, &child)
        for word in words { free(word) }
        if error == 0 { number.withLock { $0 = child } }
        isStarted.signal()
        var ending = moongate_ending()
        if error == 0 { moongate_wait(child, true, &ending) }
        number.withLock { $0 = 0 }
      }
      thread.start()
      isStarted.wait()
      try #require(number.withLock { $0 } > 0, "redis-server cannot be started; is it installed?")
    }

    func send(_ signal: Int32) {
      number.withLock { number in
        if number > 0 { _ = Glibc.kill(number, signal) }
      }
    }

    func end() {
      send(SIGKILL)
      while number.withLock({ $0 }) > 0 { usleep(1000) }
    }
  }
}

/// A store in Redis whose answers are waited for, on a clock that says what each question says.
final class WaitingStore: CounterStore {
  /// One event loop is enough for all tests.
  static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private static let number = Atomic(0)

  private let server: RedisServer
  private let clock = SetClock()
  let store: RedisStore
  let prefix: String

  /// - Parameters:
  ///   - prefix: that of its keys; nil for one of its own.
  ///   - isSimulated: whether the server's clock is taken to say what each question says.
  init(
    _ server: RedisServer, prefix: String? = nil, isSimulated: Bool = true, times: RedisTimes = RedisTimes()
  ) throws {
    self.server = server
    self.prefix = prefix ?? "test\(WaitingStore.number.add(1, ordering: .relaxed).newValue):"
    let clock = clock
    let simulated = RedisClock(
      steady: { clock.now.monotonic }, server: { clock.now.wall / 1000 })
    store = RedisStore(
      try RedisAddress(server.address + "?prefix=" + self.prefix), on: WaitingStore.group.next(),
      clock: isSimulated ? simulated : .system, times: times)
  }

  func reserve(_ claim: Claim, at moment: Moment, then: @escaping @Sendable (ReservationAnswer) -> Void) {
    if let answer = reserveAtOnce(claim, at: moment) { then(answer) }
  }

  func reserveAtOnce(_ claim: Claim, at moment: Moment) -> ReservationAnswer? {
    clock.set(moment)
    return waited { store.reserve(claim, at: moment, then: $0) }
  }

  func read(_ reservation: Reservation, at moment: Moment, then: @escaping @Sendable (CounterReading) -> Void) {
    if let reading = readAtOnce(reservation, at: moment) { then(reading) }
  }

  func readAtOnce(_ reservation: Reservation, at moment: Moment) -> CounterReading? {
    clock.set(moment)
    return waited { store.read(reservation, at: moment, then: $0) }
  }

  func forwarded(_ id: ReservationID, at moment: Moment) {
    clock.set(moment)
    store.forwarded(id, at: moment)
    drain()
  }

  func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment) {
    clock.set(moment)
    store.end(id, as: outcome, at: moment)
    drain()
  }

  /// Waits until the store's loop has done what it was given.
  func drain() { try? WaitingStore.group.next().submit {}.wait() }
}

/// What something says that says it later, on another thread.
func waited<Answer: Sendable>(_ ask: (@escaping @Sendable (Answer) -> Void) -> Void) -> Answer? {
  let answer = Mutex<Answer?>(nil)
  let isAnswered = DispatchSemaphore(value: 0)
  ask { given in
    answer.withLock { $0 = given }
    isAnswered.signal()
  }
  isAnswered.wait()
  return answer.withLock { $0 }
}
