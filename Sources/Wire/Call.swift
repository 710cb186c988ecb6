/// What is judged: one use of a tool, a resource or a prompt, with what the session knows about it.
public struct Call: Sendable {
  /// What is being used.
  public enum Subject: String, Sendable, CaseIterable {
    /// `tools/call`, by name.
    case tool
    /// `resources/read`, by URI.
    case resource
    /// `prompts/get`, by name.
    case prompt
  }

  /// What is being used.
  public let subject: Subject
  /// The tool's or prompt's name, or the resource's URI.
  public let name: Name
  /// `params.name` (or `params.uri`) as it stands in the message.
  public let nameValue: JSONValue
  /// `params.arguments`: an object, or nil where the message has none.
  public let arguments: JSONValue?
  /// `params._meta`, where it is there: an object.
  public let meta: JSONValue?
  /// What the session knows.
  public var context: Context

  /// The called tool's definition as the server listed it, if it has been seen.
  public var definition: JSONValue?
  /// Why it is not known, where it is not.
  public var undefined = Undefined.notSeen

  /// Why the definition of a tool is not known.
  public enum Undefined: Sendable, CaseIterable {
    /// Nobody has asked for it.
    case notSeen
    /// The server cannot be asked before the session is open.
    case notOpen
    /// The server's list does not have the tool.
    case notListed
    /// The server has answered with an error.
    case refused
    /// The server has not answered in time.
    case unanswered
    /// What the server has answered is no list that could be trusted.
    case unreadable
    /// The server lists more than is remembered.
    case beyondBounds
    /// The server has ended.
    case ended
  }

  /// What a session knows about whoever calls. Cheap to copy.
  public struct Context: Sendable {
    private var facts: Facts
    /// How many calls of each tool this session has forwarded.
    public var calls: [Name: Int] = [:]

    private final class Facts: Sendable {
      let session: String
      let started: Double
      let client: JSONValue?
      let server: JSONValue?
      let principal: JSONValue?

      init(_ session: String, _ started: Double, client: JSONValue?, server: JSONValue?, principal: JSONValue?) {
        self.session = session
        self.started = started
        self.client = client
        self.server = server
        self.principal = principal
      }
    }

    /// A context in which nothing but the session is known.
    public init(session: String, started: Double = 0) {
      facts = Facts(session, started, client: nil, server: nil, principal: nil)
    }

    /// The session's name: unique to a connection or, over stdio, a process.
    public var session: String { facts.session }
    /// When the session began, in seconds since 1970.
    public var started: Double { facts.started }
    /// `clientInfo` as the client gave it (`initialize`, or `_meta` of each request): `{name, version, …}`.
    public var client: JSONValue? {
      get { facts.client }
      set { replace(client: newValue, server: server, principal: principal) }
    }
    /// `serverInfo` as the server gave it: `{name, version, …}`.
    public var server: JSONValue? {
      get { facts.server }
      set { replace(client: client, server: newValue, principal: principal) }
    }
    /// Who the agent is, where the front knows: `{subject, claims}`.
    public var principal: JSONValue? {
      get { facts.principal }
      set { replace(client: client, server: server, principal: newValue) }
    }

    private mutating func replace(client: JSONValue?, server: JSONValue?, principal: JSONValue?) {
      facts = Facts(session, started, client: client, server: server, principal: principal)
    }
  }

  /// A call of the given parts, which the reader has found to be of the right shape.
  public init(
    subject: Subject, name: Name, nameValue: JSONValue, arguments: JSONValue?, meta: JSONValue?, context: Context,
    definition: JSONValue? = nil
  ) {
    self.subject = subject
    self.name = name
    self.nameValue = nameValue
    self.arguments = arguments
    self.meta = meta
    self.context = context
    self.definition = definition
  }
}
