/// A kind of table that a script is given or gives: what is in it, in Lua's terms.
public struct HostClass: Sendable {
  /// One of its fields.
  public struct Field: Sendable {
    /// Its name, with a question mark where it may be absent.
    public let name: String
    /// Its type, as the Lua language server writes types.
    public let type: String
    /// What it is.
    public let text: String

    init(_ name: String, _ type: String, _ text: String) {
      self.name = name
      self.type = type
      self.text = text
    }
  }

  /// Its name as a type: `moongate.call`.
  public let name: String
  /// What it is, in a sentence.
  public let text: String
  /// What is in it, in order.
  public let fields: [Field]

  init(_ name: String, _ text: String, _ fields: [Field] = []) {
    self.name = name
    self.text = text
    self.fields = fields
  }
}

extension HostClass {
  /// Every one, in the order of the reference.
  public static let all: [HostClass] = [
    HostClass(
      "moongate.call", "A call to judge. It is the script's own copy: what is written into it changes nothing.",
      [
        Field("tool", "string", "the tool's name"),
        Field("args", "table<string, any>", "its arguments, an empty object where the call has none"),
        Field("annotations", "table<string, any>", "what the server says of the tool; empty where that is not known"),
        Field("schema?", "table<string, any>", "the tool's input schema, where the server says it"),
        Field("session", "moongate.session", "the session that the call belongs to"),
        Field("client", "table<string, any>", "what the client said of itself: `name`, `version`"),
        Field("principal", "table<string, any>", "who calls, where that is known"),
        Field("server", "table<string, any>", "what the server said of itself: `name`, `version`"),
        Field("meta", "table<string, any>", "the call's `_meta`"),
        Field("time", "number", "seconds since 1970: the one clock that a script sees"),
      ]),
    HostClass(
      "moongate.session", "A session, as far as it has come.",
      [
        Field("id", "string", "a name that no other session has"),
        Field("started", "number", "seconds since 1970"),
        Field("calls", "table<string, integer>", "how many calls of each tool have been forwarded"),
      ]),
    HostClass(
      "moongate.url", "The parts of a URL.",
      [
        Field("scheme", "string", "in lower case"), Field("userinfo?", "string", "what stands before `@`"),
        Field("host", "string", "in lower case; an IPv6 address in its brackets"),
        Field("port?", "integer", "where the URL states one"), Field("path", "string", "as written"),
        Field("query?", "string", "what follows `?`"), Field("fragment?", "string", "what follows `#`"),
      ]),
    HostClass(
      "moongate.allowlist", "Where a URL may lead: the operand of the `url` operator.",
      [
        Field("hosts?", "string[]", "names, `*.example.com` for those under it, or addresses; any if left out"),
        Field("schemes?", "string[]", "https and http if left out"),
        Field("ports?", "integer[]", "the scheme's own if left out"),
        Field("allow_private?", "boolean", "whether it may lead to this machine or a private network"),
        Field("allow_userinfo?", "boolean", "whether a name or password may stand before the host"),
      ]),
    HostClass(
      "moongate.address", "An IP address.",
      [
        Field("version", "4|6", "of IP"), Field("text", "string", "the canonical spelling"),
        Field("bytes", "integer[]", "four or sixteen numbers"),
        Field("special?", "string", "what sets it apart, as in `a private address`; nil on the Internet at large"),
      ]),
    HostClass(
      "moongate.params", "What the rule gives the script: its `with`, an empty object where it has none.",
      [Field("[string]", "any", "as the policy writes it")]),
    HostClass(
      "moongate.count", "Which counter: one for each name, window and choice of whom it is kept for.",
      [
        Field(
          "window", "integer|string", "how long it counts: seconds, or as in a policy: `minute`, `15m`"),
        Field(
          "per?", "string|string[]",
          "`all` (also if left out), or of `session`, `client`, `principal`, `tool`, `server`"),
      ]),
    HostClass(
      "moongate.limit", "Which counter, and how much of it there is.",
      [
        Field("max", "integer", "the most that is reserved in any window"),
        Field("window", "integer|string", "as in `moongate.count`"),
        Field("per?", "string|string[]", "as in `moongate.count`"),
      ]),
    HostClass("moongate.ask", "What `ask` makes, to be returned."),
    HostClass("moongate.replace", "What `replace` makes, to be returned."),
    HostClass("moongate.redact", "What `redact` makes, to be returned from `check_result`."),
    HostClass("moongate.null", "JSON's null."),
  ]
}
