import Wire

/// A call as a line for `moongate eval`.
struct CallDraft: CustomStringConvertible {
  var tool: String
  var arguments: [(name: String, value: JSON)]?
  var session = "s1"
  var client: String?
  var isDefined = false
  /// Seconds since the call before it.
  var pause = 0.0

  private static let definition: JSON = .object([
    (
      "inputSchema",
      .object([
        ("type", .string("object")),
        (
          "properties",
          .object([("a", .object([("type", .string("string"))])), ("n", .object([("type", .string("number"))]))])
        ),
      ])
    )
  ])

  /// The line, for that time.
  func line(at seconds: Double) -> String {
    var members: [(name: Name, value: JSON)] = [("tool", .string(tool))]
    if let arguments { members.append(("arguments", .object(arguments.map { (Name($0.name), $0.value) }))) }
    members.append(("session", .string(session)))
    if let client { members.append(("client", .object([("name", .string(client)), ("version", .string("1"))]))) }
    if isDefined { members.append(("definition", CallDraft.definition)) }
    if let at = ExactNumber("\(seconds)") { members.append(("at", .number(at))) }
    return String(decoding: JSON.object(members).encoded(), as: UTF8.self)
  }

  var description: String { line(at: pause) }

  /// The lines of calls that come one after the other.
  static func lines(_ calls: [CallDraft]) -> [String] {
    var now = 1_000_000.0
    return calls.map { call in
      now += call.pause
      return call.line(at: now)
    }
  }
}

extension Generator {
  /// A call, most of whose arguments are near the edges of the policy's conditions.
  func call(of policy: PolicyDraft, _ choices: inout Choices) -> CallDraft {
    var call = CallDraft(tool: choices.one(of: Generator.tools))
    if !choices.chance(5) {
      var arguments: [(name: String, value: JSON)] = []
      for name in ["a", "n", "b", "l", "o", "c"] where choices.chance(name == "c" ? 10 : 60) {
        arguments.append((name, argument(name, of: policy, &choices)))
      }
      if limits.wholes, choices.chance(3), arguments.first?.name != "a" { arguments.append(("A", .string("a"))) }
      call.arguments = arguments
    }
    call.session = choices.one(of: ["s1", "s1", "s2"])
    if choices.chance(40) { call.client = choices.one(of: ["a", "ab", "b"]) }
    call.isDefined = choices.chance(40)
    call.pause = choices.one(of: [0, 0.5, 1, 30, 59.5, 60, 61])
    return call
  }

  private func argument(_ name: String, of policy: PolicyDraft, _ choices: inout Choices) -> JSON {
    let tests = policy.tests.filter { $0.path.hasPrefix("args.\(name)") || name == "o" && $0.path == "args['o'].y" }
    guard !tests.isEmpty, !choices.chance(25) else { return value(&choices) }
    let test = choices.one(of: tests)
    guard let judge = test.operators.first else { return value(&choices) }
    let near = choices.one(of: edges(of: judge.name, judge.operand))
    switch name {
    case "l" where test.path != "args.l": return .array([near] + choices.list(atMost: 2) { value(&$0) })
    case "o": return Generator.object(("x", near), ("y", value(&choices)))
    default: return near
    }
  }

  /// Values on both sides of where an operator's answer changes.
  private func edges(of name: String, _ operand: JSON) -> [JSON] {
    switch (name, operand) {
    case (_, .number(let number)) where name != "length":
      let near = Int(number.approximate)
      return [operand] + [near, near - 1, near + 1].map { Generator.number($0) } + [.string(number.description)]
    case ("length", _):
      return ["", "a", "ab", "abc", "abcd", "éé"].map { .string($0) } + [.array([]), .array([.null, .null])]
    case (_, .bool(let flag)): return [.bool(flag), .bool(!flag), .string(flag ? "true" : "false")]
    case (_, .array(let elements)): return elements + [.string("zz")]
    case ("url", _): return Generator.urls.map { .string($0) }
    case ("format", _):
      return (Generator.addresses + Generator.urls + ["2026-02-28", "2026-02-29"]).map { .string($0) }
    case ("ip", _): return Generator.addresses.map { .string($0) }
    case ("schema", _): return [.string("abc"), .string("abcd"), Generator.number(4), Generator.number(5), .array([])]
    default: return ["a", "ab", "aab", "b", "ba", "abc", "1", ""].map { .string($0) }
    }
  }
}
