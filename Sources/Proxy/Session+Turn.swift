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
      case .reserving, .learning:
        return
      case .judging(let answers, let missing):
        guard missing == 0 else { return }
        entry.judgement?.resume(with: answers.compactMap { $0 })
        settleDown(entry, lane.headTicket, at: moment)
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
  mutating func settleDown(_ entry: Lane.Entry, _ ticket: Ticket, at moment: Moment) {
    switch entry.judgement?.step {
    case .decided(let decision):
      release(decision.released, entry.policy, at: moment)
      entry.state = .decided(decision)
      entry.judgement = nil
    case .reserve(var claim):
      entry.state = .reserving
      // A call that finds no room waits on, with what it has reserved.
      claim.isHeld = !hasRoom(under: entry.policy)
      actions.append(.reserve(ticket, claim, entry.policy, entry.arrived))
    case .ask(let questions):
      ask(questions, for: entry, ticket)
    case .rewrite(let released):
      release(released, entry.policy, at: moment)
      if let message = entry.judgement?.resume(rewriting: entry.message) { lane.replace(entry, by: message) }
      // A call is rewritten once, so that this comes to an end.
      settleDown(entry, ticket, at: moment)
    case nil:
      entry.state = .decided(
        Decision(
          verdict: .refused(Refusal(rule: "moongate", reason: "the call could not be judged", fault: "no judgement"))))
    }
  }

  /// Asks the validators of a message that is in the lane.
  mutating func ask(_ questions: [ScriptQuestion], for entry: Lane.Entry, _ ticket: Ticket) {
    let answers = [ScriptAnswer?](repeating: nil, count: questions.count)
    entry.state = .judging(answers: answers, missing: questions.count)
    for (position, question) in questions.enumerated() {
      actions.append(.ask(ticket, question: position, question, entry.policy))
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
      logTraceback(of: refusal)
    }
    for rewrite in decision.rewrites where rewrite.isObserved {
      log(.notice, "observed", "would rewrite \(call.name): \(rewrite.rule)")
    }
    switch decision.verdict {
    case .allowed:
      log(.detail, "allowed", "allowed \(call.name)")
      for rewrite in decision.rewrites where !rewrite.isObserved {
        log(.notice, "rewritten", "rewrote \(call.name): \(rewrite.rule)")
      }
      if call.subject == .tool { context.calls[call.name, default: 0] += 1 }
      forward(message, id: id, opening: request, reservation: decision.reservation, at: moment)
    case .refused(let refusal), .asks(let refusal):
      decisions += 1
      let era = (request ?? open.close(id))?.era ?? .legacy
      let decisionID = decisionPrefix + String(decisions)
      log(
        refusal.fault == nil ? .notice : .warning, "refused",
        "refused \(call.name) (\(decisionID)): \(refusal.rule): \(refusal.reason)\(Session.fault(of: refusal))")
      logTraceback(of: refusal)
      actions.append(
        .toClient(
          Reply.refusal(
            id: id, subject: call.subject, rule: refusal.rule, reason: refusal.reason,
            retryAfterSeconds: refusal.retryAfterSeconds, remaining: refusal.remaining, decisionID: decisionID, era: era
          )[
            ...]))
    }
  }

  /// What went wrong, in brackets: the first line of it.
  private static func fault(of refusal: Refusal) -> String {
    refusal.fault?.split(separator: "\n").first.map { " [\($0)]" } ?? ""
  }

  /// Where it went wrong: the other lines.
  private mutating func logTraceback(of refusal: Refusal) {
    for line in refusal.fault?.split(separator: "\n").dropFirst() ?? [] {
      log(.warning, "traceback", "  \(line)")
    }
  }

  mutating func forward(
    _ message: Message, id: RequestID, opening request: OpenRequests.Request? = nil, reservation: HeldReservations?,
    at moment: Moment
  ) {
    if serverEnded {
      // It was never sent: what was reserved goes back.
      let request = request ?? open.close(id)
      if let request, let reservation { actions.append(.end(reservation, .notCarriedOut, request.policy, moment)) }
      actions.append(.toClient(Reply.error(id: id, code: -32603, message: serverGone("has ended"))[...]))
      return
    }
    if let request {
      open.openForwarded(id, request, at: moment, reservation: reservation)
    } else {
      guard let policy = open.forward(id, at: moment, reservation: reservation) else { return }
      // It has waited, and something may have been held for it meanwhile.
      if let reservation { actions.append(.forwarded(reservation, policy, moment)) }
    }
    actions.append(.toServer(message.bytes))
  }

  func serverGone(_ account: String) -> String {
    "[moongate] the server \(account) without answering this request; see its messages on standard error"
  }
}
