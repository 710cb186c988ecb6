extension RuleSet {
  /// Whether some rule counts what does not end with a session, so that where it is kept matters.
  public var countsBeyondSessions: Bool {
    [tools, resources, prompts].contains { $0.contains { $0.rules.contains { $0.countsBeyondSessions } } }
  }
}

extension RuleSet {
  /// How much may be taken in the counters of rules, by their names; none for those that only count.
  public var counterMaxima: [String: Amount] {
    var maxima: [String: Amount] = [:]
    for rule in [tools, resources, prompts].joined().flatMap(\.rules) {
      for limit in rule.rateLimits { maxima[limit.counter] = limit.algorithm.most ?? Amount(limit.max) }
      for budget in rule.budgets { maxima[budget.counter] = budget.algorithm.most ?? budget.max }
    }
    return maxima
  }

  /// The names of all counters of rules.
  public var counters: Set<String> {
    var names = Set(counterMaxima.keys)
    for case let state? in [tools, resources, prompts].joined().flatMap(\.rules).map(\.state) {
      names.insert(state.counter.reservation(amount: 0).key.counter)
    }
    return names
  }
}

extension Rule {
  fileprivate var countsBeyondSessions: Bool {
    state != nil || rateLimits.contains { !$0.per.endWithSession } || budgets.contains { !$0.per.endWithSession }
  }
}
