import Policy

/// What a store in Redis still has to see to: what it holds there, and what the server has not confirmed. Does no I/O.
///
/// Everything that is told the server is told again after a connection was lost, until it is confirmed; the server does
/// each of them once. But for what is given back of a call that was forwarded: that is told once, and may stay spent.
struct RedisLedger {
  /// How much can be unconfirmed at once; beyond it nothing is claimed.
  private static let mostNotices = 65_536

  /// What was taken for a call that has not ended.
  private struct Held {
    let number: UInt64
    let marks: [UInt8]
    var isForwarded = false
  }

  /// What is to be told of one number: first that it is forwarded, then that it has ended.
  private struct Notice {
    var forward: (marks: [UInt8], kept: [UInt8])?
    /// What is given back besides what is held under the number.
    var end: [UInt8]?
    var isForwardSent = false
    var isEndSent = false

    var isDone: Bool { forward == nil && end == nil }
  }

  /// What is to be sent now.
  enum Message: Equatable {
    /// Nothing of it is given back unless that is asked for.
    case forward(UInt64, marks: [UInt8], kept: [UInt8])
    /// What is held under the number is given back, and this.
    case end(UInt64, extra: [UInt8])
  }

  private var pending = PendingReservations<Held>()
  private var notices: [UInt64: Notice] = [:]
  private var lastNumber: UInt64 = 0

  /// Why a claim cannot be followed; nil where it can.
  func objection(to claim: Claim) -> ReservationAnswer? {
    if let objection = pending.objection(to: claim) { return objection }
    guard notices.count >= RedisLedger.mostNotices else { return nil }
    return .unavailable("Redis has not confirmed how too many calls have ended")
  }

  /// A number for what is about to be taken.
  mutating func next() -> UInt64 {
    lastNumber += 1
    return lastNumber
  }

  /// Nobody knows whether it was taken: if so, it is given back.
  mutating func lost(_ number: UInt64) { notices[number, default: Notice()].end = [] }

  /// It was taken. Nil where it has to be given back, as nobody could follow it to its end.
  mutating func hold(_ number: UInt64, _ marks: [UInt8]) -> ReservationID? {
    if pending.isFull, !marks.isEmpty {
      guard RedisLedger.kept(of: marks).isEmpty else {
        lost(number)
        return nil
      }
      // It is as good as forwarded.
      forward(Held(number: number, marks: marks))
    }
    return pending.insert(Held(number: number, marks: marks))
  }

  // MARK: Outcomes

  mutating func forwarded(_ id: ReservationID) {
    let held = pending.change(id) { held -> Held? in
      defer { held.isForwarded = true }
      return held.isForwarded ? nil : held
    }
    if let held = held ?? nil, !held.marks.isEmpty { forward(held) }
  }

  /// The call has ended so.
  mutating func end(_ id: ReservationID, as outcome: CallOutcome) {
    guard let held = pending.remove(id), !held.marks.isEmpty else { return }
    if outcome == .notCarriedOut, !held.isForwarded {
      // All of it is still held.
      notices[held.number, default: Notice()].end = []
      return
    }
    if !held.isForwarded { forward(held) }
    let extra = RedisLedger.marks(in: held.marks) { $0.applies(to: outcome) && !$0.applies(to: .carriedOut) }
    guard !extra.isEmpty || !RedisLedger.kept(of: held.marks).isEmpty else { return }
    notices[held.number, default: Notice()].end = extra
  }

  private mutating func forward(_ held: Held) {
    notices[held.number, default: Notice()].forward = (held.marks, RedisLedger.kept(of: held.marks))
  }

  /// What goes on to be held when its call is forwarded: it is given back however that ends.
  private static func kept(of marks: [UInt8]) -> [UInt8] {
    RedisLedger.marks(in: marks) { $0.applies(to: .carriedOut) }
  }

  private static func marks(in marks: [UInt8], where isWanted: (Refund) -> Bool) -> [UInt8] {
    var wanted: [UInt8] = []
    for start in stride(from: 0, to: marks.count - 1, by: RedisScript.markLength) {
      guard let refund = Refund(rawValue: marks[start + 1]), isWanted(refund) else { continue }
      wanted += marks[start..<min(start + RedisScript.markLength, marks.count)]
    }
    return wanted
  }

  // MARK: Telling

  /// Whether everything is confirmed.
  var isConfirmed: Bool { notices.isEmpty }

  /// What has to be sent of one number, in order.
  mutating func messages(about number: UInt64) -> [Message] {
    guard var notice = notices[number] else { return [] }
    var messages: [Message] = []
    if let (marks, kept) = notice.forward, !notice.isForwardSent {
      messages.append(.forward(number, marks: marks, kept: kept))
      notice.isForwardSent = true
    }
    if let extra = notice.end, !notice.isEndSent {
      messages.append(.end(number, extra: extra))
      notice.isEndSent = true
      notice.end = []
    }
    notices[number] = notice
    return messages
  }

  /// What has to be sent of all.
  mutating func messages() -> [Message] {
    notices.keys.sorted().flatMap { messages(about: $0) }
  }

  /// Whose number that id is, as long as it is not ended.
  mutating func number(of id: ReservationID) -> UInt64? { pending.change(id) { $0.number } }

  /// The server has done it, or refused it and is to be told again.
  mutating func answered(_ message: Message, isDone: Bool) {
    switch message {
    case .forward(let number, _, _):
      notices[number]?.isForwardSent = isDone
      if isDone { notices[number]?.forward = nil }
    case .end(let number, _):
      notices[number]?.isEndSent = isDone
      if isDone { notices[number]?.end = nil }
    }
    if notices[message.number]?.isDone ?? false { notices[message.number] = nil }
  }

  /// The connection has ended: nobody knows what of it was done.
  mutating func disconnected() {
    for number in notices.keys {
      notices[number]?.isForwardSent = false
      notices[number]?.isEndSent = false
    }
  }
}

extension RedisLedger.Message {
  /// Of which number it tells.
  var number: UInt64 {
    switch self {
    case .forward(let number, _, _), .end(let number, _): number
    }
  }
}
