import Policy
import Wire

/// What the session asks the server itself: which tools it has.
extension Session {
  /// What keeps a call from being judged by the server's definition of its tool.
  enum Lack {
    /// The server is being asked, from now on at the latest.
    case pending
    /// It stays unknown.
    case lasting(Call.Undefined)
  }

  /// What is to be done about a call that needs the definition of its tool, which is not known.
  mutating func lack(for message: Message, in era: Era, at moment: Moment) -> Lack {
    if inquiry.openRequest != nil { return .pending }
    if definitions.isWhole { return .lasting(.notListed) }
    if let outcome = inquiry.outcome { return .lasting(outcome) }
    if serverEnded { return .lasting(.ended) }
    guard era == .modern || isInitialized else { return .lasting(.notOpen) }
    log(.detail, "inquiry", "asking the server for its tools, which the policy needs to know")
    actions.append(.toServer(inquiry.begin(for: message, at: moment.monotonic)[...]))
    return .pending
  }

  /// The server has answered a request of our own.
  mutating func take(answerToInquiry message: Message) {
    switch inquiry.take(message) {
    case .ask(let line): actions.append(.toServer(line[...]))
    case .end(let outcome):
      if let text = message.error?["message"]?.string {
        log(.warning, "inquiry", "the server does not say which tools it has: \(text)")
      }
      endInquiry(outcome)
    case .stray: log(.warning, "stray answer", "the server has answered a question of the proxy's once more, or late")
    }
  }

  /// The server has said what its tools are, or will not: the calls that have waited for it are judged.
  mutating func endInquiry(_ outcome: Call.Undefined) {
    guard let (found, isStale) = inquiry.end(outcome) else { return }
    if outcome == .notListed {
      definitions = found
      definitions.isWhole = true
    } else {
      definitions.add(found, limit: Bound.definitionBytes)
    }
    if outcome != .notListed { log(.warning, "inquiry", "the server's tools are not known, or not all of them") }
    for (ticket, entry, call) in lane.learning {
      var call = call
      call.definition = definitions[call.name]
      call.undefined = outcome
      let judgement = entry.policy.rules.decide(call, at: entry.arrived)
      let questions: [ScriptQuestion] = if case .ask(let asked) = judgement.step { asked } else { [] }
      entry.judgement = consume judgement
      ask(questions, for: entry, ticket)
    }
    if isStale { definitions = ToolDefinitions() }
  }

  /// Gives up on a server that has not answered in time.
  mutating func endOverdueInquiry(at moment: Moment) {
    guard let id = inquiry.openRequest, inquiry.isOverdue(at: moment.monotonic) else { return }
    let seconds = inquiry.time / 1_000_000_000
    log(.warning, "timeout", "the server has not said within \(seconds) s which tools it has")
    actions.append(.toServer(Session.cancellation(of: id, because: "no answer for \(seconds) s")[...]))
    endInquiry(.unanswered)
  }

  /// The calls that have waited are answered like all that a server leaves unanswered when it ends.
  mutating func endInquiryWithServer() {
    for (_, entry, _) in lane.learning { entry.state = .passing }
    endInquiry(.ended)
  }

  /// The server says that its tools are others: what was learnt is forgotten, and asked for when it is next needed.
  mutating func forgetTools() {
    definitions = ToolDefinitions()
    inquiry.toolsHaveChanged()
  }

  static func cancellation(of id: RequestID, because reason: String) -> [UInt8] {
    let params: [(name: Name, value: JSON)] = [("requestId", id.json), ("reason", .string(reason))]
    return JSON.object([
      ("jsonrpc", .string("2.0")), ("method", .string("notifications/cancelled")), ("params", .object(params)),
    ]).encoded()
  }
}
