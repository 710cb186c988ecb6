extension RuleSet {
  /// Whether some rule counts what does not end with a session, so that where it is kept matters.
  public var countsBeyondSessions: Bool {
    [tools, resources, prompts].contains { $0.contains { $0.rules.contains { $0.countsBeyondSessions } } }
  }
}

extension Rule {
  fileprivate var countsBeyondSessions: Bool {
    state != nil || rateLimits.contains { !$0.per.endWithSession } || budgets.contains { !$0.per.endWithSession }
  }
}
