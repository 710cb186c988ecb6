import Policy
import Wire

extension Compiler {
  /// Where rules stand: `tools`, and a name or a glob.
  struct Key {
    let section: String
    let pattern: String
    /// The one tool that it names, where it is no glob.
    let tool: Name?
    /// Whether it matches every name.
    let isEverything: Bool

    init(section: String, pattern: String, _ compiled: NamePattern?) {
      self.section = section
      self.pattern = pattern
      tool = section == "tools" ? compiled?.exactName : nil
      isEverything = compiled?.isEverything ?? false
    }
  }

  /// The rules in a list; those with mistakes are noted and left out.
  mutating func compile(rules member: Node.Member, of key: Key) -> [Rule] {
    var rules: [Rule] = []
    var lines: [Name: Int] = [:]
    for (index, node) in (elements(of: member) ?? []).enumerated() {
      guard let members = members(of: node, the: "a rule", .rule) else { continue }
      let draft = RuleDraft(members: members, node: node)
      var name = name(of: draft, number: index + 1)
      if let line = lines[Name(name)] {
        let position = draft["name"]?.value.position ?? node.position
        if draft.isOfIntercept {
          var number = 2
          while lines[Name("\(name) (\(number))")] != nil { number += 1 }
          name += " (\(number))"
          report.note(
            .renamedRule, at: position, "another rule of this list has that name: this one goes by \(quoted(name))",
            hint: "it stands on line \(line)")
        } else {
          report.note(
            .duplicateRuleName, at: position, "another rule of this list is named \(quoted(name))",
            hint: "it stands on line \(line)")
        }
      }
      lines[Name(name)] = lines[Name(name)] ?? node.position.line
      let errors = report.errors
      let compiled = compile(draft, name: name, of: key)
      for rule in compiled { noteCircles(in: draft, rule) }
      // What has been left out for a mistake would be missed.
      if report.errors == errors, let rule = compiled.last { warn(of: rule, at: node, in: key) }
      rules += compiled
    }
    return rules
  }

  private mutating func name(of draft: RuleDraft, number: Int) -> String {
    guard let member = draft["name"], let name = draft.isOfIntercept ? label(member) : string(member) else {
      return "rule \(number)"
    }
    if name.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
      report.note(
        .badName, at: member.value.position, "a rule's name must not be empty",
        hint: "leave \"name\" out to have it numbered")
      return "rule \(number)"
    }
    if name.unicodeScalars.contains(where: Compiler.breaksLine) {
      report.note(
        .badName, at: member.value.position, "a rule's name must be one line", hint: "say more in \"reason\"")
    }
    return name
  }

  /// Refusals give the name within a line.
  private static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: true
    default: false
    }
  }

  /// One rule; or two, where it counts more calls than it judges.
  private mutating func compile(_ draft: RuleDraft, name: String, of key: Key) -> [Rule] {
    var rule = Rule(name: name, place: source.place(draft.node.position))
    if let member = draft["action"], let action = word(member, among: Rule.Action.self) { rule.action = action }
    if let member = draft["mode"] { rule.mode = word(member, among: RuleSet.Mode.self) }
    if let member = draft["stage"] { refuse(member, unless: "call", among: ["call", "result"]) }
    if let member = draft["when"] { rule.when = condition(member, role: .when) }
    if let member = draft["unless"] { rule.unless = condition(member, role: .unless) }
    if let member = draft["require"] { rule.require = condition(member, role: .require) }
    var counting = Rule(name: name, place: rule.place)
    if let member = draft["conditions"], let condition = conditions(member) {
      // In that form the conditions of such a rule select the calls to hold; it counts the others, too.
      if rule.action == .requireApproval {
        counting.when = rule.when
        rule.when = rule.when.map { .all([$0, condition]) } ?? condition
      } else {
        rule.require = condition
      }
    }
    if let member = draft["rate_limit"], let limit = rateLimit(member, rule: name, of: key) {
      rule.rateLimits = [limit]
    }
    if let member = draft["concurrency"], let limit = concurrency(member, rule: name, of: key) {
      rule.rateLimits.append(limit)
    }
    if let member = draft["budget"], let budget = budget(member, rule: name, of: key) { rule.budgets = [budget] }
    if let member = draft["spend"] { rule.budgets += spend(member, rule: name, of: key) }
    if let member = draft["state"] { rule.state = state(member, of: key) }
    if let member = draft["approval_timeout"] { rule.approvalTimeout = approvalTimeout(member) }
    rule.script = script(of: draft)
    rule.edits = edits(of: draft, for: key)
    rule.reason = reason(of: draft)
    noteContradictions(in: draft, action: rule.action)
    guard rule.action == .requireApproval, draft["conditions"] != nil, rule.state != nil else { return [rule] }
    (counting.unless, counting.mode, counting.state) = (rule.unless, rule.mode, rule.state)
    rule.state = nil
    return [counting, rule]
  }

  private mutating func reason(of draft: RuleDraft) -> ReasonTemplate? {
    guard let member = draft["reason"] ?? draft["on_deny"],
      let text = draft.isOfIntercept ? label(member) : string(member)
    else { return nil }
    do {
      return try ReasonTemplate(text)
    } catch {
      // In Intercept's form braces mean nothing.
      if member.name == "on_deny" { return ReasonTemplate(literal: text) }
      report.note(.badReason, at: member.value.position, error.message, hint: error.hint)
      return nil
    }
  }

  private static let synonyms: [(Name, Name)] = [
    ("reason", "on_deny"), ("require", "conditions"), ("script", "lua"),
  ]
  private static let checks: [Name] = [
    "require", "conditions", "rate_limit", "concurrency", "budget", "spend", "state", "script", "lua", "set", "remove",
  ]

  private mutating func noteContradictions(in draft: RuleDraft, action: Rule.Action) {
    for (left, right) in Compiler.synonyms {
      guard let first = draft[left], let second = draft[right] else { continue }
      report.note(
        .contradiction, at: max(first.position, second.position),
        "\"\(left)\" and \"\(right)\" are two names of one thing",
        hint: "keep one of them")
    }
    let checks = draft.members(named: Compiler.checks)
    if action == .deny {
      for check in checks {
        report.note(
          .contradiction, at: check.position, "a rule with `action: deny` refuses, and checks nothing more",
          hint: check.name == "rate_limit"
            ? "leave out \"action\" to limit the calls, or \"rate_limit\" to refuse them all"
            : "select the calls with \"when\" and \"unless\", or leave \"action\" out")
      }
    }
    if let member = draft["with"], draft["script"] == nil, draft["lua"] == nil {
      report.note(
        .contradiction, at: member.position, "\"with\" gives parameters to a script, and this rule has none",
        hint: "add `script: file.lua`, or remove \"with\"")
    }
    if let member = draft["approval_timeout"], action != .requireApproval, draft["script"] == nil, draft["lua"] == nil {
      report.note(
        .contradiction, at: member.position, "\"approval_timeout\" is for a rule that asks a person",
        hint: "write `action: require_approval`, or remove it")
    }
    let isEvaluated = draft["action"] == nil || draft["action"]?.value.text == Rule.Action.evaluate.rawValue
    guard isEvaluated, checks.isEmpty, !draft.hasForeignKeys else { return }
    report.note(
      .checksNothing, at: draft.node.position, "this rule checks nothing",
      hint: "add \"require\", \"rate_limit\", \"script\" or \"set\"; or write `action: deny` or `action: allow`")
  }
}

/// A rule as it stands in the file.
struct RuleDraft {
  let members: [Node.Member]
  let node: Node

  subscript(key: Name) -> Node.Member? { members.named(key) }

  /// Whether the rule is written as Intercept v1 has it.
  var isOfIntercept: Bool { RuleDraft.isOfIntercept(members) }

  static func isOfIntercept(_ members: [Node.Member]) -> Bool {
    members.contains { $0.name == "conditions" || $0.name == "on_deny" || $0.name == "state" }
  }

  func members(named names: [Name]) -> [Node.Member] {
    names.compactMap { members.named($0) }
  }

  /// Whether keys have been left out that were noted as mistakes already.
  var hasForeignKeys: Bool {
    if case .mapping(let all) = node.content { all.count != members.count } else { true }
  }
}
