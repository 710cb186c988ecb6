import Policy
import Wire

// Rules that load, and cannot do what they look like.
extension Compiler {
  /// Warns of a rule that has no effect, or more of it than can be meant.
  mutating func warn(of rule: Rule, at node: Node, in key: Key) {
    guard !report.isFull else { return }
    let exclusions = [rule.when, rule.unless, rule.require].compactMap { $0 }.flatMap(\.exclusions)
    for exclusion in exclusions { warn(of: exclusion) }
    if rule.action == .deny, let test = rule.when?.testOfEveryElement {
      report.note(
        .everyElementSelected, at: test.place.position,
        "this holds only where every element of \(quoted(test.path.description)) is so",
        hint:
          "to select calls in which any is so, write `not` and the opposite: see \"Several values\" in the reference")
    }
    warnOfDenylists(in: rule)
    guard exclusions.isEmpty else { return }
    warnOfIdleness(of: rule, at: node, in: key)
    if key.section == "tools", key.isEverything, rule.refusesEverything {
      report.note(
        .everythingRefused, at: node.position, "this refuses every call of every tool, whatever other keys say",
        hint: "to allow only the tools that the policy names, write `default: deny`")
    }
  }

  /// Warns of `url` where it says which addresses do not pass: those that it does not name have too many spellings.
  private mutating func warnOfDenylists(in rule: Rule) {
    var tests = rule.require?.addressTests(turned: true) ?? []
    if rule.action == .deny {
      tests += rule.when?.addressTests(turned: false) ?? []
      tests += rule.unless?.addressTests(turned: true) ?? []
    }
    for test in tests where !report.isFull {
      report.note(
        .addressDenied, at: test.place.position,
        "\"url\" is for addresses that may be used, and this refuses those that it names",
        hint: "name the hosts that are allowed: `require: [{ \(test.path.description): { url: { hosts: [ … ] } } }]`")
    }
  }

  /// Warns where no tool passes, because none is named.
  mutating func warnOfNamelessTools(_ rules: RuleSet, in members: [Node.Member]) {
    guard rules.defaultVerdict == .deny, !rules.tools.isEmpty, rules.tools.allSatisfy(\.pattern.isEverything),
      let key = members.named("tools")
    else { return }
    report.note(
      .everythingRefused, at: key.position, "under `default: deny` this refuses every call: \"*\" names no tool",
      hint: "name the tools that may be called; an empty list of rules is enough")
  }

  private mutating func warn(of exclusion: Condition.Exclusion) {
    let (first, second) = exclusion.operators
    let path = quoted(exclusion.second.path.description)
    let line = exclusion.first.place.line
    if first == second, exclusion.first.place == exclusion.second.place {
      report.note(
        .exclusiveConditions, at: exclusion.second.place.position,
        "no value of \(path) satisfies this \(quoted(first))",
        hint: "mend its operand; to refuse every call, write `action: deny`")
      return
    }
    report.note(
      .exclusiveConditions, at: exclusion.second.place.position,
      "no value of \(path) satisfies both \(quoted(first)) and \(quoted(second))"
        + (line == exclusion.second.place.line ? "" : ", on line \(line)"),
      hint: "to accept either, write them in a list under `any`")
  }

  private mutating func warnOfIdleness(of rule: Rule, at node: Node, in key: Key) {
    switch rule.idleness(tool: key.tool) {
    case .judgesNothing:
      report.note(
        .neverRefuses, at: node.position, "this rule can never refuse: \"when\" and \"unless\" leave no call to judge",
        hint: "mend them, or remove the rule")
    case .alwaysSatisfied:
      report.note(
        .neverRefuses, at: node.position, "this rule can never refuse: what it requires holds for every call",
        hint: "mend \"require\", or remove the rule")
    case nil: break
    }
  }
}

extension Rule {
  /// Whether no call passes it.
  fileprivate var refusesEverything: Bool {
    action == .deny && when == nil && unless == nil && mode != .observe
  }
}
