public import Wire

/// Where something stands in a file, for people.
public struct Place: Sendable, Hashable, CustomStringConvertible {
  /// The file as it was named.
  public var file: String
  /// The line, counted from 1.
  public var line: Int
  /// The column, counted from 1 in code points.
  public var column: Int

  /// A place in a file.
  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file:line:column`.
  public var description: String { "\(file):\(line):\(column)" }
}

/// One rule: objects to a call, or does not.
public struct Rule: Sendable {
  /// What a rule does with the calls it judges.
  public enum Action: String, Sendable, CaseIterable {
    /// Checks all that it states.
    case evaluate
    /// States that the tool is meant to be used; its checks hold like those of `evaluate`.
    case allow
    /// Refuses.
    case deny
    /// Holds for a person.
    case requireApproval = "require_approval"
  }

  /// Its name as refusals give it: `rule 3` where the file leaves it out.
  public var name: String
  /// Where it stands.
  public var place: Place
  /// Judge only calls for which this holds or cannot be judged.
  public var when: Condition?
  /// Exempt calls for which this holds.
  public var unless: Condition?
  /// What to do with them.
  public var action: Action
  /// Must hold.
  public var require: Condition?
  /// Rate limits that a call must fit into.
  public var rateLimits: [RateLimit]
  /// Budgets that a call must fit into.
  public var budgets: [Budget] = []
  /// What is counted of every call that it judges.
  public var state: StateIncrement?
  /// How long a person has to decide, in nanoseconds.
  public var approvalTimeout: Int64?
  /// The Lua validator that must not object.
  public var script: ScriptReference?
  /// What it sets and removes in the arguments of calls that pass its checks.
  public var edits: [Edit]
  /// What the agent is told, with `{{path}}` filled in.
  public var reason: ReasonTemplate?
  /// This rule's own mode, where it has one.
  public var mode: RuleSet.Mode?

  /// A rule that states nothing yet.
  public init(name: String, place: Place, action: Action = .evaluate) {
    self.name = name
    self.place = place
    self.action = action
    self.rateLimits = []
    self.edits = []
  }
}

/// A rule's script: which one, and with what parameters.
public struct ScriptReference: Sendable {
  /// Its position in the list of scripts that was loaded with the policy.
  public var script: Int
  /// The rule's `with`: an object.
  public let parameters: JSON
  /// ``parameters`` as JSON text: made once, sent with every question.
  public let encodedParameters: [UInt8]
  /// Tells the script from others, wherever in the policy they are named: equal where the scripts are.
  public let identity: Name
  /// Whether the script looks at what the server says of the tool that is called.
  public var looksAtDefinition: Bool

  /// A reference to the script at that position.
  public init(script: Int, parameters: JSON, identity: Name = "", looksAtDefinition: Bool = false) {
    self.looksAtDefinition = looksAtDefinition
    self.script = script
    self.identity = identity
    self.parameters = parameters
    self.encodedParameters = parameters.encoded()
  }
}

/// A script's source, read as text when the policy was loaded.
public struct ScriptSource: Sendable {
  /// The file's name for messages and tracebacks; for an inline script the policy's own.
  public var name: String
  /// The Lua text.
  public var text: [UInt8]
  /// The line of `name` on which the text begins: 1 for a file of its own.
  public var firstLine: Int
  /// Where the policy names it.
  public var place: Place
  /// What it may `require`, in the order in which it is first named.
  public var modules: [ScriptModule]

  /// A script's source.
  public init(name: String, text: [UInt8], firstLine: Int, place: Place, modules: [ScriptModule] = []) {
    self.name = name
    self.text = text
    self.firstLine = firstLine
    self.place = place
    self.modules = modules
  }
}

/// The source of a module, read as text with the script that requires it.
public struct ScriptModule: Sendable, Equatable {
  /// What `require` calls it: `lib.hosts`.
  public var name: String
  /// The file's name for messages.
  public var file: String
  /// The Lua text.
  public var text: [UInt8]

  /// A module's source.
  public init(name: String, file: String, text: [UInt8]) {
    self.name = name
    self.file = file
    self.text = text
  }
}

/// What one call may cost: the `limits:` of a policy.
public struct Limits: Sendable, Equatable {
  /// The longest message, in bytes.
  public var messageBytes = 16 << 20
  /// How deep a message may nest.
  public var messageDepth = 64
  /// How many requests may await their answers at once.
  public var inFlight = 256
  /// Lua instructions a call.
  public var scriptInstructions = 1_000_000
  /// Bytes of Lua memory a call.
  public var scriptMemory = 8 << 20
  /// Nanoseconds of wall-clock time a call.
  public var scriptTime: Int64 = 50_000_000
  /// How deep Lua calls may nest.
  public var scriptDepth = 100

  /// The defaults of `policy-language`.
  public init() {}
}
