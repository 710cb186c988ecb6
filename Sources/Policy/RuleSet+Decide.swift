public import Wire

extension RuleSet {
  /// Judges a call: pure, and the same wherever it runs.
  ///
  /// Every rule of every key that matches is held against the call, and none ends the search: which rule stands first
  /// changes no verdict, only which reason is told. A refusal outranks a question to a person.
  public func decide(_ call: consuming Call, at moment: Moment, explain: Bool = false) -> Judgement {
    var found = Findings(explain: explain)
    judge(call, &found)
    return Judgement(call, consume found, at: moment, by: self)
  }

  /// Holds every rule against the call.
  func judge(_ call: borrowing Call, _ found: inout Findings) {
    switch call.subject {
    case .tool: compiled.tools.judge(call, otherwise: defaultVerdict, &found)
    case .resource: compiled.resources.judge(call, otherwise: resourceDefault, &found)
    case .prompt: compiled.prompts.judge(call, otherwise: promptDefault, &found)
    }
  }
}
