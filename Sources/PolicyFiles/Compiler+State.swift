import Policy
import Wire

// What rules count with `state`, and conditions that look at it.
extension Compiler {
  /// `state: {counter, window, increment, increment_from}`.
  mutating func state(_ member: Node.Member, of key: Key) -> StateIncrement? {
    guard let members = members(of: member, .state) else { return nil }
    guard key.section == "tools" else {
      report.note(
        .contradiction, at: member.position, "\"state\" counts calls of tools, and this is a rule for \(key.section)",
        hint: "limit these with `rate_limit: 30/minute`")
      return nil
    }
    for part in ["counter", "window"] where members.named(Name(part)) == nil {
      report.note(
        .missingKey, at: member.position, "\"state\" lacks \"\(part)\"",
        hint: "write `state: { counter: daily_spend, window: day, increment_from: args.amount }`")
    }
    if let member = members.named("window") { _ = window(member) }
    let cost = increment(members)
    guard let name = members.named("counter"), let text = label(name) else { return nil }
    guard !text.isEmpty else {
      report.note(
        .badName, at: name.value.position, "a counter's name is empty", hint: "name it: conditions look it up by that")
      return nil
    }
    let (counter, other) = counters.define(text, of: key.pattern, line: name.value.position.line)
    if let other {
      report.note(
        .duplicateCounter, at: name.value.position,
        "another rule counts in \(quoted(other.path)), on line \(other.line)",
        hint: "give this counter another name; every rule can look at both")
    }
    guard let counter, let cost else { return nil }
    return StateIncrement(counter: counter, cost: cost)
  }

  /// What a call adds to a counter: nil where that is a mistake.
  private mutating func increment(_ members: [Node.Member]) -> Cost? {
    var cost: Cost? = .fixed(1)
    if let member = members.named("increment") {
      noteOtherReadings(of: member.value)
      if case .scalar(let scalar) = member.value.content, case .number(let number) = scalar.value, number.isZero {
        report.note(
          .incrementOfZero, at: member.value.position, "\"increment: 0\" counts 1 for each call, as in Intercept",
          hint: "write 1, or leave it out")
      } else {
        cost = amount(member)?.amount.asCost
      }
    }
    guard let member = members.named("increment_from") else { return cost }
    guard let text = string(member) else { return nil }
    guard text.hasPrefix("args.") else {
      report.note(
        .badPath, at: member.value.position, "\"increment_from\" names an argument, not \(quoted(text))",
        hint: "args.amount")
      return nil
    }
    do {
      // It takes the place of `increment`, as there.
      return .value(try Path(text, dialect: .intercept))
    } catch {
      report.note(.badPath, at: member.value.position, error.message, hint: error.hint)
      return nil
    }
  }

  /// Notes numbers in a policy of the older form that were others there.
  mutating func noteOtherReadings(of node: Node) {
    switch node.content {
    case .broken, .mapping: break
    case .sequence(let elements): for element in elements { noteOtherReadings(of: element) }
    case .scalar(let scalar):
      guard scalar.style == .plain, CoreSchema.isReadDifferently(scalar.text) else { return }
      report.note(
        .numberReadDifferently, at: node.position, "Intercept reads \(quoted(scalar.text)) as another number",
        hint: "write it in plain decimal digits; quote it if it is a text")
    }
  }

  /// Whether a path of a condition is that of a counter.
  static func isState(_ path: String) -> Bool {
    path == "state" || path.hasPrefix("state.") || path.hasPrefix("state[")
  }

  /// The counter that a condition looks at.
  mutating func counter(_ text: String, at position: Position, dialect: Dialect) -> StateCounter? {
    let names: [String]
    do {
      names = try Path.names(in: text, dialect: dialect)
    } catch {
      report.note(.badPath, at: position, error.message, hint: error.hint)
      return nil
    }
    guard names.count > 2 else {
      report.note(
        .badPath, at: position, "a counter is state.<tool>.<counter>, not \(quoted(text))",
        hint: "\"_global\" stands for the counters under \"*\"")
      return nil
    }
    switch counters.read(names.dropFirst().joined(separator: ".")) {
    case .known(let counter): return counter
    case .broken: return nil
    case .none:
      report.note(
        .unknownCounter, at: position, "no rule counts in \(quoted(text))",
        hint: report.isFull ? nil : hint(forUnknownCounter: text, names))
      return nil
    }
  }

  private func hint(forUnknownCounter text: String, _ names: [String]) -> String {
    if names[2].hasPrefix("_rate_") {
      return "the count of a \"rate_limit\" cannot be looked at; count with `state: { counter: … }`"
    }
    if let near = Spelling.nearest(to: text, among: counters.paths) { return "did you mean \"\(near)\"?" }
    let key = names[1] == "_global" ? "*" : names[1]
    return "add `state: { counter: \(Excerpt.cleaned(names.dropFirst(2).joined(separator: "."))), window: day }` to a "
      + "rule of \(quoted(key))"
  }

  /// The test of a counter, by its operators.
  mutating func countTest(
    _ counter: StateCounter, _ operators: [(name: String, operand: Node)], dialect: Dialect, at position: Position
  ) -> CountTest? {
    var tests: [(name: String, operand: JSON)] = []
    let place = source.place(position)
    for (name, node) in operators {
      guard let operand = node.json else { continue }
      do {
        _ = try CountTest(counter, [(name, operand)], dialect: dialect, place: place)
        tests.append((name, operand))
      } catch {
        report.note(.badOperand, at: node.position(at: error.path), error.message, hint: error.hint)
      }
    }
    return tests.isEmpty ? nil : try? CountTest(counter, tests, dialect: dialect, place: place)
  }

  /// Notes a rule that counts only where a count says so: that would have to be known before it is.
  mutating func noteCircles(in draft: RuleDraft, _ rule: Rule) {
    guard [rule.when, rule.unless].contains(where: { $0?.looksAtCounts ?? false }) else { return }
    let checks = draft.members(named: [
      "rate_limit", "concurrency", "budget", "spend", "state", "script", "lua", "set", "remove",
    ])
    for check in checks where !(check.name == "state" && rule.state == nil) {
      report.note(
        .contradiction, at: check.position,
        "whether this rule applies depends on a count, which is known only when all else is decided",
        hint: "give \(quoted(check.name.text)) a rule of its own")
    }
  }

  /// Warns of counters that nothing looks at: not where a condition may have been left out for a mistake.
  mutating func warnOfUnreadCounters() {
    guard !report.hasErrors else { return }
    for (path, position) in counters.unread where !report.isFull {
      report.note(
        .unreadCounter, at: position, "no condition looks at \(quoted(path)): it limits nothing",
        hint: "add `{ path: \(Excerpt.cleaned(path)), op: lte, value: … }` to the conditions of a rule")
    }
  }
}

extension Amount {
  fileprivate var asCost: Cost { .fixed(self) }
}
