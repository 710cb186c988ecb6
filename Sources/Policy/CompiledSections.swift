import Wire

/// The keys under `tools:` as deciding needs them.
final class CompiledSections: Sendable {
  let lookup: NameLookup
  let sections: [CompiledSection]

  init(_ sections: [RuleSet.Section], _ mode: RuleSet.Mode) {
    lookup = NameLookup(sections.map(\.pattern))
    self.sections = sections.map { CompiledSection($0, mode) }
  }
}

/// One key, with the names of all the arguments that its rules use.
final class CompiledSection: Sendable {
  let namesTools: Bool
  let rules: [CompiledRule]
  let names: UsedNames

  init(_ section: RuleSet.Section, _ mode: RuleSet.Mode) {
    namesTools = !section.pattern.isEverything
    rules = section.rules.map { CompiledRule($0, mode) }
    names = UsedNames(section.rules.flatMap(\.paths))
  }
}

/// One rule, with what can be known of it before any call.
final class CompiledRule: Sendable {
  let rule: Rule
  /// Whether its refusals are only recorded.
  let isObserved: Bool
  let names: UsedNames
  let when: CompiledCondition?
  let unless: CompiledCondition?
  let require: CompiledCondition?
  let action: Rule.Action
  let rateLimits: [RateLimit]
  /// Whether it counts, asks a script or asks a person.
  let hasMore: Bool

  init(_ rule: Rule, _ mode: RuleSet.Mode) {
    self.rule = rule
    when = rule.when.map { CompiledCondition($0) }
    unless = rule.unless.map { CompiledCondition($0) }
    require = rule.require.map { CompiledCondition($0) }
    action = rule.action
    rateLimits = rule.rateLimits
    hasMore = !rule.rateLimits.isEmpty || rule.script != nil || rule.action == .requireApproval
    isObserved = (rule.mode ?? mode) == .observe
    names = UsedNames(rule.paths)
  }
}

extension Rule {
  /// Every path that the rule looks at.
  var paths: [Path] {
    let conditions = [when, unless, require].compactMap { $0 }.flatMap(\.paths)
    let partitions = rateLimits.flatMap(\.per).compactMap { partition in
      if case .value(let path) = partition { path } else { nil }
    }
    return conditions + partitions + (reason?.paths ?? [])
  }
}

extension Condition {
  /// Every path that the condition looks at.
  var paths: [Path] {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.flatMap(\.paths)
    case .not(let condition): condition.paths
    case .test(let test): [test.path]
    }
  }
}
