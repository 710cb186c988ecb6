import Wire

/// Makes policies, and calls that come near the edges of what these ask for.
struct Generator {
  /// What is left out, for promises that say nothing of it.
  struct Limits {
    /// Scripts and rules that set or remove arguments.
    var rewrites = true
    /// Scripts at all: they judge what they like as they like.
    var scripts = true
    /// Values that stand in for absent ones, and operators that can always be judged.
    var excuses = true
    /// Paths that end in `**`, and `arguments:`.
    var wholes = true
    /// Rules and policies that only observe.
    var observes = true
  }

  var limits = Limits()

  static func number(_ value: Int) -> JSON { .number(ExactNumber(value)) }
  static func object(_ members: (Name, JSON)...) -> JSON { .object(members.map { (name: $0.0, value: $0.1) }) }
  static func decimal(_ text: String) -> JSON { ExactNumber(text).map { .number($0) } ?? .null }
  static let strings = ["a", "b", "ab", "aab", "abc", "abcd", "", " ", "1", "5", "a1", "é", "e\u{301}", "a\u{200B}b"]
  static let numbers = [0, 1, 2, 4, 5, 6, -1, 9, 10]
  static let urls = [
    "https://good.example/a", "https://www.good.example", "http://good.example", "https://good.example:8443/",
    "https://evil.example", "https://good.example@evil.example/", "https://10.0.0.1/", "https://good.example.",
  ]
  static let addresses = ["10.0.0.1", "10.255.255.255", "11.0.0.0", "010.0.0.1", "::1"]
  static let tools = ["read", "write", "read_all", "list"]
  static let patterns = ["*", "read", "write", "read_*", "*_all", "r?ad", "[rw]*", "l*t"]

  func policy(_ choices: inout Choices) -> PolicyDraft {
    var draft = PolicyDraft()
    draft.defaults = choices.chance(15) ? "deny" : "allow"
    draft.mode = limits.observes && choices.chance(10) ? "observe" : "enforce"
    draft.hide = unique(choices.list(atMost: 2, percent: 10) { $0.one(of: Generator.patterns) })
    var number = 0
    for key in choices.list(atLeast: 1, atMost: 3, percent: 50, { key(&$0, &number) })
    where !draft.keys.contains(where: { $0.pattern == key.pattern }) {
      draft.keys.append(key)
    }
    return draft
  }

  private func unique(_ texts: [String]) -> [String] {
    texts.enumerated().filter { !texts[..<$0.offset].contains($0.element) }.map(\.element)
  }

  /// A key, with rules whose names are numbered on.
  func key(_ choices: inout Choices, _ number: inout Int) -> PolicyDraft.Key {
    var key = PolicyDraft.Key(pattern: choices.one(of: Generator.patterns))
    if limits.wholes, choices.chance(8) { key.arguments = choices.one(of: ["schema", "strict"]) }
    key.rules = choices.list(atLeast: 1, atMost: 4, percent: 55) { choices in
      number += 1
      return rule(&choices, named: "r\(number)")
    }
    return key
  }

  func rule(_ choices: inout Choices, named name: String) -> PolicyDraft.Rule {
    var rule = PolicyDraft.Rule(name: name)
    rule.action = choices.one(
      of: ["evaluate", "evaluate", "evaluate", "allow", "deny", "evaluate", "require_approval"])
    if limits.observes, choices.chance(10) { rule.mode = choices.one(of: ["observe", "enforce"]) }
    if choices.chance(35) { rule.when = condition(&choices, depth: 2) }
    if choices.chance(20) { rule.unless = condition(&choices, depth: 1) }
    guard rule.action != "deny" else { return rule }
    // One that rewrites and checks nothing else is what shows what rewriting does.
    let rewrites = limits.rewrites && choices.chance(35)
    if choices.chance(rewrites ? 15 : 60) { rule.require = condition(&choices, depth: 2) }
    if choices.chance(20) { rule.limit = limit(&choices) }
    if choices.chance(8) { rule.budget = budget(&choices) }
    if limits.scripts, choices.chance(8) {
      let words =
        limits.rewrites ? ["pass", "refuse b", "ask", "fault b", "replace"] : ["pass", "refuse b", "fault b"]
      rule.script = choices.one(of: words)
    }
    if rewrites {
      let edits = choices.list(atLeast: 1, atMost: 2, percent: 30) { choices in
        (choices.one(of: ["args.n", "args.a", "args.o.x", "args.c"]), choices.one(of: Generator.edited))
      }
      for edit in edits where !rule.set.contains(where: { $0.path == edit.0 }) { rule.set.append(edit) }
      if choices.chance(30) { rule.remove = ["args.b"] }
    }
    let checksNothing =
      rule.require == nil && rule.limit == nil && rule.budget == nil && rule.script == nil && rule.set.isEmpty
    if rule.action == "evaluate", checksNothing { rule.require = test(&choices) }
    return rule
  }

  private static let edited: [JSON] = [number(5), .string("ab"), .bool(true), .null, .object([])]

  private func limit(_ choices: inout Choices) -> JSON {
    let counts = [2, 1, 3, 4]
    if choices.chance(30) { return .string("\(choices.one(of: counts))/\(choices.one(of: ["minute", "second"]))") }
    var members: [(name: Name, value: JSON)] = [
      ("max", Generator.number(choices.one(of: counts))), ("window", Generator.number(choices.one(of: [60, 1, 3600]))),
    ]
    if choices.chance(60) {
      let partitions = ["session", "client", "tool", "args.a", "args.n"]
      let chosen = unique(choices.list(atLeast: 1, atMost: 2, percent: 30) { $0.one(of: partitions) })
      members.append(("per", .array(chosen.map { .string($0) })))
    }
    if choices.chance(25) { members.append(("algorithm", .string("fixed"))) }
    return .object(members)
  }

  private func budget(_ choices: inout Choices) -> JSON {
    let costs: [JSON] = [.string("args.n"), Generator.decimal("0.1"), Generator.number(4)]
    var members: [(name: Name, value: JSON)] = [
      ("max", choices.one(of: [Generator.number(10), Generator.decimal("0.3")])),
      ("window", .string(choices.one(of: ["minute", "day", "month"]))), ("cost", choices.one(of: costs)),
    ]
    if choices.chance(40) { members.append(("per", .array([.string(choices.one(of: ["client", "tool", "args.a"]))]))) }
    if choices.chance(40) { members.append(("algorithm", .string("fixed"))) }
    return .object(members)
  }

  private func condition(_ choices: inout Choices, depth: Int) -> PolicyDraft.Condition {
    guard depth > 0 else { return test(&choices) }
    switch choices.below(6) {
    case 3: return .all(choices.list(atLeast: 1, atMost: 3, percent: 50) { condition(&$0, depth: depth - 1) })
    case 4: return .any(choices.list(atLeast: 1, atMost: 3, percent: 50) { condition(&$0, depth: depth - 1) })
    case 5: return .not(condition(&choices, depth: depth - 1))
    default: return test(&choices)
    }
  }

  private func test(_ choices: inout Choices) -> PolicyDraft.Condition {
    var paths = [
      "args.a", "args.n", "args.b", "args.l", "args.o.x", "args.l[0]", "args.l[*]", "args['o'].y", "tool.name",
      "client.name",
    ]
    if limits.wholes { paths += ["args.**", "args.o.**"] }
    let path = choices.one(of: paths)
    let operators = choices.list(atLeast: 1, atMost: 2, percent: 15) { operation(on: path, &$0) }
    var test = PolicyDraft.Test(path: path, operators: [])
    for judge in operators where !test.operators.contains(where: { $0.name == judge.name }) {
      test.operators.append(judge)
    }
    if limits.excuses {
      if choices.chance(15) { test.fallback = value(&choices) }
      if choices.chance(15) { test.optional = choices.one(of: [.bool(true), .string("blank")]) }
    }
    return .test(test)
  }

  private func operation(on path: String, _ choices: inout Choices) -> (name: String, operand: JSON) {
    let always = ["exists", "present", "type", "schema"]
    let texts = ["regex", "glob", "starts_with", "ends_with", "contains", "url", "ip", "plain_text", "format"]
    let names = ["eq", "lt", "neq", "in", "not_in", "lte", "gt", "gte", "length"] + texts
    let name = choices.one(of: limits.excuses ? names + always : names)
    switch name {
    case "lt", "lte", "gt", "gte": return (name, Generator.number(choices.one(of: Generator.numbers)))
    case "in", "not_in": return (name, .array(choices.list(atLeast: 1, atMost: 3) { scalar(&$0) }))
    case "exists", "present", "plain_text": return (name, .bool(!choices.chance(30)))
    case "type": return (name, .string(choices.one(of: ["string", "integer", "array", "absent", "null", "object"])))
    case "regex": return (name, .string(choices.one(of: ["b", "^a+$", "^.{0,3}$", "[0-9]", "^$"])))
    case "glob": return (name, .string(choices.one(of: ["a*", "?b", "*[bc]", "read*"])))
    case "starts_with", "ends_with", "contains": return (name, .string(choices.one(of: ["a", "b", "ab"])))
    case "length":
      let bound = Generator.number(choices.one(of: [2, 0, 1, 3]))
      return (name, choices.chance(50) ? .object([(Name(choices.one(of: ["lte", "gte"])), bound)]) : bound)
    case "url":
      let hosts: [JSON] = [.string("good.example"), .string("*.good.example"), .string("good.example:8443")]
      return (name, .object([("hosts", .array(choices.list(atLeast: 1, atMost: 2) { $0.one(of: hosts) }))]))
    case "format": return (name, .string(choices.one(of: ["ipv4", "ipv6", "uri", "hostname", "date"])))
    case "ip": return (name, .object([("in", .array([.string("10.0.0.0/8")]))]))
    case "schema":
      return (
        name,
        choices.one(of: [
          Generator.object(("type", .string("string")), ("maxLength", Generator.number(3))),
          Generator.object(("minimum", Generator.number(5))),
          Generator.object(("type", .array([.string("array"), .string("null")]))),
        ])
      )
    default: return (name, scalar(&choices))
    }
  }

  /// No null: what is compared with null can be judged of a value that has been taken away.
  private func scalar(_ choices: inout Choices) -> JSON {
    switch choices.below(4) {
    case 0: .string(choices.one(of: Generator.strings))
    case 1: Generator.number(choices.one(of: Generator.numbers))
    case 2: .bool(choices.chance(50))
    default: Generator.decimal(choices.one(of: ["5.0", "0.5", "5.000000000000000000001"]))
    }
  }

  /// Any value.
  func value(_ choices: inout Choices) -> JSON {
    switch choices.below(9) {
    case 0, 1, 2: scalar(&choices)
    case 3: .null
    case 4: .array(choices.list(atMost: 3) { scalar(&$0) })
    case 5: Generator.object(("x", scalar(&choices)), ("y", scalar(&choices)))
    case 6: .string(choices.one(of: Generator.urls))
    case 7: .string(choices.one(of: Generator.addresses))
    default: .array([Generator.object(("x", scalar(&choices))), .array([scalar(&choices)])])
    }
  }
}
