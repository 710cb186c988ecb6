import Policy
import Wire

extension Compiler {
  /// `set` and `remove` of a rule.
  mutating func edits(of draft: RuleDraft, for key: Key) -> [Edit] {
    var edits: [Edit] = []
    if let member = draft["set"] { edits += settings(member) }
    if let member = draft["remove"] { edits += removals(member) }
    if key.section == "resources", let member = draft["set"] ?? draft["remove"] {
      report.note(
        .contradiction, at: member.position, "a resource has no arguments to rewrite", hint: "remove this key")
    }
    return edits
  }

  private mutating func settings(_ member: Node.Member) -> [Edit] {
    var edits: [Edit] = []
    for entry in entries(of: member) ?? [] where isThere(entry, empty: nil) {
      guard let value = entry.value.json else { continue }
      let place = source.place(entry.position)
      let made = Result { () throws(OperandError) in try Edit(setting: entry.name.text, to: value, place: place) }
      append(made, to: &edits, at: entry.position)
    }
    return edits
  }

  private mutating func removals(_ member: Node.Member) -> [Edit] {
    var edits: [Edit] = []
    for element in elements(of: member) ?? [] {
      guard let text = string(element, the: "an entry of \"remove\"") else { continue }
      let place = source.place(element.position)
      let made = Result { () throws(OperandError) in try Edit(removing: text, place: place) }
      append(made, to: &edits, at: element.position)
    }
    return edits
  }

  private mutating func append(
    _ made: Result<Edit, OperandError>, to edits: inout [Edit], at position: Position
  ) {
    switch made {
    case .success(let edit): edits.append(edit)
    case .failure(let error): report.note(.badPath, at: position, error.message, hint: error.hint)
    }
  }

  /// An edit, and the rule that makes it.
  private struct Owned {
    let edit: Edit
    let rule: Rule
    let pattern: NamePattern

    /// Whether it is made in every call of what its key matches.
    var isCertain: Bool { rule.when == nil && rule.unless == nil }
  }

  /// Notes rules that would rewrite one argument of some call in different ways. Where conditions or two globs have a say,
  /// only the call can tell, and is refused.
  mutating func noteConflicts(in sections: [RuleSet.Section], mode: RuleSet.Mode) {
    var named: [Name: [Owned]] = [:]
    var globs: [Owned] = []
    for section in sections {
      for index in section.rules.indices where !section.rules[index].edits.isEmpty {
        let rule = section.rules[index]
        for (position, edit) in rule.edits.enumerated() {
          let owned = Owned(edit: edit, rule: rule, pattern: section.pattern)
          for other in rule.edits[..<position] where other.conflicts(with: edit) {
            note(owned, against: Owned(edit: other, rule: rule, pattern: section.pattern), isOneRule: true)
          }
        }
        guard (rule.mode ?? mode) == .enforce else { continue }
        for edit in rule.edits {
          let owned = Owned(edit: edit, rule: rule, pattern: section.pattern)
          guard owned.isCertain else { continue }
          if let name = section.pattern.exactName {
            named[name, default: []].append(owned)
          } else {
            globs.append(owned)
          }
        }
      }
    }
    var same: [NamePattern: [Owned]] = [:]
    let everywhere = globs.filter(\.pattern.isEverything)
    for glob in globs where !report.isFull {
      for other in glob.pattern.isEverything ? [] : everywhere { note(glob, against: other) }
      for other in same[glob.pattern] ?? [] { note(glob, against: other) }
      same[glob.pattern, default: []].append(glob)
    }
    for (name, owned) in named.sorted(by: { $0.key.text < $1.key.text }) where !report.isFull {
      let all = owned + globs.filter { $0.pattern.matches(name) }
      for (position, one) in owned.enumerated() {
        for other in all[(position + 1)...] { note(one, against: other) }
      }
    }
  }

  private mutating func note(_ one: Owned, against other: Owned, isOneRule: Bool = false) {
    guard isOneRule || one.rule.place != other.rule.place, one.edit.conflicts(with: other.edit) else { return }
    let isLater = (one.edit.place.line, one.edit.place.column) > (other.edit.place.line, other.edit.place.column)
    let (first, second) = isLater ? (other, one) : (one, other)
    let line = first.edit.place.line
    report.note(
      .conflictingEdits, at: second.edit.place.position,
      isOneRule
        ? "this rule rewrites \(second.edit.path) in another way on line \(line)"
        : "\(quoted(first.rule.name)) rewrites \(first.edit.path) in another way, on line \(line)",
      hint: "keep one of them, or tell the calls apart with \"when\" and \"unless\"")
  }
}
