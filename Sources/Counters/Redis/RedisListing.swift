import Policy

/// Lists the counts of a server, some at a time, so that nobody waits for long meanwhile. For its event loop alone.
final class RedisListing {
  /// How many keys are looked at in one step.
  private static let step = 256

  private let session: RedisSession
  private let most: Int
  private let then: (Result<CountRecords, RedisFailure>) -> Void
  private var found = CountRecords(records: [], hasMore: false)
  private var seen: Set<[UInt8]> = []
  private var isDone = false

  init(_ session: RedisSession, atMost most: Int, then: @escaping (Result<CountRecords, RedisFailure>) -> Void) {
    self.session = session
    self.most = most
    self.then = then
  }

  func start() {
    session.link.use { [self] result in
      switch result {
      case .failure(let failure): finish(.failure(failure))
      case .success(let connection): scan(Array("0".utf8), on: connection)
      }
    }
  }

  private func finish(_ result: Result<CountRecords, RedisFailure>) {
    guard !isDone else { return }
    isDone = true
    then(result)
  }

  private func scan(_ cursor: [UInt8], on connection: RedisConnection) {
    var command = RedisCommand("SCAN")
    command.append(cursor)
    for word in ["MATCH", RedisListing.pattern(session.keys.counts), "COUNT", String(RedisListing.step)] {
      command.append(word)
    }
    connection.send(command) { [self] result in
      if let failure = session.link.refusal(result) { return finish(.failure(failure)) }
      guard let parts = (try? result.get())?.array, parts.count == 2, let next = parts[0].bytes,
        let keys = parts[1].array?.compactMap(\.bytes)
      else { return finish(.failure(strange)) }
      look(at: keys.filter { seen.insert($0).inserted }, on: connection) { [self] in
        if next == Array("0".utf8) || found.hasMore { return finish(.success(found)) }
        scan(next, on: connection)
      }
    }
  }

  private var strange: RedisFailure { RedisFailure("\(session.address) gave an answer that is none") }

  /// Looks at one after the other, all of them sent at once.
  private func look(at keys: [[UInt8]], on connection: RedisConnection, then: @escaping () -> Void) {
    guard !keys.isEmpty else { return then() }
    var left = keys.count
    for key in keys {
      look(at: key, on: connection) {
        left -= 1
        if left == 0 { then() }
      }
    }
  }

  private func look(at key: [UInt8], on connection: RedisConnection, then: @escaping () -> Void) {
    var command = RedisCommand("HMGET")
    command.append(key)
    for field in ["n", "m"] { command.append(field) }
    connection.send(command) { [self] result in
      if case .success(.error(let text)) = result, text.hasPrefix("WRONGTYPE") { return then() }
      if let failure = session.link.refusal(result) { return finish(.failure(failure)) }
      // It may have been dropped meanwhile; and another program's key is none of ours.
      guard let parts = (try? result.get())?.array, parts.count == 2, let name = parts[0].bytes,
        let note = parts[1].bytes.flatMap(RedisCountNote.init),
        let raw = RedisKeys.digest(of: key.suffix(RedisScript.keyLength))
      else { return then() }
      let claim = RedisClaim(reading: note.reservation, name: Array(key.suffix(RedisScript.keyLength)))
      connection.send(claim.command(session.keys, head: session.head, number: 0, epoch: 0, session.times)) {
        [self] result in
        switch session.outcome(of: claim, result, on: connection) {
        case .success(.granted(_, let counts, let free)):
          if let used = counts.first, used > 0 {
            add(
              CountRecord(
                key: raw, counter: String(decoding: name, as: UTF8.self), scope: note.scope, isOfAll: note.isOfAll,
                algorithm: note.algorithm, window: note.length, used: used, freeIn: free.first ?? nil))
          }
          then()
        case .success: finish(.failure(strange))
        case .failure(let failure): finish(.failure(failure))
        }
      }
    }
  }

  private func add(_ record: CountRecord) {
    if found.records.count < most { found.records.append(record) } else { found.hasMore = true }
  }

  /// A pattern that only keys match that begin so.
  private static func pattern(_ prefix: String) -> String {
    var pattern = ""
    for character in prefix {
      if "*?[]\\^".contains(character) { pattern.append("\\") }
      pattern.append(character)
    }
    return pattern + "*"
  }
}

extension RedisSession {
  /// Forgets counts; hears how many there were.
  func forget(_ digests: [[UInt8]], then: @escaping (Result<Int, RedisFailure>) -> Void) {
    guard !digests.isEmpty else { return then(.success(0)) }
    link.use { [self] result in
      switch result {
      case .failure(let failure): then(.failure(failure))
      case .success(let connection):
        var command = RedisCommand("DEL")
        for digest in digests { command.append(keys.counts, RedisKeys.name(of: digest)) }
        connection.send(command) { [self] result in
          if let failure = link.refusal(result) { return then(.failure(failure)) }
          then(.success(Int(clamping: (try? result.get())?.integer ?? 0)))
        }
      }
    }
  }
}
