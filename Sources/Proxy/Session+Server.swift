import Policy
import Wire

/// What the server sends.
extension Session {
  mutating func receive(_ message: Message, at moment: Moment) {
    switch message.kind {
    case .response(let id, _):
      let isCertain = open.isCertain
      guard let id, let request = open.closeForwarded(id) else {
        if let id, inquiry.owns(id) { return take(answerToInquiry: message) }
        return log(.warning, "stray answer", "the server answered a request that nobody made: not passed on")
      }
      passAnswer(message, to: request, id: id, isCertain: isCertain, at: moment)
    case .request(let id, let method):
      if let refusal = objection(to: method, of: "the server's") {
        return actions.append(.toServer(self.refusal(refusal, of: id, era: version?.era ?? .legacy)[...]))
      }
      guard serverRequests.count < Bound.serverRequests, serverRequests.insert(id).inserted else {
        log(
          .warning, "server request",
          "the server's \(method) request is refused: its id is in use, or too many are open")
        actions.append(
          .toServer(
            Reply.error(
              id: id, code: -32600,
              message: "[moongate] the id is in use, or \(Bound.serverRequests) requests await the client")[
                ...]))
        return
      }
      actions.append(.toClient(message.bytes))
    case .notification(let method):
      if message.knownMethod == .toolsChanged { forgetTools() }
      guard objection(to: method, of: "the server's") == nil else { return }
      if let id = message.cancelledRequest { serverRequests.remove(id) }
      actions.append(.toClient(message.bytes))
    }
  }

  private mutating func passAnswer(
    _ message: Message, to request: OpenRequests.Request, id: RequestID, isCertain: Bool, at moment: Moment
  ) {
    if let reservation = request.reservation {
      // Given back only where it is certain that this call was answered, and that somebody still waited: a call that
      // was cancelled may have run.
      let isKnown = isCertain && request.state == .forwarded
      let outcome = isKnown ? message.outcome(under: request.policy.rules) : .carriedOut
      actions.append(.end(reservation, outcome, request.policy, moment))
    }
    let isError = message.error != nil
    if request.state == .givenUp {
      return log(.notice, "late answer", "the server has answered request \(id) after it was given up: not passed on")
    }
    switch request.purpose {
    case .opening where !isError:
      version = message.protocolVersion.flatMap { ProtocolVersion($0) } ?? version
      context.server = message.serverInfo ?? context.server
      announcesToolChanges = message.announcesToolChanges
    case .toolList(let isFirstPage) where !isError:
      return passToolList(message, id: id, isFirstPage: isFirstPage)
    default: break
    }
    actions.append(.toClient(message.bytes))
  }

  mutating func passToolList(_ message: Message, id: RequestID, isFirstPage: Bool) {
    let rules = policy.rules
    do throws(MessageError) {
      let filtered = rules.hidden.isEmpty ? nil : try ToolList.hiding({ rules.hides($0) }, in: message)
      remember(message, isFirstPage: isFirstPage)
      actions.append(.toClient(filtered.map { $0[...] } ?? message.bytes))
    } catch {
      log(.warning, "bad message", "the server's tools/list is not passed on: \(error.message)")
      actions.append(
        .toClient(
          Reply.error(
            id: id, code: -32603, message: "[moongate] the server's list of tools is unreadable: \(error.message)")[
              ...]))
    }
  }

  /// Learns from a list that the client has asked for. Whether it reads the other pages is not known.
  private mutating func remember(_ list: Message, isFirstPage: Bool) {
    if isFirstPage {
      definitions = ToolDefinitions()
      inquiry.clientLists()
    }
    guard let page = try? ToolList.page(in: list) else { return }
    let isKept = definitions.add(page.tools, limit: Bound.definitionBytes)
    definitions.isWhole = isFirstPage && isKept && page.next == nil
  }

  /// A line that cannot be passed on. Where it can be told which request it was meant to answer, that is answered.
  mutating func drop(serverLine line: [UInt8], because error: MessageError, at moment: Moment) {
    log(
      .warning, "bad message",
      "a line of the server's is not passed on: \(error.message): \(String(decoding: line.prefix(120), as: UTF8.self))")
    guard let id = error.id ?? RequestID(leading: line) else { return }
    if id == inquiry.openRequest { return endInquiry(.unreadable) }
    guard let request = open[id], request.state != .waiting else { return }
    _ = open.close(id)
    if let reservation = request.reservation { actions.append(.end(reservation, .carriedOut, request.policy, moment)) }
    guard request.state == .forwarded else { return }
    actions.append(
      .toClient(
        Reply.error(
          id: id, code: -32603, message: "[moongate] the server's answer cannot be passed on: \(error.message)")[...]))
  }
}

extension Message {
  /// What an answer says of its call.
  fileprivate func outcome(under rules: RuleSet) -> CallOutcome {
    if error != nil { return .notCarriedOut }
    return rules.refundsToolErrors && isToolError ? .toolError : .carriedOut
  }
}
