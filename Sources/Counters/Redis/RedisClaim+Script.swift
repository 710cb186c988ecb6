import Policy

/// A claim on its way to Redis, and what its script answers.
struct RedisClaim {
  /// Longer names are cut: they are for people.
  private static let longestName = 200
  /// How many numbers a script writes of a count.
  private static let countLength = 5

  let claim: Claim
  private let reservations: [RedisReservation]
  private let names: [[UInt8]]

  init(_ claim: Claim, _ keys: RedisKeys) {
    self.claim = claim
    reservations = claim.reservations.map(RedisReservation.init)
    names = claim.reservations.map(keys.name)
  }

  /// A look at the count with that name.
  init(reading reservation: Reservation, name: [UInt8]) {
    claim = Claim([reservation], wantsCounts: true)
    reservations = [RedisReservation(reservation)]
    names = [name]
  }

  /// What became of it.
  enum Outcome: Equatable {
    /// What was taken, as it can be given back; what counts come to, and in how many nanoseconds nothing of them is
    /// counted any more.
    case granted(marks: [UInt8], counts: [Amount], free: [Int64?])
    case exhausted(index: Int, used: Amount, retryAfter: Int64?)
    case unmet(demand: Int, counts: [Amount], retryAfter: Int64?)
    /// Nothing was taken: to the server, the connection's owner is not there.
    case lapsed
  }

  /// The script's run.
  ///
  /// - Parameters:
  ///   - number: under which it is held; 0 where nothing is taken.
  ///   - epoch: which of the owner's connections this is.
  func command(_ keys: RedisKeys, head: [Double], number: UInt64, epoch: Int, _ times: RedisTimes) -> RedisCommand {
    var command = RedisCommand(.take, keys: 2 + names.count, capacity: 512 * (1 + names.count))
    command.append(keys.clock)
    command.append(keys.held)
    for name in names { command.append(keys.counts, name) }
    let wantsCounts = claim.wantsCounts || !claim.demands.isEmpty
    command.append(
      head + [Double(number), Double(epoch), wantsCounts ? 1 : 0, Double(times.longest / 1000)])
    command.append(encodedDemands)
    for (reservation, raw) in zip(reservations, claim.reservations) {
      command.append(reservation.numbers, behind: [reservation.kind.rawValue, raw.refund.rawValue])
      command.append(raw.key.counter.utf8.prefix(RedisClaim.longestName))
      command.append(RedisCountNote(raw, scope: keys.scope).text)
    }
    return command
  }

  // MARK: Demands

  private enum Form: UInt8 {
    case comparison = 1
    case all, any
  }

  private var encodedDemands: [UInt8] {
    var bytes: [UInt8] = []
    for demand in claim.demands { encode(demand, to: &bytes) }
    return bytes
  }

  private func encode(_ demand: Demand, to bytes: inout [UInt8]) {
    switch demand {
    case .comparison(let comparison): encode(comparison, to: &bytes)
    case .all(let parts):
      begin(.all, parts.count, &bytes)
      for part in parts { encode(part, to: &bytes) }
    case .any(let parts):
      begin(.any, parts.count, &bytes)
      for part in parts { encode(part, to: &bytes) }
    }
  }

  /// No count is less than nothing; and a bucket's is rounded up where it is looked at.
  private func encode(_ comparison: Demand.Comparison, to bytes: inout [UInt8]) {
    let (index, relation, value) = (comparison.index, comparison.relation, comparison.value.units)
    guard value >= 0 else {
      let holds = relation == .gt || relation == .gte || relation == .neq
      return encode(index, holds ? .gte : .lt, 0, &bytes)
    }
    guard reservations.indices.contains(index), reservations[index].kind == .bucket else {
      return encode(index, relation, value, &bytes)
    }
    let (most, below) = (reservations[index].scaled(value), value > 0 ? reservations[index].scaled(value - 1) : nil)
    func encodeBelow(_ isBelow: Bool) {
      guard let below else { return encode(index, isBelow ? .lt : .gte, 0, &bytes) }
      encode(index, isBelow ? .lte : .gt, below, &bytes)
    }
    switch relation {
    case .lte, .gt: encode(index, relation, most, &bytes)
    case .lt: encodeBelow(true)
    case .gte: encodeBelow(false)
    case .eq:
      begin(.all, 2, &bytes)
      encode(index, .lte, most, &bytes)
      encodeBelow(false)
    case .neq:
      begin(.any, 2, &bytes)
      encode(index, .gt, most, &bytes)
      encodeBelow(true)
    }
  }

  private func encode(_ index: Int, _ relation: Relation, _ units: Int128, _ bytes: inout [UInt8]) {
    begin(.comparison, index, &bytes)
    bytes.append(RedisClaim.code(of: relation))
    for number in Limbs(units).numbers { append(number, &bytes) }
  }

  private func begin(_ form: Form, _ number: Int, _ bytes: inout [UInt8]) {
    bytes.append(form.rawValue)
    append(Double(number), &bytes)
  }

  private func append(_ number: Double, _ bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private static func code(of relation: Relation) -> UInt8 {
    switch relation {
    case .lt: 0
    case .lte: 1
    case .gt: 2
    case .gte: 3
    case .eq: 4
    case .neq: 5
    }
  }

  // MARK: Answers

  /// What the script says became of it, and what the shared clock said; nil where that is none of its answers.
  func outcome(_ reply: RedisReply) -> (outcome: Outcome, elapsed: Int64)? {
    guard let parts = reply.array, parts.count >= 2, let status = parts[0].integer, let elapsed = parts[1].integer
    else { return nil }
    let outcome: Outcome? =
      switch (status, parts.count) {
      case (0, 4): granted(parts)
      case (1, 5): exhausted(parts)
      case (2, 4): unmet(parts)
      case (3, 2): .lapsed
      default: nil
      }
    return outcome.map { ($0, elapsed) }
  }

  private func granted(_ parts: [RedisReply]) -> Outcome? {
    guard let marks = parts[2].bytes, marks.count % RedisScript.markLength == 0, let numbers = parts[3].numbers,
      let counts = counts(numbers)
    else { return nil }
    return .granted(marks: marks, counts: counts.map(\.amount), free: counts.map(\.free))
  }

  private func exhausted(_ parts: [RedisReply]) -> Outcome? {
    guard let index = parts[2].integer.flatMap({ Int(exactly: $0) }), reservations.indices.contains(index),
      let count = parts[3].numbers, count.count == RedisClaim.countLength, let time = parts[4].numbers, time.count == 3,
      let used = reservations[index].amount(count[..<3])
    else { return nil }
    return .exhausted(index: index, used: used, retryAfter: reservations[index].retryAfter(time))
  }

  private func unmet(_ parts: [RedisReply]) -> Outcome? {
    guard let demand = parts[2].integer.flatMap({ Int(exactly: $0) }), claim.demands.indices.contains(demand),
      let numbers = parts[3].numbers, let counts = counts(numbers), counts.count == reservations.count
    else { return nil }
    let amounts = counts.map(\.amount)
    return .unmet(
      demand: demand, counts: amounts,
      retryAfter: claim.retryAfter(demand: demand, counts: amounts, ends: counts.map(\.end)))
  }

  /// What counts come to, in how many nanoseconds all of it stops to count at once, and in how many the last of it does.
  private func counts(_ numbers: [Double]) -> [(amount: Amount, end: Int64?, free: Int64?)]? {
    let length = RedisClaim.countLength
    guard numbers.isEmpty || numbers.count == length * reservations.count else { return nil }
    var counts: [(amount: Amount, end: Int64?, free: Int64?)] = []
    for (index, start) in stride(from: 0, to: numbers.count, by: length).enumerated() {
      guard let amount = reservations[index].amount(numbers[start..<start + 3]) else { return nil }
      let times = numbers[start + 3...start + 4].map { time in
        time < 0 ? nil : Int64(exactly: time)?.multipliedCapped(by: 1000)
      }
      counts.append((amount, times[0], times[1]))
    }
    return counts
  }
}

extension RedisReply {
  /// Numbers in 8 bytes each, the least first: as `struct.pack` writes them.
  fileprivate var numbers: [Double]? {
    guard let bytes, bytes.count % 8 == 0 else { return nil }
    return stride(from: 0, to: bytes.count, by: 8).map { start in
      var pattern: UInt64 = 0
      for byte in bytes[start..<start + 8].reversed() { pattern = pattern << 8 | UInt64(byte) }
      return Double(bitPattern: pattern)
    }
  }
}
