import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Keeps a connection to Redis: makes it, makes it again when it was lost, and waits longer each time that fails. For its
/// event loop alone.
final class RedisLink {
  typealias Connected = (Result<RedisConnection, RedisFailure>) -> Void

  private enum State {
    case idle
    case connecting
    case ready(RedisConnection, since: NIODeadline)
    case down(RedisFailure)
    case closed
  }

  private let address: RedisAddress
  private let loop: any EventLoop
  private let times: RedisTimes
  private var security: NIOSSLContext?
  private var state = State.idle
  private var waiting: [Connected] = []
  private var pause: Int64 = 0
  /// Which connection it is: of the first, 1.
  private(set) var epoch = 0

  /// Prepares a connection on which everything can be sent; its second argument says whether that was done.
  var greet: ((RedisConnection, @escaping (Result<Void, RedisFailure>) -> Void) -> Void)?
  /// A connection is of no use any more.
  var lost: (() -> Void)?

  init(_ address: RedisAddress, on loop: any EventLoop, _ times: RedisTimes) {
    self.address = address
    self.loop = loop
    self.times = times
  }

  /// The connection, where there is one.
  var connection: RedisConnection? { if case .ready(let connection, _) = state { connection } else { nil } }

  /// Hands over the connection: at once where there is one, or where there is none and it is not time to make one.
  func use(_ body: @escaping Connected) {
    switch state {
    case .ready(let connection, _): body(.success(connection))
    case .down(let failure): body(.failure(failure))
    case .closed: body(.failure(RedisFailure("the store in \(address) has been closed")))
    case .connecting: waiting.append(body)
    case .idle:
      waiting.append(body)
      connect()
    }
  }

  /// Ends it: no connection is made any more.
  func close() {
    let connection = connection
    state = .closed
    connection?.close(RedisFailure("the store in \(address) has been closed"))
    answer(.failure(RedisFailure("the store in \(address) has been closed")))
  }

  private func answer(_ result: Result<RedisConnection, RedisFailure>) {
    let bodies = waiting
    waiting = []
    for body in bodies { body(result) }
  }

  // MARK: Connecting

  private func connect() {
    state = .connecting
    epoch += 1
    let security: NIOSSLContext?
    do {
      security = try context()
    } catch {
      return fail(RedisFailure("\(address) cannot be reached by TLS: \(words(error))"))
    }
    let (address, patience) = (address, TimeAmount.nanoseconds(times.answer))
    let bootstrap = ClientBootstrap(group: loop).connectTimeout(.nanoseconds(times.connection))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let security { try pipeline.addHandler(try RedisLink.handler(of: security, for: address)) }
          try pipeline.addHandler(RedisConnection(address, patience: patience))
        }
      }
    let connecting =
      switch address.endpoint {
      case .host(let host, let port): bootstrap.connect(host: host, port: port)
      case .socket(let path): bootstrap.connect(unixDomainSocketPath: path)
      }
    connecting.assumeIsolated().whenComplete { [weak self] result in
      guard let self, case .connecting = self.state else {
        if case .success(let channel) = result { channel.close(promise: nil) }
        return
      }
      switch result {
      case .failure(let error): self.fail(RedisFailure("\(address) cannot be reached: \(self.words(error))"))
      case .success(let channel):
        do {
          self.authenticate(try channel.pipeline.syncOperations.handler(type: RedisConnection.self))
        } catch {
          channel.close(promise: nil)
          self.fail(RedisFailure("\(address) has closed the connection"))
        }
      }
    }
  }

  private func context() throws -> NIOSSLContext? {
    guard case .tls(let authorities) = address.protection else { return nil }
    if let security { return security }
    var configuration = TLSConfiguration.makeClientConfiguration()
    if let authorities {
      guard access(authorities, R_OK) == 0 else { throw RedisFailure("the file \(authorities) cannot be read") }
      configuration.trustRoots = .file(authorities)
    }
    let made = try NIOSSLContext(configuration: configuration)
    security = made
    return made
  }

  /// A certificate has to be valid for the host that is named; for an address of digits, for that.
  private static func handler(of security: NIOSSLContext, for address: RedisAddress) throws -> NIOSSLClientHandler {
    guard case .host(let host, _) = address.endpoint else {
      return try NIOSSLClientHandler(context: security, serverHostname: nil)
    }
    let isDigits = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    return try NIOSSLClientHandler(context: security, serverHostname: isDigits ? nil : host)
  }

  private func words(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if let first = error.connectionErrors.first { return words(first.error) }
      return "no machine of that name is known"
    case let error as IOError: return RedisConnection.words(error)
    case ChannelError.connectTimeout(let time): return "no answer within \(time.nanoseconds / 1_000_000) ms"
    default: return RedisConnection.words("\(error)")
    }
  }

  // MARK: Greeting

  private func authenticate(_ connection: RedisConnection) {
    connection.ended = { [weak self] failure in self?.ended(failure) }
    guard let password = address.password else { return select(connection) }
    let command = address.user.map { RedisCommand("AUTH", $0, password) } ?? RedisCommand("AUTH", password)
    connection.send(command) { [self] result in
      if let failure = refusal(result) {
        // What is said may hold what was sent.
        let isLost = (try? result.get()) == nil
        return connection.close(isLost ? failure : RedisFailure("\(address) refuses the user or the password"))
      }
      select(connection)
    }
  }

  private func select(_ connection: RedisConnection) {
    guard address.database != 0 else { return load(connection) }
    connection.send(RedisCommand("SELECT", String(address.database))) { [self] result in
      if let failure = refusal(result) { return connection.close(failure) }
      load(connection)
    }
  }

  private func load(_ connection: RedisConnection) {
    let scripts = RedisScript.allCases
    for script in scripts {
      connection.send(RedisCommand("SCRIPT", "LOAD", script.text)) { [self] result in
        if let failure = refusal(result) { return connection.close(failure) }
        connection.digests[script] = (try? result.get())?.bytes
        guard connection.digests.count == scripts.count else { return }
        finish(connection)
      }
    }
  }

  private func finish(_ connection: RedisConnection) {
    greet?(connection) { [weak self] result in
      guard let self, case .connecting = self.state else { return }
      if case .failure(let failure) = result { return connection.close(failure) }
      self.state = .ready(connection, since: self.loop.now)
      self.answer(.success(connection))
    }
  }

  /// Why a command was not carried out; nil where it was.
  func refusal(_ result: Result<RedisReply, RedisFailure>) -> RedisFailure? {
    switch result {
    case .failure(let failure): failure
    case .success(.error(let text)): RedisFailure("\(address) refuses: \(RedisConnection.words(text))")
    case .success: nil
    }
  }

  // MARK: Losing it

  private func ended(_ failure: RedisFailure) {
    switch state {
    case .ready(_, let since):
      lost?()
      // Not at once again where it was lost as soon as it was there.
      guard loop.now - since >= .nanoseconds(times.pauses.last) else { return fail(failure) }
      pause = 0
      connect()
    case .connecting: fail(failure)
    case .idle, .down, .closed: break
    }
  }

  private func fail(_ failure: RedisFailure) {
    state = .down(failure)
    pause = min(max(times.pauses.first, pause * 2), times.pauses.last)
    loop.assumeIsolated().scheduleTask(in: .nanoseconds(pause)) { [weak self] in
      guard let self, case .down = self.state else { return }
      self.connect()
    }
    answer(.failure(failure))
  }
}
