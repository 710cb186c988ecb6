public import Policy
import Wire

extension Session {
  /// What whoever drives a session is to do next, in order.
  public enum Action: Sendable {
    /// Write this line to the server.
    case toServer(ArraySlice<UInt8>)
    /// Write this line to the client.
    case toClient(ArraySlice<UInt8>)
    /// Ask a validator, and hand the answer to ``Session/answer(_:question:of:under:at:)``.
    indirect case ask(Ticket, question: Int, ScriptQuestion, PolicyInForce)
    /// Reserve in the store, and hand the answer to ``Session/answer(_:ofStoreFor:)``.
    case reserve(Ticket, Claim, PolicyInForce, Moment)
    /// Tell the store, before the call's line is written, that what was reserved for it is spent from now on.
    case forwarded(HeldReservations, PolicyInForce, Moment)
    /// Tell the store that the call for which something was reserved has ended.
    case end(HeldReservations, CallOutcome, PolicyInForce, Moment)
    /// Tell people.
    case log(LogEntry)
  }

  /// Names a message of the client's that is being judged.
  public struct Ticket: Hashable, Sendable {
    let number: Int
  }
}

/// One thing that people may want to know.
public struct LogEntry: Sendable, Equatable {
  /// How much it matters.
  public enum Level: Int, Sendable, Comparable {
    /// A decision that changed nothing.
    case detail
    /// A refusal.
    case notice
    /// A message that was not passed on, or another thing to look into.
    case warning

    /// Order by weight.
    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  /// How much it matters.
  public var level: Level
  /// The kind of thing, by which a flood of it is thinned out.
  public var kind: String
  /// One line of text, free of control characters.
  public var text: String

  /// An entry. Control characters in the text become spaces, and it is cut at 1000 code points.
  public init(_ level: Level, _ kind: String, _ text: String) {
    self.level = level
    self.kind = kind
    self.text = LogEntry.cleaned(text)
  }

  private static func cleaned(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(1000) {
      let isControl = scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      line.append(isControl ? " " : scalar)
    }
    return String(line)
  }
}
