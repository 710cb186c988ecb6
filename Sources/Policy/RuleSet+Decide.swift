public import Wire

extension RuleSet {
  /// Judges a call: pure, and the same wherever it runs.
  ///
  /// Every rule of every key that matches is held against the call, and none ends the search: which rule stands first
  /// changes no verdict, only which reason is told. A refusal outranks a question to a person.
  public func decide(_ call: Call, at moment: Moment, explain: Bool = false) -> Judgement {
    var found = Findings(explain: explain)
    switch call.subject {
    case .tool: judge(call, &found)
    case .resource: if resourceDefault == .deny { refuse("the policy allows no resources", &found) }
    case .prompt: if promptDefault == .deny { refuse("the policy allows no prompts", &found) }
    }
    return Judgement.begun(call, found, at: moment, limits: limits)
  }

  private func judge(_ call: Call, _ found: inout Findings) {
    if hides(call.name) {
      found.refuse(Refusal(rule: "hide", reason: "the policy hides this tool"), isObserved: mode == .observe)
    }
    var isNamed = false
    sections.lookup.forEachMatch(call.name) { position in
      let section = sections.sections[position]
      if section.namesTools { isNamed = true }
      let isAmbiguous = section.names.ambiguity(in: call) != nil
      for rule in section.rules {
        found.judge(rule, ambiguity: isAmbiguous ? rule.names.ambiguity(in: call) : nil, in: call)
      }
    }
    if defaultVerdict == .deny, !isNamed { refuse("the policy does not name this tool", &found) }
  }

  private func refuse(_ reason: String, _ found: inout Findings) {
    found.refuse(Refusal(rule: "default", reason: reason), isObserved: mode == .observe)
  }
}
