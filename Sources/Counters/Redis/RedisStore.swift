public import NIOCore
public import Policy

/// Counts in a Redis server, shared by all that name it, on however many machines. None of them lets more pass than one
/// would: each claim is one script on the server, which nothing else comes between.
///
/// What is claimed is held until the store hears that the call is forwarded, or has ended; if the process dies before,
/// the others give it back. What was forwarded stays spent, and places among calls in flight come free. For that, every
/// store has a lease on the server, and renews it. A store that was cut off for longer than the lease finds what it had
/// forwarded given back, and takes it again.
///
/// Time is the server's; where the server's clock is set, what passes on other clocks tells. All of it is exact to the
/// microsecond, and amounts are exact decimals.
///
/// It is connected when it is first asked, and again whenever the connection is lost. Without one it answers
/// ``Policy/ReservationAnswer/unavailable(_:)``, with a reason for people. The user that it connects as needs the
/// commands `EVAL`, `EVALSHA`, `SCRIPT LOAD`, `SELECT`, `SCAN`, `TIME`, `GET`, `SET`, `DEL`, `PEXPIRE`, those of hashes,
/// `SADD`, `SREM`, `ZADD`, `ZREM` and `ZRANGEBYSCORE`, on keys that begin with the address's prefix.
public final class RedisStore: OpenableStore {
  private let address: RedisAddress
  private let loop: any EventLoop
  private let session: NIOLoopBoundBox<RedisSession>

  /// A store in the server at that address.
  ///
  /// - Parameters:
  ///   - eventLoop: where its connection is; it answers there.
  ///   - scope: keeps apart counters of one name that have nothing to do with each other.
  public convenience init(_ address: RedisAddress, on eventLoop: any EventLoop, scope: String = "") {
    self.init(address, on: eventLoop, scope: scope, clock: .system)
  }

  init(
    _ address: RedisAddress, on eventLoop: any EventLoop, scope: String = "", clock: RedisClock,
    times: RedisTimes = RedisTimes()
  ) {
    self.address = address
    loop = eventLoop
    session = .makeBoxSendingValue(
      RedisSession(address, on: eventLoop, scope: scope, clock: clock, times: times), eventLoop: eventLoop)
  }

  /// Connects without being asked for anything.
  ///
  /// - Parameter then: is told on the event loop why that cannot be done, if it cannot.
  public func open(then: @escaping @Sendable (String?) -> Void) {
    onLoop { $0.open { then($0?.description) } }
  }

  /// Gives back what is held, and ends: it answers nothing but that any more.
  ///
  /// - Parameter then: called on the event loop when the server has heard of it, or cannot.
  public func close(then: @escaping @Sendable () -> Void) {
    onLoop { $0.close(then: then) }
  }

  /// Ends without a word, as a process does that is killed.
  func abandon() {
    onLoop { $0.abandon() }
  }

  func onLoop(_ body: @escaping @Sendable (RedisSession) -> Void) {
    if loop.inEventLoop { return body(session.value) }
    loop.execute { [session] in body(session.value) }
  }

  /// What it is, for people.
  public var place: String { address.description }

  // MARK: Claims

  /// Takes what the claim asks for, or nothing at all; `then` is called on the event loop.
  public func reserve(
    _ claim: Claim, at moment: Moment, then: @escaping @Sendable (ReservationAnswer) -> Void
  ) {
    onLoop { $0.reserve(claim, then: then) }
  }

  /// Says how much is taken in a count; `then` is called on the event loop.
  public func read(
    _ reservation: Reservation, at moment: Moment, then: @escaping @Sendable (CounterReading) -> Void
  ) {
    onLoop { $0.read(reservation, then: then) }
  }

  // MARK: Outcomes

  /// What was held is spent from now on. On the event loop, the system has been handed the word when this returns.
  public func forwarded(_ id: ReservationID, at moment: Moment) { onLoop { $0.forwarded(id) } }

  /// The call has ended so: gives back what is given back then.
  public func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment) {
    onLoop { $0.end(id, as: outcome) }
  }

  deinit {
    abandon()
  }
}
