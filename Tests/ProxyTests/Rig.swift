import Policy
import PolicyFiles
import Synchronization
import Testing
import Wire

@testable import Proxy

/// A session without pipes: what it says is done at once, except that validators and a slow store wait to be answered.
struct Rig {
  var session: Session
  var time: Int64 = 1_000_000_000_000
  let store: Ledger
  private(set) var toServer: [String] = []
  private(set) var toClient: [String] = []
  private(set) var log: [LogEntry] = []
  /// Questions to validators that have not been answered.
  var questions: [(ticket: Session.Ticket, number: Int, question: ScriptQuestion, policy: PolicyInForce)] = []
  /// Reservations that have not been answered; only where the store is slow.
  var reservations: [Session.Ticket] = []
  var isStoreSlow = false

  init(_ policy: String, answerTimeout: Int64 = 60_000_000_000) throws {
    store = Ledger()
    session = Session(
      policy: try Rig.policy(policy, store), id: "0123456789abcdef", at: Moment(wall: 0, monotonic: time),
      answerTimeout: answerTimeout)
  }

  static func policy(_ text: String, _ store: Ledger) throws -> PolicyInForce {
    let loaded = try PolicyFile.load(text: Array(text.utf8), named: "policy.yaml", scriptsIn: "/nowhere")
    return PolicyInForce(rules: loaded.rules, validators: Silent(), counters: store)
  }

  var now: Moment { Moment(wall: time, monotonic: time) }

  /// How many lines the server had got each time that the store heard of a call about to be forwarded.
  var forwardedBefore: [Int] = []

  mutating func client(_ line: String) {
    session.receive(fromClient: Array(line.utf8), at: now)
    perform()
  }
  mutating func server(_ line: String) {
    session.receive(fromServer: Array(line.utf8), at: now)
    perform()
  }
  mutating func wait(seconds: Int64) {
    time += seconds * 1_000_000_000
    session.timer(at: now)
    perform()
  }
  mutating func serverEnds(_ account: String = "exited with status 3") {
    session.serverEnded(rest: 0, account: account, at: now)
    perform()
  }
  mutating func adopt(_ policy: String) throws {
    session.adopt(try Rig.policy(policy, store))
    perform()
  }
  mutating func perform() {
    var actions = session.takeActions()[...]
    while let action = actions.popFirst() {
      defer { actions += session.takeActions() }
      switch action {
      case .toServer(let line): toServer.append(String(decoding: line, as: UTF8.self))
      case .toClient(let line): toClient.append(String(decoding: line, as: UTF8.self))
      case .ask(let ticket, let number, let question, let policy):
        questions.append((ticket, number, question, policy))
      case .reserve(let ticket, _, _, _):
        if isStoreSlow {
          reservations.append(ticket)
        } else {
          session.answer(store.take(), ofStoreFor: ticket, at: now)
        }
      case .forwarded(let held, let policy, let moment):
        policy.counters.forwarded(held, at: moment)
        forwardedBefore.append(toServer.count)
      case .end(let held, let outcome, let policy, let moment): policy.counters.end(held, as: outcome, at: moment)
      case .log(let entry): log.append(entry)
      }
    }
  }

  /// Answers the validators' question at that position of those open.
  mutating func answer(
    _ position: Int = 0, _ verdict: ScriptAnswer.Verdict, log: [String] = [], reservations: [ReservationID] = []
  ) {
    let question = questions.remove(at: position)
    session.answer(
      ScriptAnswer(verdict: verdict, log: log, reservations: reservations), question: question.number,
      of: question.ticket, under: question.policy, at: now)
    perform()
  }

  /// Answers the oldest open reservation.
  mutating func grant() {
    session.answer(store.take(), ofStoreFor: reservations.removeFirst(), at: now)
    perform()
  }

  /// What was written since this was last asked.
  mutating func takeToClient() -> [String] {
    defer { toClient = [] }
    return toClient
  }
  mutating func takeToServer() -> [String] {
    defer { toServer = [] }
    return toServer
  }

  /// Opens a session as a client of the given revision does, and forgets what was written.
  mutating func open(version: String = "2025-11-25", capabilities: String = #"{"tools":{"listChanged":true}}"#) {
    client(
      #"{"jsonrpc":"2.0","id":"open","method":"initialize","params":{"protocolVersion":"\#(version)","capabilities":{},"clientInfo":{"name":"rig","version":"1"}}}"#
    )
    server(
      #"{"jsonrpc":"2.0","id":"open","result":{"protocolVersion":"\#(version)","capabilities":\#(capabilities),"serverInfo":{"name":"s","version":"1"}}}"#
    )
    client(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
    toServer = []
    toClient = []
  }
}

/// Counts what was reserved, kept and given back, and grants everything.
final class Ledger: CounterStore {
  struct Counts: Equatable {
    var reserved = 0
    var settled = 0
    var released = 0
    /// Kept or given back, as the limit says, for a tool that failed.
    var failed = 0
    /// How often what is not held any more was kept or given back.
    var strays = 0
  }
  private let state = Mutex((counts: Counts(), open: Set<UInt64>()))

  var counts: Counts { state.withLock { $0.counts } }

  func take() -> ReservationAnswer {
    state.withLock {
      $0.counts.reserved += 1
      $0.open.insert(UInt64($0.counts.reserved))
      return .granted(ReservationID(number: UInt64($0.counts.reserved)))
    }
  }

  func reserve(
    _ claim: Claim, at moment: Moment, then: @escaping @Sendable (ReservationAnswer) -> Void
  ) {
    then(take())
  }

  func read(_ reservation: Reservation, at moment: Moment, then: @escaping @Sendable (CounterReading) -> Void) {
    then(.used(Amount(counts.reserved)))
  }

  func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment) {
    state.withLock {
      guard $0.open.remove(id.number) != nil else { return $0.counts.strays += 1 }
      switch outcome {
      case .carriedOut: $0.counts.settled += 1
      case .toolError: $0.counts.failed += 1
      case .notCarriedOut: $0.counts.released += 1
      }
    }
  }
}

/// Validators whose answers the test gives itself.
struct Silent: Validators {
  func check(
    _ question: ScriptQuestion, counters: any CounterStore, then: @escaping @Sendable (ScriptAnswer) -> Void
  ) {}
}

/// A call of a tool.
func call(_ id: Int, _ tool: String = "echo", _ arguments: String = #"{"a":1}"#) -> String {
  #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)","arguments":\#(arguments)}}"#
}

/// The server's answer to a request.
func result(_ id: Int) -> String { #"{"jsonrpc":"2.0","id":\#(id),"result":{"content":[]}}"# }

/// The server's error for a request.
func failure(_ id: Int) -> String {
  #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":-32000,"message":"no"}}"#
}

/// A policy that allows everything.
let open = "default: allow\n"

/// A policy with a rate limit on every tool.
let limited = """
  tools:
    "*":
      rules:
        - { name: limit, rate_limit: 100/minute }
  """

/// A policy with a validator for the tool `slow`.
let scripted = """
  tools:
    slow:
      rules:
        - name: ask lua
          lua: |
            function check(call) end
  """
