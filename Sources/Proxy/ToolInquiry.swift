import Wire

/// The proxy's own question to the server, which tools it has, for calls whose rules need to know and that came before
/// any list did.
///
/// It is asked once, page by page; what the outcome is holds until the server says that its tools have changed, or the
/// client begins a list of its own. Like the session, it does no I/O.
struct ToolInquiry {
  /// Bounds of one inquiry.
  enum Bound {
    static let pages = 100
    static let tools = 10_000
    /// Nanoseconds for all pages together, if no request may be open for less.
    static let time: Int64 = 30_000_000_000
    /// Bytes of a cursor, which goes back to the server.
    static let cursor = 4096
  }

  /// What comes of an answer.
  enum Step {
    /// This line is to be sent to the server.
    case ask([UInt8])
    /// The server has said all; why what it has not said stays unknown.
    case end(Call.Undefined)
    /// Nobody waits for the answer.
    case stray
  }

  private enum State {
    case idle
    case asking(Round)
    case over(Call.Undefined)
  }

  private struct Round {
    var id: RequestID
    let meta: [UInt8]?
    let deadline: Int64
    var cursor: [UInt8]?
    var pages = 1
    var tools = 0
    var found = ToolDefinitions()
    /// Whether the server has said since that its tools are others.
    var isStale = false
  }

  private let prefix: String
  private var number = 0
  private var state = State.idle
  /// Nanoseconds for all pages together.
  let time: Int64

  /// - Parameters:
  ///   - session: what tells the ids of the session's own requests from those of any client's.
  ///   - answerTimeout: nanoseconds after which no request is waited for any more.
  init(session: String, answerTimeout: Int64) {
    prefix = "moongate-\(session)tools-"
    time = min(answerTimeout, Bound.time)
  }

  /// Whether the id is one that only the proxy gives its requests.
  func owns(_ id: RequestID) -> Bool {
    guard case .string(let name) = id else { return false }
    return name.text.utf8.starts(with: prefix.utf8)
  }

  /// The request that the server has not answered.
  var openRequest: RequestID? {
    if case .asking(let round) = state { round.id } else { nil }
  }

  /// Why a tool that was not found is not known; nil where the server was not asked, or is being asked.
  var outcome: Call.Undefined? {
    if case .over(let outcome) = state { outcome } else { nil }
  }

  /// Begins; the line is to be sent to the server.
  ///
  /// - Parameter call: the message for which it is asked: in the modern era its `_meta` says who asks.
  mutating func begin(for call: Message, at now: Int64) -> [UInt8] {
    let round = Round(id: nextID(), meta: call.era == .modern ? call.introduction : nil, deadline: now + time)
    state = .asking(round)
    return ToolInquiry.request(round)
  }

  /// The server has answered a request of the proxy's.
  mutating func take(_ answer: Message) -> Step {
    guard case .asking(var round) = state, answer.id == round.id else { return .stray }
    guard answer.error == nil else { return end(round, .refused) }
    let page: ToolList.Page
    do throws(MessageError) {
      page = try ToolList.page(in: answer)
    } catch {
      return end(round, .unreadable)
    }
    let room = Bound.tools - round.tools
    round.tools += page.tools.count
    let isKept = round.found.add(page.tools.prefix(room), limit: Session.Bound.definitionBytes)
    guard isKept, page.tools.count <= room else { return end(round, .beyondBounds) }
    guard let next = page.next else { return end(round, .notListed) }
    let cursor = Array(next.source)
    guard cursor.count <= Bound.cursor, cursor != round.cursor else { return end(round, .unreadable) }
    guard round.pages < Bound.pages else { return end(round, .beyondBounds) }
    round.cursor = cursor
    round.pages += 1
    round.id = nextID()
    state = .asking(round)
    return .ask(ToolInquiry.request(round))
  }

  private mutating func end(_ round: Round, _ outcome: Call.Undefined) -> Step {
    state = .asking(round)
    return .end(outcome)
  }

  /// Ends; what was found so far, and whether it still holds. Where the server's tools have changed meanwhile, it may be
  /// asked again.
  mutating func end(_ outcome: Call.Undefined) -> (found: ToolDefinitions, isStale: Bool)? {
    guard case .asking(let round) = state else { return nil }
    state = round.isStale ? .idle : .over(outcome)
    return (round.found, round.isStale)
  }

  /// Whether the server has had its time.
  func isOverdue(at now: Int64) -> Bool {
    if case .asking(let round) = state { round.deadline <= now } else { false }
  }

  /// What was learnt before may be wrong by now.
  mutating func toolsHaveChanged() {
    switch state {
    case .idle: break
    case .over: state = .idle
    case .asking(var round):
      round.isStale = true
      state = .asking(round)
    }
  }

  /// The client begins a list of its own, of which it may read one page alone.
  mutating func clientLists() {
    if case .over = state { state = .idle }
  }

  private mutating func nextID() -> RequestID {
    number += 1
    return .string(Name(prefix + String(number)))
  }

  private static func request(_ round: Round) -> [UInt8] {
    var line = Array(#"{"jsonrpc":"2.0","id":"#.utf8) + round.id.encoded
    line += Array(#","method":"tools/list","params":{"#.utf8)
    if let cursor = round.cursor { line += Array(#""cursor":"#.utf8) + cursor }
    if let meta = round.meta {
      if round.cursor != nil { line.append(UInt8(ascii: ",")) }
      line += Array(#""_meta":"#.utf8) + meta
    }
    return line + Array("}}".utf8)
  }
}
