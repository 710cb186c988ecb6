import DequeModule
import Policy
import Wire

/// The client's messages that are not yet forwarded, in the order in which they came.
///
/// Validators work on many of them at once; what reserves and forwards is only ever the first, so that the order of a
/// session is kept and its counters move as if each call had been decided in its turn.
struct Lane {
  /// A message and how far it has come.
  final class Entry {
    enum State {
      /// Nothing is to be decided.
      case passing
      /// The server was asked which tools it has.
      indirect case learning(Call)
      /// Validators were asked; `missing` of them have not answered.
      case judging(answers: [ScriptAnswer?], missing: Int)
      /// The store was asked.
      case reserving
      /// Decided.
      case decided(Decision)
      /// The client has taken it back; where the store is still reserving for it, that must be given back first.
      case withdrawn(isReserving: Bool)
    }

    fileprivate(set) var message: Message
    let policy: PolicyInForce
    let arrived: Moment
    /// What is called; nil where the message is no call.
    let call: Session.Called?
    var state: State
    /// The bytes of what scripts have handed back.
    fileprivate var rewrittenBytes = 0
    /// The judgement of a call that is being judged.
    var judgement: Judgement?

    init(
      _ message: Message, policy: PolicyInForce, arrived: Moment, call: Session.Called? = nil,
      state: State = .passing, judgement: consuming Judgement? = nil
    ) {
      self.message = message
      self.policy = policy
      self.arrived = arrived
      self.call = call
      self.state = state
      self.judgement = judgement
    }
  }

  private var entries: Deque<Entry> = []
  private var first = 0
  /// The bytes of all messages in it.
  private(set) var bytes = 0
  /// The bytes of what scripts have handed back for them.
  private var rewrittenBytes = 0

  var isEmpty: Bool { entries.isEmpty }
  var count: Int { entries.count }
  var head: Entry? { entries.first }
  var headTicket: Session.Ticket { Session.Ticket(number: first) }

  mutating func append(_ entry: Entry) -> Session.Ticket {
    entries.append(entry)
    bytes += entry.message.bytes.count
    return Session.Ticket(number: first + entries.count - 1)
  }

  /// What is kept of a validator's answer until its message's turn comes. What it logged has been told.
  ///
  /// A script can make much of a small message. Where many do so while they wait, those that find no more room fail.
  mutating func keep(_ answer: ScriptAnswer, for entry: Entry) -> ScriptAnswer {
    var answer = answer
    answer.log = []
    guard case .replace(let arguments) = answer.verdict else { return answer }
    let count = arguments.object.range.count
    if rewrittenBytes > 0, rewrittenBytes + count > Session.Bound.rewrittenBytes {
      answer.verdict = .fault(summary: "too much waits to be sent as scripts have rewritten it", traceback: "")
    } else {
      entry.rewrittenBytes += count
      rewrittenBytes += count
    }
    return answer
  }

  /// Another message is to be sent in the place of one that is here.
  mutating func replace(_ entry: Entry, by message: Message) {
    bytes += message.bytes.count - entry.message.bytes.count
    entry.message = message
  }

  mutating func removeHead() {
    guard let entry = entries.popFirst() else { return }
    first += 1
    rewrittenBytes -= entry.rewrittenBytes
    bytes -= entry.message.bytes.count
  }

  /// The message of that ticket, if it is still here.
  subscript(ticket: Session.Ticket) -> Entry? {
    let index = ticket.number - first
    return entries.indices.contains(index) ? entries[index] : nil
  }

  /// The calls that wait to know what the server says of their tool, in their order.
  var learning: [(ticket: Session.Ticket, entry: Entry, call: Call)] {
    entries.enumerated().compactMap { position, entry in
      if case .learning(let call) = entry.state { (Session.Ticket(number: first + position), entry, call) } else { nil }
    }
  }

  /// Finds a request that has not been forwarded, nor taken back.
  func entry(of id: RequestID) -> Entry? {
    entries.first { entry in
      if case .withdrawn = entry.state { return false }
      return entry.message.id == id
    }
  }
}
