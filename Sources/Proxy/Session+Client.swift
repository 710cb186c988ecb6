import Policy
import Wire

/// What the client sends.
extension Session {
  mutating func take(_ message: Message, at moment: Moment) {
    switch message.kind {
    case .request(let id, let method):
      guard !open.contains(id), !inquiry.owns(id) else { return answer(clientError: .idInFlight(id)) }
      takeRequest(message, id: id, method: method, at: moment)
    case .notification(let method):
      guard objection(to: method, of: "the client's") == nil else { return }
      if message.knownMethod == .initialized { isInitialized = true }
      if let id = message.cancelledRequest {
        // What the proxy itself has asked is not the client's to take back.
        if inquiry.owns(id) || cancel(id, at: moment) { return }
      }
      if message.knownMethod == nil { log(.notice, "method", "unknown notification \(method) passes") }
      enqueue(message, at: moment)
    case .response(let id, _):
      guard let id, serverRequests.remove(id) != nil else {
        return log(
          .warning, "stray answer", "the client answered a request that the server did not make: not passed on")
      }
      // Never held up by calls that are being judged: the server may need it to go on.
      actions.append(.toServer(message.bytes))
    }
  }

  private mutating func takeRequest(_ message: Message, id: RequestID, method: Name, at moment: Moment) {
    var era = version?.era ?? .legacy
    if message.introducesSender {
      era = message.era ?? era
      if let client = message.clientInfo { context.client = client }
    }
    if message.knownMethod?.subject != nil {
      return takeCall(message, id: id, era: era, at: moment)
    }
    if let refusal = objection(to: method, of: "the client's") {
      return actions.append(.toClient(self.refusal(refusal, of: id, era: era)[...]))
    }
    if message.knownMethod == nil { log(.notice, "method", "unknown method \(method) passes") }
    open.open(id, .init(purpose: .init(of: message), era: era, policy: policy))
    enqueue(message, at: moment)
  }

  private mutating func takeCall(_ message: Message, id: RequestID, era: Era, at moment: Moment) {
    let request = OpenRequests.Request(purpose: .call, era: era, policy: policy)
    let called: Called
    var judgement: Judgement
    do throws(MessageError) {
      guard var call = try message.call(in: context, defined: { definitions[$0] }) else { return }
      called = Called(subject: call.subject, name: call.name)
      guard canCount(called) else {
        let reason = "this session has called \(Bound.countedTools) different tools already"
        let refusal = Refusal(rule: "limits", reason: reason)
        return carryOut(Decision(verdict: .refused(refusal)), of: message, called, opening: request, at: moment)
      }
      if policy.rules.needsDefinitions, isDefinitionLacking(call) {
        switch lack(for: message, in: era, at: moment) {
        case .pending:
          open.open(id, request)
          let entry = Lane.Entry(message, policy: policy, arrived: moment, call: called, state: .learning(call))
          _ = lane.append(entry)
          return
        case .lasting(let reason): call.undefined = reason
        }
      }
      judgement = policy.rules.decide(call, at: moment)
    } catch {
      return answer(clientError: error)
    }
    if lane.isEmpty, let decision = decideAtOnce(&judgement, at: moment) {
      return carryOut(decision, of: message, called, opening: request, at: moment)
    }
    open.open(id, request)
    let questions: [ScriptQuestion] = if case .ask(let asked) = judgement.step { asked } else { [] }
    let entry = Lane.Entry(
      message, policy: policy, arrived: moment, call: called, state: .judging(answers: [], missing: 0),
      judgement: judgement)
    ask(questions, for: entry, lane.append(entry))
  }

  /// Whether the call is judged by the server's definition of its tool, and that is not known.
  private func isDefinitionLacking(_ call: Call) -> Bool {
    call.subject == .tool && call.definition == nil && policy.rules.needsDefinition(of: call.name)
  }

  /// Whether the session can count one more call of this.
  private func canCount(_ called: Called) -> Bool {
    called.subject != .tool || context.calls.count < Bound.countedTools || context.calls[called.name] != nil
  }

  /// The decision, where it needs no waiting: neither for a validator, nor for the store, nor for the server.
  private func decideAtOnce(_ judgement: inout Judgement, at moment: Moment) -> Decision? {
    while true {
      switch judgement.step {
      case .decided(let decision):
        if case .allowed = decision.verdict, !hasRoom(under: policy) { return nil }
        return decision
      case .reserve(let claim):
        guard hasRoom(under: policy), let answer = policy.counters.reserveAtOnce(claim, at: moment) else {
          return nil
        }
        judgement.resume(with: answer)
      case .ask, .rewrite:
        return nil
      }
    }
  }

  /// Lets a message that is not to be decided wait for its turn, or go at once where nothing is before it.
  private mutating func enqueue(_ message: Message, at moment: Moment) {
    if lane.isEmpty, message.id == nil || hasRoom(under: policy) {
      pass(message, at: moment)
    } else {
      _ = lane.append(Lane.Entry(message, policy: policy, arrived: moment))
    }
  }

  /// Whether a cancellation is dealt with: the request had not been forwarded, so there is nothing to pass on.
  mutating func cancel(_ id: RequestID, at moment: Moment) -> Bool {
    switch open[id]?.state {
    case .waiting:
      guard let entry = lane.entry(of: id) else { return false }
      var isReserving = false
      switch entry.state {
      case .judging(let answers, _):
        release(answers.flatMap { $0?.reservations ?? [] }, entry.policy, at: moment)
      case .reserving:
        isReserving = true
        release(entry.judgement?.held ?? [], entry.policy, at: moment)
      case .decided(let decision):
        // It waits only for its turn: what was reserved for it goes back.
        if let reservation = decision.reservation {
          actions.append(.end(reservation, .notCarriedOut, entry.policy, moment))
        }
      default: break
      }
      entry.state = .withdrawn(isReserving: isReserving)
      _ = open.close(id)
      return true
    case .forwarded:
      abandon(id, as: .abandoned, at: moment)
      return false
    case .abandoned, .givenUp, nil:
      return false
    }
  }

  mutating func abandon(_ id: RequestID, as state: OpenRequests.Request.State, at moment: Moment) {
    if let forgotten = open.abandon(id, as: state), let reservation = forgotten.reservation {
      actions.append(.end(reservation, .carriedOut, forgotten.policy, moment))
    }
  }

  mutating func answer(clientError error: MessageError) {
    log(.warning, "bad message", "a message of the client's is not passed on: \(error.message)")
    guard error.isAnswerable else { return }
    actions.append(.toClient(Reply.error(id: error.id, code: error.code, message: "[moongate] " + error.message)[...]))
  }
}
