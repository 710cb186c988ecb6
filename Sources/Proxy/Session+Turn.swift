import Policy
import Wire

/// What becomes of the client's messages, each in its turn.
extension Session {
  /// Lets go of the messages at the front for as long as nothing holds them up.
  mutating func advance(at moment: Moment) {
    while let entry = lane.head {
      switch entry.state {
      case .withdrawn(let isReserving):
        if isReserving { return }
        lane.removeHead()
      case .reserving:
        return
      case .judging(let answers, let missing):
        guard missing == 0 else { return }
        entry.judgement?.resume(with: answers.compactMap { $0 })
        settleDown(entry, lane.headTicket)
        if case .reserving = entry.state { return }
      case .passing:
        guard entry.message.id == nil || hasRoom(under: entry.policy) else { return }
        lane.removeHead()
        pass(entry.message, at: moment)
      case .decided(let decision):
        if case .allowed = decision.verdict, !hasRoom(under: entry.policy) { return }
        lane.removeHead()
        if let call = entry.call { carryOut(decision, of: entry.message, call, at: moment) }
      }
    }
  }

  /// Whether the server may get one more request.
  func hasRoom(under policy: PolicyInForce) -> Bool {
    open.forwardedCount < policy.rules.limits.inFlight
  }

  /// Records how far a judgement has come.
  mutating func settleDown(_ entry: Lane.Entry, _ ticket: Ticket) {
    switch entry.judgement?.step {
    case .decided(let decision):
      entry.state = .decided(decision)
      entry.judgement = nil
    case .reserve(let reservations):
      entry.state = .reserving
      actions.append(.reserve(ticket, reservations, entry.policy, entry.arrived))
    case .ask, nil:
      // Validators are asked once, before anything else; a second question would be a fault of ours.
      entry.state = .decided(
        Decision(
          verdict: .refused(Refusal(rule: "moongate", reason: "the call could not be judged", fault: "asked twice"))))
    }
  }

  /// Forwards a message of the client's about which nothing is to be decided.
  mutating func pass(_ message: Message, at moment: Moment) {
    if case .request(let id, _) = message.kind {
      forward(message, id: id, reservation: nil, at: moment)
    } else {
      actions.append(.toServer(message.bytes))
    }
  }

  /// Forwards a call, or answers it with the reason why not.
  ///
  /// - Parameter request: the call's, where it is not among the open ones yet.
  mutating func carryOut(
    _ decision: Decision, of message: Message, _ call: Called, opening request: OpenRequests.Request? = nil,
    at moment: Moment
  ) {
    guard case .request(let id, _) = message.kind else { return }
    for refusal in decision.observed {
      log(
        .notice, "observed",
        "would refuse \(call.name): \(refusal.rule): \(refusal.reason)\(Session.fault(of: refusal))")
    }
    switch decision.verdict {
    case .allowed:
      log(.detail, "allowed", "allowed \(call.name)")
      if call.subject == .tool { context.calls[call.name, default: 0] += 1 }
      forward(message, id: id, opening: request, reservation: decision.reservation, at: moment)
    case .refused(let refusal), .asks(let refusal):
      decisions += 1
      let era = (request ?? open.close(id))?.era ?? .legacy
      let decisionID = decisionPrefix + String(decisions)
      log(
        refusal.fault == nil ? .notice : .warning, "refused",
        "refused \(call.name) (\(decisionID)): \(refusal.rule): \(refusal.reason)\(Session.fault(of: refusal))")
      actions.append(
        .toClient(
          Reply.refusal(
            id: id, subject: call.subject, rule: refusal.rule, reason: refusal.reason,
            retryAfterSeconds: refusal.retryAfterSeconds, remaining: refusal.remaining, decisionID: decisionID, era: era
          )[
            ...]))
    }
  }

  private static func fault(of refusal: Refusal) -> String {
    refusal.fault.map { " [\($0)]" } ?? ""
  }

  mutating func forward(
    _ message: Message, id: RequestID, opening request: OpenRequests.Request? = nil, reservation: ReservationID?,
    at moment: Moment
  ) {
    if serverEnded {
      // It was never sent: what was reserved goes back.
      let request = request ?? open.close(id)
      if let request, let reservation { actions.append(.release(reservation, request.policy, moment)) }
      actions.append(.toClient(Reply.error(id: id, code: -32603, message: serverGone("has ended"))[...]))
      return
    }
    if let request {
      open.openForwarded(id, request, at: moment, reservation: reservation)
    } else {
      guard open.forward(id, at: moment, reservation: reservation) else { return }
    }
    actions.append(.toServer(message.bytes))
  }

  func serverGone(_ account: String) -> String {
    "[moongate] the server \(account) without answering this request; see its messages on standard error"
  }
}
