import Wire

/// The explanation of a decision: each rule and condition with the value that it saw.
struct Trace: Sendable {
  private var lines: [TraceEntry] = []

  mutating func add(_ rule: CompiledRule?, _ text: String) {
    lines.append(TraceEntry(rule: rule?.rule.name, depth: rule == nil ? 0 : 1, text: text, place: rule?.rule.place))
  }

  /// Opens the part of a rule.
  mutating func begin(_ rule: CompiledRule) {
    let observing = rule.isObserved ? ", observing" : ""
    lines.append(
      TraceEntry(
        rule: rule.rule.name, depth: 0, text: "\(rule.rule.name) (\(rule.rule.action.rawValue)\(observing))",
        place: rule.rule.place))
  }

  /// Tells of a condition and of everything in it. As deep as the policy nests it.
  mutating func add(_ rule: CompiledRule, _ word: String, _ condition: Condition?, _ truth: Truth, for call: Call) {
    lines.append(
      TraceEntry(rule: rule.rule.name, depth: 1, text: "\(word): \(truth.word)", place: rule.rule.place))
    if let condition { add(condition, of: rule.rule.name, depth: 2, for: call) }
  }

  private mutating func add(_ condition: Condition, of rule: String, depth: Int, for call: Call) {
    switch condition {
    case .all(let conditions): add("all", conditions, condition.truth(for: call), of: rule, depth: depth, for: call)
    case .any(let conditions): add("any", conditions, condition.truth(for: call), of: rule, depth: depth, for: call)
    case .not(let inner): add("not", [inner], condition.truth(for: call), of: rule, depth: depth, for: call)
    case .count(let test):
      let path = Excerpt.cleaned(test.counter.path)
      lines.append(
        TraceEntry(
          rule: rule, depth: depth, text: "\(path) \(test.words): judged when the call is counted", place: test.place))
    case .test(let test) where test.path.isWild:
      for line in test.explanation(of: call) {
        lines.append(TraceEntry(rule: rule, depth: depth + line.depth, text: line.text, place: test.place))
      }
    case .test(let test):
      let (value, isExcused) = test.subject(in: call)
      let path = Excerpt.cleaned(test.path.description)
      let seen = value.map(Excerpt.shown) ?? test.path.barDescription(in: call) ?? "absent"
      if isExcused {
        lines.append(
          TraceEntry(rule: rule, depth: depth, text: "\(path) is optional: holds (\(seen))", place: test.place))
        return
      }
      for judged in test.operators {
        lines.append(
          TraceEntry(
            rule: rule, depth: depth, text: "\(path) \(type(of: judged).name): \(judged.judge(value).word) (\(seen))",
            place: test.place))
      }
    }
  }

  private mutating func add(
    _ word: String, _ conditions: [Condition], _ truth: Truth, of rule: String, depth: Int, for call: Call
  ) {
    lines.append(TraceEntry(rule: rule, depth: depth, text: "\(word): \(truth.word)", place: nil))
    for condition in conditions { add(condition, of: rule, depth: depth + 1, for: call) }
  }

  /// All the lines, and the verdict as the last.
  func entries(ending verdict: Decision.Verdict) -> [TraceEntry] {
    let text =
      switch verdict {
      case .allowed: "allowed"
      case .refused(let refusal): "refused by \(refusal.rule)"
      case .asks(let refusal): "a person decides, for \(refusal.rule)"
      }
    return lines + [TraceEntry(rule: nil, depth: 0, text: text, place: nil)]
  }

  /// A length of time in seconds, as exactly as it is.
  static func seconds(_ nanoseconds: Int64) -> String {
    ExactNumber("\(nanoseconds)e-9").map(\.description) ?? "\(nanoseconds)e-9"
  }
}

extension Truth {
  /// The word for it in an explanation.
  var word: String {
    switch self {
    case .holds: "holds"
    case .fails: "fails"
    case .unknown: "unknown"
    }
  }
}
