import NIOCore
import Policy

/// One store's dealings with Redis, on its event loop: claims go out and answers come in, what is held is told of, and
/// the lease is renewed.
final class RedisSession {
  let address: RedisAddress
  private let loop: any EventLoop
  let times: RedisTimes
  let keys: RedisKeys
  let link: RedisLink
  private var time: SharedTime
  private var ledger = RedisLedger()
  private var claimsWaiting = 0
  private var isRenewing = false

  init(_ address: RedisAddress, on loop: any EventLoop, scope: String, clock: RedisClock, times: RedisTimes) {
    self.address = address
    self.loop = loop
    self.times = times
    let name = (0..<2).map { _ in String(UInt64.random(in: 0 ... .max), radix: 16) }.joined(separator: "-")
    keys = RedisKeys(prefix: address.prefix, owner: name, scope: scope)
    link = RedisLink(address, on: loop, times)
    time = SharedTime(clock)
    link.greet = { [weak self] connection, done in
      self?.renew(on: connection) { result in
        if case .success = result { self?.tellAll(on: connection) }
        done(result)
      }
    }
    link.lost = { [weak self] in self?.ledger.disconnected() }
  }

  /// What every script is told first.
  var head: [Double] {
    [time.given, time.estimate, Double(times.lease / 1000), Double(times.slack / 1000)]
  }

  /// Makes the connection.
  func open(then: @escaping (RedisFailure?) -> Void) {
    link.use { result in
      switch result {
      case .success: then(nil)
      case .failure(let failure): then(failure)
      }
    }
  }

  // MARK: Claims

  func reserve(_ claim: Claim, then: @escaping (ReservationAnswer) -> Void) {
    if let objection = ledger.objection(to: claim) { return then(objection) }
    wait { [self] result in
      switch result {
      case .failure(let failure): then(.unavailable(failure.description))
      case .success(let connection): take(RedisClaim(claim, keys), on: connection, isAgain: false, then: then)
      }
    } orElse: {
      then(.unavailable($0))
    }
  }

  func read(_ reservation: Reservation, then: @escaping (CounterReading) -> Void) {
    var only = reservation
    (only.amount, only.max) = (0, nil)
    let claim = RedisClaim(Claim([only], wantsCounts: true), keys)
    wait { [self] result in
      switch result {
      case .failure(let failure): then(.unavailable(failure.description))
      case .success(let connection):
        claimsWaiting += 1
        connection.send(claim.command(keys, head: head, number: 0, epoch: 0, times)) { [self] result in
          claimsWaiting -= 1
          switch outcome(of: claim, result, on: connection) {
          case .success(.granted(_, let counts, _)): then(.used(counts.first ?? 0))
          case .success: then(.unavailable("\(address) gave another answer than was asked for"))
          case .failure(let failure): then(.unavailable(failure.description))
          }
        }
      }
    } orElse: {
      then(.unavailable($0))
    }
  }

  /// Waits for the connection, unless too many do.
  private func wait(_ body: @escaping RedisLink.Connected, orElse refuse: (String) -> Void) {
    guard claimsWaiting < times.mostWaiting else { return refuse("too many calls wait for \(address)") }
    claimsWaiting += 1
    link.use { [self] result in
      claimsWaiting -= 1
      body(result)
    }
  }

  private func take(
    _ claim: RedisClaim, on connection: RedisConnection, isAgain: Bool, then: @escaping (ReservationAnswer) -> Void
  ) {
    let number = ledger.next()
    claimsWaiting += 1
    let command = claim.command(keys, head: head, number: number, epoch: link.epoch, times)
    connection.send(command) { [self] result in
      claimsWaiting -= 1
      switch outcome(of: claim, result, on: connection) {
      case .failure(let failure):
        if (try? result.get()) == nil || failure.isDoubtful { ledger.lost(number) }
        then(.unavailable(failure.description))
      case .success(.granted(let marks, let counts, _)):
        let id = ledger.hold(number, marks)
        then(
          id.map { .granted($0, counts: counts) }
            ?? .unavailable("as many calls await their outcome as can be followed"))
        tell(number, on: connection)
      case .success(.exhausted(let index, let used, let retryAfter)):
        then(.exhausted(index: index, used: used, retryAfter: retryAfter))
      case .success(.unmet(let demand, let counts, let retryAfter)):
        then(.unmet(demand: demand, counts: counts, retryAfter: retryAfter))
      case .success(.lapsed):
        guard !isAgain else { return then(.unavailable("\(address) has forgotten this store")) }
        renew(on: connection) { _ in }
        take(claim, on: connection, isAgain: true, then: then)
      }
    }
  }

  func outcome(
    of claim: RedisClaim, _ result: Result<RedisReply, RedisFailure>, on connection: RedisConnection
  ) -> Result<RedisClaim.Outcome, RedisFailure> {
    if let failure = link.refusal(result) {
      leave(connection, if: result)
      return .failure(failure)
    }
    guard let reply = try? result.get(), let (outcome, elapsed) = claim.outcome(reply) else {
      let failure = RedisFailure("\(address) gave an answer that is none", isDoubtful: true)
      connection.close(failure)
      return .failure(failure)
    }
    time.saw(elapsed)
    return .success(outcome)
  }

  /// A server that may not be written to has been replaced by another, which is found by connecting again.
  private func leave(_ connection: RedisConnection, if result: Result<RedisReply, RedisFailure>) {
    guard case .success(.error(let text)) = result, text.hasPrefix("READONLY"), let failure = link.refusal(result)
    else {
      return
    }
    connection.close(failure)
  }

  // MARK: Outcomes

  func forwarded(_ id: ReservationID) {
    guard let number = ledger.number(of: id) else { return }
    ledger.forwarded(id)
    guard let connection = link.connection else { return }
    tell(number, on: connection)
    // It leaves before the call does.
    connection.flush()
  }

  func end(_ id: ReservationID, as outcome: CallOutcome) {
    guard let number = ledger.number(of: id) else { return }
    ledger.end(id, as: outcome)
    if let connection = link.connection { tell(number, on: connection) }
  }

  private func tell(_ number: UInt64, on connection: RedisConnection) {
    for message in ledger.messages(about: number) { send(message, on: connection) }
  }

  private func tellAll(on connection: RedisConnection) {
    for message in ledger.messages() { send(message, on: connection, isAgain: true) }
  }

  private func send(_ message: RedisLedger.Message, on connection: RedisConnection, isAgain: Bool = false) {
    if case .forward(let number, _, let kept) = message, kept.isEmpty, !isAgain {
      // Most often nothing has been given back meanwhile, and this does.
      return connection.send(RedisCommand("HDEL", keys.held, String(number))) { [self] result in
        if case .success(.integer(0)) = result { return send(message, on: connection, isAgain: true) }
        ledger.answered(message, isDone: link.refusal(result) == nil)
      }
    }
    connection.send(command(message)) { [self] result in
      ledger.answered(message, isDone: link.refusal(result) == nil)
    }
  }

  private func command(_ message: RedisLedger.Message) -> RedisCommand {
    switch message {
    case .forward(let number, let marks, let kept):
      var command = RedisCommand(.forward, keys: 3)
      for key in [keys.clock, keys.held, keys.returned] { command.append(key) }
      command.append(head)
      command.append(String(number))
      command.append(marks)
      command.append(kept)
      command.append(keys.prefix)
      return command
    case .end(let number, let extra):
      var command = RedisCommand(.end, keys: 2)
      for key in [keys.clock, keys.held] { command.append(key) }
      command.append(head)
      command.append(String(number))
      command.append(extra)
      command.append(keys.prefix)
      return command
    }
  }

  // MARK: The lease

  /// Renews the lease, and tells again what was not confirmed.
  private func keep() {
    guard let connection = link.connection else {
      isRenewing = false
      return
    }
    renew(on: connection) { _ in }
    tellAll(on: connection)
    renewLater()
  }

  private func renewLater() {
    isRenewing = true
    loop.assumeIsolated().scheduleTask(in: .nanoseconds(times.lease / 3)) { [weak self] in self?.keep() }
  }

  private func renew(
    for length: Int64? = nil, on connection: RedisConnection, then: @escaping (Result<Void, RedisFailure>) -> Void
  ) {
    var command = RedisCommand(.renew, keys: 3)
    for key in [keys.clock, keys.owners, keys.held] { command.append(key) }
    command.append(head)
    for word in [
      keys.owner, keys.prefix, String(link.epoch), String((length ?? times.lease) / 1000),
      String(times.longest / 1_000_000),
    ] { command.append(word) }
    connection.send(command) { [weak self] result in
      guard let self else { return then(.failure(RedisFailure("the store has gone"))) }
      if let failure = link.refusal(result) { return then(.failure(failure)) }
      if let parts = (try? result.get())?.array, parts.count == 3, let elapsed = parts[1].integer {
        time.saw(elapsed)
        // There is more to give back.
        if let left = parts[2].integer, left > 0, length == nil { renew(on: connection) { _ in } }
      }
      if !isRenewing, length == nil { renewLater() }
      then(.success(()))
    }
  }

  /// Gives back what is held, and ends.
  func close(then: @escaping () -> Void) {
    guard let connection = link.connection else {
      link.close()
      return then()
    }
    renew(for: 0, on: connection) { [link] _ in
      link.close()
      then()
    }
  }

  /// Ends without a word, as a process does that is killed.
  func abandon() { link.close() }
}
