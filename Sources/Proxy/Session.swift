public import Policy
import Wire

/// One client and one server, and every message between them: the main path of the proxy.
///
/// A session is a value without I/O. Each event (a line from either side, an answer of a validator or of the store, the
/// passing of time, an end of input) is one mutating function; what is then to be done comes from ``takeActions()``, in
/// order. It forwards nothing that was not judged, answers nothing that nobody asked, and holds no table without a bound.
public struct Session {
  /// Bounds that hold beside those of the policy.
  enum Bound {
    /// Bytes that may wait for their turn before the client is no longer read.
    static let waitingBytes = 4 << 20
    /// Messages that may wait for their turn before the client is no longer read.
    static let waitingMessages = 1024
    /// Bytes of arguments that scripts have handed back for messages in the lane; of one message they may be more.
    static let rewrittenBytes = 16 << 20
    /// Different tools that a session may call: how often it has called each is counted.
    static let countedTools = 4096
    /// The server's requests that the client may leave unanswered.
    static let serverRequests = 256
    /// Bytes of tool definitions that are remembered.
    static let definitionBytes = 8 << 20
  }

  /// What a call uses, for the log and the count.
  struct Called {
    let subject: Call.Subject
    let name: Name
  }

  var policy: PolicyInForce
  var context: Call.Context
  let decisionPrefix: String
  var decisions = 0
  /// Nanoseconds until a request that the server has not answered is given up.
  private let answerTimeout: Int64

  let logLevel: LogEntry.Level
  private var clientReader: MessageReader
  private var serverReader: MessageReader
  var lane = Lane()
  var open = OpenRequests()
  var serverRequests: Set<RequestID> = []
  var definitions = ToolDefinitions()
  var inquiry: ToolInquiry
  var actions: [Action] = []

  var version: ProtocolVersion?
  var announcesToolChanges = false
  var isInitialized = false
  var serverEnded = false

  /// A session that begins now.
  ///
  /// - Parameters:
  ///   - policy: what its first calls are judged by.
  ///   - id: its name, unguessable.
  ///   - answerTimeout: nanoseconds after which a request that the server has not answered is answered with an error.
  ///   - logLevel: what is worth telling people.
  public init(
    policy: PolicyInForce, id: String, at moment: Moment, answerTimeout: Int64, logLevel: LogEntry.Level = .detail
  ) {
    self.policy = policy
    self.logLevel = logLevel
    self.context = Call.Context(session: id, started: moment.seconds)
    self.decisionPrefix = String(id.prefix(12)) + "-"
    self.answerTimeout = answerTimeout
    inquiry = ToolInquiry(session: decisionPrefix, answerTimeout: answerTimeout)
    clientReader = MessageReader(side: .client, depth: policy.rules.limits.messageDepth)
    serverReader = MessageReader(side: .server, depth: policy.rules.limits.messageDepth)
  }

  // MARK: What can be asked of it

  /// Whether there is room for more of the client's messages.
  public var wantsClientInput: Bool {
    lane.count < Bound.waitingMessages && lane.bytes < Bound.waitingBytes
  }

  /// The longest line that either side may send, in bytes.
  public var messageLimit: Int { policy.rules.limits.messageBytes }

  /// Whether everything that the client sent and that may pass has been passed on.
  public var areMessagesForwarded: Bool { lane.isEmpty }

  /// Whether a message is being judged, or an answer of the server's is due to the client.
  public var areAnswersDue: Bool { !lane.isEmpty || open.areAnswersDue }

  // MARK: Actions

  /// What is to be done next, in order. What is done may bring more.
  public mutating func takeActions() -> [Action] {
    defer { actions = [] }
    return actions
  }

  // MARK: Events

  /// A line from the client.
  public mutating func receive(fromClient line: [UInt8], at moment: Moment) {
    do throws(MessageError) {
      switch try clientReader.read(line) {
      case .single(let message): take(message, at: moment)
      case .batch(let batch):
        guard version?.allowsBatches == true else { throw MessageError.batchNotAllowed }
        guard batch.count <= Bound.waitingMessages else {
          throw MessageError.batchTooLong(limit: Bound.waitingMessages)
        }
        for message in batch {
          switch message {
          case .success(let message): take(message, at: moment)
          case .failure(let error): answer(clientError: error)
          }
        }
      }
    } catch {
      answer(clientError: error)
    }
    advance(at: moment)
  }

  /// A line from the client that is longer than the policy allows: it was skipped.
  public mutating func receiveOverlongLineFromClient() {
    answer(clientError: .tooLong(limit: policy.rules.limits.messageBytes))
  }

  /// A line from the server.
  public mutating func receive(fromServer line: [UInt8], at moment: Moment) {
    do throws(MessageError) {
      switch try serverReader.read(line) {
      case .single(let message): receive(message, at: moment)
      case .batch(let batch):
        guard version?.allowsBatches == true else { throw MessageError.batchNotAllowed }
        for message in batch {
          switch message {
          case .success(let message): receive(message, at: moment)
          case .failure(let error): drop(serverLine: line, because: error, at: moment)
          }
        }
      }
    } catch {
      drop(serverLine: line, because: error, at: moment)
    }
    advance(at: moment)
  }

  /// A line from the server that is longer than the policy allows: it was skipped. `beginning` is how it began.
  public mutating func receiveOverlongLine(fromServer beginning: [UInt8], at moment: Moment) {
    drop(serverLine: beginning, because: .tooLong(limit: policy.rules.limits.messageBytes), at: moment)
    advance(at: moment)
  }

  /// A validator's answer to one of the questions of a call that is judged by that policy.
  public mutating func answer(
    _ answer: ScriptAnswer, question: Int, of ticket: Ticket, under policy: PolicyInForce, at moment: Moment
  ) {
    if let entry = lane[ticket], case .judging(var answers, let missing) = entry.state, answers[question] == nil {
      logLines(of: answer, question, entry)
      answers[question] = lane.keep(answer, for: entry)
      entry.state = .judging(answers: answers, missing: missing - 1)
    } else {
      // Nobody waits for it any more.
      release(answer.reservations, policy, at: moment)
    }
    advance(at: moment)
  }

  /// The store's answer for a call.
  public mutating func answer(_ answer: ReservationAnswer, ofStoreFor ticket: Ticket, at moment: Moment) {
    guard let entry = lane[ticket] else { return }
    switch entry.state {
    case .reserving:
      entry.judgement?.resume(with: answer)
      settleDown(entry, ticket, at: moment)
    case .withdrawn:
      if case .granted(let id, _) = answer { release([id], entry.policy, at: moment) }
      entry.state = .withdrawn(isReserving: false)
    default: break
    }
    advance(at: moment)
  }

  /// Time has passed: gives up the requests that the server has left unanswered for too long.
  public mutating func timer(at moment: Moment) {
    for id in open.overdue(since: moment.monotonic - answerTimeout) {
      let seconds = answerTimeout / 1_000_000_000
      actions.append(
        .toClient(
          Reply.error(
            id: id, code: -32001,
            message: "[moongate] the server has not answered for \(seconds) s; the call may have run"
          )[...]))
      log(.warning, "timeout", "the server has not answered request \(id) for \(seconds) s")
      actions.append(.toServer(Session.cancellation(of: id, because: "no answer for \(seconds) s")[...]))
      abandon(id, as: .givenUp, at: moment)
    }
    // A server need not answer what was cancelled. That a call is in flight still cannot be assumed for ever.
    for (reservation, policy) in open.expired(since: moment.monotonic - answerTimeout) {
      actions.append(.end(reservation, .carriedOut, policy, moment))
    }
    endOverdueInquiry(at: moment)
    advance(at: moment)
  }

  /// Another policy is in force for the calls that arrive from now on.
  public mutating func adopt(_ policy: PolicyInForce) {
    let before = self.policy.rules
    self.policy = policy
    clientReader = MessageReader(side: .client, depth: policy.rules.limits.messageDepth)
    serverReader = MessageReader(side: .server, depth: policy.rules.limits.messageDepth)
    if before.hidden != policy.rules.hidden, announcesToolChanges, isInitialized {
      actions.append(
        .toClient(Array(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#.utf8)[...]))
    }
  }

  /// The client's input has ended; `rest` bytes of a line without an end were left, and are not a message.
  public mutating func clientEnded(rest: Int) {
    if rest > 0 {
      log(.warning, "half a line", "the client's input ended in the middle of a line: \(rest) bytes are not passed on")
    }
  }

  /// The server's output has ended: what it still owed is answered with an error.
  ///
  /// - Parameter account: what became of the server, to complete "the server …".
  public mutating func serverEnded(rest: Int, account: String, at moment: Moment) {
    serverEnded = true
    endInquiryWithServer()
    if rest > 0 {
      log(.warning, "half a line", "the server's output ended in the middle of a line: \(rest) bytes are not passed on")
    }
    advance(at: moment)
    for id in open.due {
      actions.append(.toClient(Reply.error(id: id, code: -32603, message: serverGone(account))[...]))
      if let request = open.close(id), let reservation = request.reservation {
        actions.append(.end(reservation, .carriedOut, request.policy, moment))
      }
    }
    // What waited for room finds it now.
    advance(at: moment)
  }

  // MARK: Small things

  mutating func release(_ ids: [ReservationID], _ policy: PolicyInForce, at moment: Moment) {
    if let held = HeldReservations(ids) { actions.append(.end(held, .notCarriedOut, policy, moment)) }
  }

  /// What a script logged is for whoever reads the log.
  private mutating func logLines(of answer: ScriptAnswer, _ question: Int, _ entry: Lane.Entry) {
    guard !answer.log.isEmpty, case .ask(let questions) = entry.judgement?.step else { return }
    for line in answer.log { log(.notice, "script", "\(questions[question].rule) logs: \(line)") }
  }

  /// The text is only made where somebody will read it.
  mutating func log(_ level: LogEntry.Level, _ kind: String, _ text: @autoclosure () -> String) {
    guard level >= logLevel else { return }
    actions.append(.log(LogEntry(level, kind, text())))
  }
}
