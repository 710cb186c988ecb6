import BasicContainers
import Wire

/// A policy's rules as deciding needs them: made once, when the policy is.
final class CompiledRules: Sendable {
  let tools: CompiledKeys
  let resources: CompiledKeys
  let prompts: CompiledKeys
  let methods: MethodLists
  let mode: RuleSet.Mode

  init(
    tools: CompiledKeys, resources: CompiledKeys, prompts: CompiledKeys, methods: MethodLists, _ mode: RuleSet.Mode
  ) {
    self.tools = tools
    self.resources = resources
    self.prompts = prompts
    self.methods = methods
    self.mode = mode
  }

  /// A policy without rules.
  convenience init() {
    self.init(
      tools: CompiledKeys([], .enforce), resources: CompiledKeys([], .enforce), prompts: CompiledKeys([], .enforce),
      methods: MethodLists(), .enforce)
  }
}

/// The rules for tools, for resources or for prompts.
final class CompiledKeys: Sendable {
  /// As they were made of.
  let keys: [RuleSet.Section]
  let hidden: [NamePattern]
  private let mode: RuleSet.Mode

  /// Whether there is a rule that looks at what the server says of a tool.
  let needsDefinitions: Bool
  /// Whether there is a rule that gives back what a call took whose tool has answered that it failed.
  let refundsToolErrors: Bool
  private let sections: [CompiledSection]
  private let inputSchemas = InputSchemas()
  /// Finds the keys that match a name; positions beyond the keys are those of `hide:`.
  private let lookup: NameLookup

  init(_ keys: [RuleSet.Section], hidden: [NamePattern] = [], _ mode: RuleSet.Mode) {
    self.keys = keys
    self.hidden = hidden
    self.mode = mode
    sections = keys.map { CompiledSection($0, mode) }
    needsDefinitions = sections.contains { $0.needsDefinition }
    refundsToolErrors = keys.contains { $0.rules.contains(where: \.refundsToolErrors) }
    lookup = NameLookup(keys.map(\.pattern) + hidden)
  }

  /// Whether there is a rule of this tool that looks at the server's definition of it.
  func needsDefinition(of tool: Name) -> Bool {
    let matches = lookup.matches(tool)
    return !hides(matches) && matches.contains { sections[$0].needsDefinition }
  }

  /// Whether `hide:` names the tool.
  func hides(_ tool: Name) -> Bool {
    !hidden.isEmpty && hides(lookup.matches(tool))
  }

  private func hides(_ matches: [Int]) -> Bool {
    matches.last.map { $0 >= sections.count } ?? false
  }

  /// Holds the rules of every key that matches against the call.
  func judge(_ call: borrowing Call, otherwise verdict: RuleSet.Verdict, _ found: inout Findings) {
    if call.subject == .resource, !sections.isEmpty, let oddity = ResourceURI.oddity(in: call.name) {
      // Rules find a resource by its URI, so that another spelling of it would be a way round them.
      refuse("resources", "ambiguous: the URI \(oddity)", &found)
    }
    let matches = lookup.matches(call.name)
    if hides(matches) { refuse("hide", "the policy hides this tool", &found) }
    var isNamed = false
    var check = ArgumentsCheck.any
    for position in matches where position < sections.count {
      let section = sections[position]
      section.judge(call, &found)
      if section.namesTools { isNamed = true }
      check = max(check, section.arguments)
    }
    if check.looksAtSchema, let objection = inputSchemas.objection(to: call, check) {
      refuse("arguments", objection, &found)
    }
    if verdict == .deny, !isNamed {
      refuse("default", "the policy does not name this \(call.subject.rawValue)", &found)
    }
  }

  /// Refuses for the policy as a whole.
  private func refuse(_ rule: String, _ reason: String, _ found: inout Findings) {
    found.refuse(Refusal(rule: rule, reason: reason), isObserved: mode == .observe)
  }
}

/// One key, with the names of all the arguments that its rules use.
final class CompiledSection: Sendable {
  let namesTools: Bool
  private let rules: UniqueArray<JudgedRule>
  private let names: UsedNames
  private let slots: ArgumentSlots

  /// How arguments are held against the tool's own schema.
  let arguments: ArgumentsCheck
  /// Whether it looks at the server's definition of the tool.
  let needsDefinition: Bool

  init(_ section: RuleSet.Section, _ mode: RuleSet.Mode) {
    arguments = section.arguments
    let paths = section.rules.flatMap(\.paths)
    let slots = ArgumentSlots(paths)
    needsDefinition =
      section.arguments.looksAtSchema || paths.contains { $0.root == .toolAnnotations }
      || section.rules.contains { $0.script?.looksAtDefinition == true }
    namesTools = !section.pattern.isEverything
    var rules = UniqueArray<JudgedRule>()
    for rule in section.rules { rules.append(JudgedRule(rule, mode, slots)) }
    self.rules = rules
    names = UsedNames(paths)
    self.slots = slots
  }

  func judge(_ call: borrowing Call, _ findings: inout Findings) {
    let found = slots.find(in: call)
    let isAmbiguous = found.isAmbiguous || names.reachesBeyondArguments && names.isAmbiguousBeyondArguments(call)
    for index in 0..<rules.count {
      findings.judge(rules[index], isAmbiguous: isAmbiguous, in: call, found)
    }
  }
}

/// A rule as it is held against calls, kept in place: one that has no objection costs no reference count.
struct JudgedRule: ~Copyable, Sendable {
  let rule: CompiledRule
  let when: CompiledCondition
  let unless: CompiledCondition
  let require: CompiledCondition
  let denies: Bool
  /// Whether its conditions look at counts.
  let looksAtCounts: Bool
  /// Whether it counts, asks a script, rewrites the call or asks a person.
  let hasMore: Bool

  /// - Parameter slots: the numbers of the arguments that the rules of its key look at.
  init(_ rule: Rule, _ mode: RuleSet.Mode, _ slots: borrowing ArgumentSlots) {
    self.rule = CompiledRule(rule, mode)
    when = CompiledCondition(rule.when, slots)
    unless = CompiledCondition(rule.unless, slots)
    require = CompiledCondition(rule.require, slots)
    denies = rule.action == .deny
    looksAtCounts = !self.rule.counters.isEmpty
    hasMore = self.rule.hasMore
  }
}

/// One rule, with what can be known of it before any call.
final class CompiledRule: Sendable {
  let rule: Rule
  /// Whether its refusals are only recorded.
  let isObserved: Bool
  let action: Rule.Action
  let rateLimits: [RateLimit]
  let budgets: [Budget]
  /// The counters that its conditions look at.
  let counters: [StateCounter]
  /// Whether it counts.
  let isCounting: Bool
  /// Whether it counts, asks a script, rewrites the call or asks a person.
  let hasMore: Bool

  init(_ rule: Rule, _ mode: RuleSet.Mode) {
    self.rule = rule
    action = rule.action
    rateLimits = rule.rateLimits
    budgets = rule.budgets
    var seen: Set<StateCounter> = []
    counters = [rule.when, rule.unless, rule.require].compactMap { $0 }.filter(\.looksAtCounts).flatMap(\.counts)
      .map(\.counter).filter { seen.insert($0).inserted }
    isCounting = !rule.rateLimits.isEmpty || !rule.budgets.isEmpty || rule.state != nil
    hasMore = isCounting || rule.script != nil || !rule.edits.isEmpty || rule.action == .requireApproval
    isObserved = (rule.mode ?? mode) == .observe
  }

  /// Made when it is asked for: only of a call in which the names of the rule's whole key have found something odd.
  var names: UsedNames { UsedNames(rule.paths) }
}

extension Rule {
  fileprivate var refundsToolErrors: Bool {
    rateLimits.contains { $0.refund == .toolError } || budgets.contains { $0.refund == .toolError }
  }

  /// Every path that the rule looks at.
  var paths: [Path] {
    let conditions = [when, unless, require].compactMap { $0 }.flatMap(\.paths)
    let partitions = (rateLimits.flatMap(\.per) + budgets.flatMap(\.per)).compactMap { partition in
      if case .value(let path) = partition { path } else { nil }
    }
    let costs = (budgets.map(\.cost) + [state?.cost].compactMap { $0 }).compactMap(\.path)
    return conditions + partitions + costs + (reason?.paths ?? []) + edits.map(\.path)
  }
}

extension Condition {
  /// Every path that the condition looks at.
  var paths: [Path] {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.flatMap(\.paths)
    case .not(let condition): condition.paths
    case .test(let test): [test.path]
    case .count: []
    }
  }
}
