import Policy
import Wire

// What a policy says of tools, held against the server's own list of them.
extension Compiler {
  /// Warns of tools that the server does not have, and of arguments that its tools do not have.
  mutating func warn(of rules: RuleSet, in members: [Node.Member], against tools: ListedTools) {
    if case .sequence(let entries)? = members.named("hide")?.value.content {
      for entry in entries {
        guard let text = entry.text, let pattern = try? NamePattern(text) else { continue }
        warn(of: pattern, at: entry.position, against: tools)
      }
    }
    guard case .mapping(let keys)? = members.named("tools")?.value.content else { return }
    var positions: [Name: Node.Member] = [:]
    for key in keys { positions[key.name] = key }
    for section in rules.tools where !report.isFull {
      guard let key = positions[Name(section.pattern.description)] else { continue }
      let matching = tools.matching(section.pattern)
      guard !matching.isEmpty else {
        warn(of: section.pattern, at: key.position, against: tools)
        continue
      }
      let nodes = Compiler.rules(of: key)
      for rule in section.rules {
        for use in Use.all(of: rule, at: nodes[rule.place.position]) where !report.isFull {
          warn(of: use, in: section.pattern, matching, against: tools)
        }
      }
    }
  }

  /// The rules of a key, as they are written, by where they stand.
  private static func rules(of key: Node.Member) -> [Position: RuleDraft] {
    guard case .mapping(let members) = key.value.content,
      case .sequence(let nodes)? = members.named("rules")?.value.content
    else { return [:] }
    var drafts: [Position: RuleDraft] = [:]
    for node in nodes {
      if case .mapping(let members) = node.content { drafts[node.position] = RuleDraft(members: members, node: node) }
    }
    return drafts
  }

  private mutating func warn(of pattern: NamePattern, at position: Position, against tools: ListedTools) {
    guard tools.matching(pattern).isEmpty, !pattern.isEverything else { return }
    guard let name = pattern.exactName else {
      report.note(
        .unknownTool, at: position, "the server has no tool that \(quoted(pattern.description)) matches",
        hint: "see `tools/list` for the names of its tools")
      return
    }
    warn(ofTool: name, at: position, against: tools)
  }

  private mutating func warn(ofTool name: Name, at position: Position, against tools: ListedTools) {
    guard !tools.has(name) else { return }
    report.note(
      .unknownTool, at: position, "the server has no tool \(quoted(name.text))",
      hint: Spelling.hint(for: name.text, among: tools.names))
  }

  private mutating func warn(
    of use: Use, in pattern: NamePattern, _ matching: [String], against tools: ListedTools
  ) {
    if let tool = use.path.countedTool { warn(ofTool: tool, at: use.position, against: tools) }
    guard !use.isAboutAbsence, let missing = tools.missing(use.path, of: matching) else { return }
    let whose =
      pattern.exactName == nil
      ? "no tool that \(quoted(pattern.description)) matches has" : "the tool \(quoted(pattern.description)) has no"
    let what = missing.name == nil ? "list" : "argument"
    let article = pattern.exactName == nil ? " \(what == "list" ? "a" : "an") \(what)" : " \(what)"
    var message = "\(whose)\(article) \(quoted(missing.path))"
    if use.appliesAlways { message += ": this is unknown, and the rule applies" }
    report.note(
      use.appliesAlways ? .whenOffSchema : .unknownArgument, at: use.position, message,
      hint: missing.name.flatMap { Spelling.hint(for: $0, among: missing.known) })
  }
}

/// A path that a rule uses, and what for.
private struct Use {
  let path: Path
  let position: Position
  /// Whether it is in a `when` that is unknown for every call if the path leads nowhere.
  var appliesAlways = false
  /// Whether it asks for nothing but that the value is not there.
  var isAboutAbsence = false

  /// - Parameter draft: the rule as it is written.
  static func all(of rule: Rule, at draft: RuleDraft?) -> [Use] {
    var uses: [Use] = []
    for test in rule.when?.tests ?? [] {
      var use = Use(test)
      use.appliesAlways =
        test.optional == .required && test.operators.contains { $0.judge(test.fallback) == .unknown }
      uses.append(use)
    }
    for condition in [rule.unless, rule.require].compactMap({ $0 }) { uses += condition.tests.map { Use($0) } }
    uses += rule.edits.map { Use(path: $0.path, position: $0.place.position) }
    for limit in rule.rateLimits {
      for case .value(let path) in limit.per {
        uses.append(
          Use(
            path: path,
            position: position(of: path, in: draft?[limit.algorithm == .concurrency ? "concurrency" : "rate_limit"])
              ?? limit.place.position))
      }
    }
    for budget in rule.budgets {
      for case .value(let path) in budget.per {
        uses.append(Use(path: path, position: position(of: path, in: draft?["budget"]) ?? rule.place.position))
      }
      if case .value(let path) = budget.cost {
        uses.append(Use(path: path, position: position(of: "cost", in: draft?["budget"]) ?? rule.place.position))
      }
    }
    if case .value(let path)? = rule.state?.cost {
      let position = position(of: "increment_from", in: draft?["state"])
      uses.append(Use(path: path, position: position ?? rule.place.position))
    }
    if let reason = rule.reason {
      let position = (draft?["reason"] ?? draft?["on_deny"])?.value.position ?? rule.place.position
      uses += reason.paths.map { Use(path: $0, position: position) }
    }
    return uses
  }

  private init(_ test: Condition.Test) {
    path = test.path
    position = test.place.position
    isAboutAbsence = test.operators.allSatisfy { $0.judge(nil) == .holds }
  }

  private init(path: Path, position: Position) {
    self.path = path
    self.position = position
  }

  private static func position(of key: Name, in member: Node.Member?) -> Position? {
    guard case .mapping(let members)? = member?.value.content else { return nil }
    return members.named(key)?.value.position
  }

  private static func position(of path: Path, in limit: Node.Member?) -> Position? {
    guard case .mapping(let members)? = limit?.value.content, let per = members.named("per")?.value else { return nil }
    guard case .sequence(let entries) = per.content else { return per.position }
    return entries.first { $0.text.map { Name($0) == Name(path.description) } ?? false }?.position
  }
}

extension Condition {
  /// Every test in it, in the order of the policy.
  fileprivate var tests: [Test] {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.flatMap(\.tests)
    case .not(let condition): condition.tests
    case .test(let test): [test]
    case .count: []
    }
  }
}
