import Wire

/// What rules set and remove in a call's arguments.
extension Findings {
  /// Makes one of what rules set and remove and of what scripts hand back.
  ///
  /// Which rule stands first makes no difference: what two of them want differently is refused. What an observing rule
  /// would do is noted, and not done.
  mutating func applyEdits(to call: Call) {
    guard !editors.isEmpty, refusal == nil, ask == nil else { return }
    for compiled in editors where compiled.isObserved {
      if let arguments = edited(call.arguments, by: [compiled]) {
        rewrites.append(Rewriting(rule: compiled, arguments: arguments, isScripted: false))
      }
    }
    let enforced = editors.filter { !$0.isObserved }
    let base = rewriting?.arguments.object ?? call.arguments
    guard agree(enforced), agreeWithScript(enforced, in: call), let arguments = edited(base, by: enforced) else {
      return
    }
    for index in rewrites.indices where !rewrites[index].rule.isObserved { rewrites[index].arguments = arguments }
    for compiled in enforced where compiled.rule.edits.contains(where: { $0.changes(base) }) {
      rewrites.append(Rewriting(rule: compiled, arguments: arguments, isScripted: false))
    }
  }

  /// The arguments as these rules want them; nil where that changes nothing, or cannot be done, which refuses.
  private mutating func edited(_ arguments: JSONValue?, by rules: [CompiledRule]) -> NewArguments? {
    var edits: [Edit] = []
    for compiled in rules {
      let own = compiled.rule.edits.filter { $0.changes(arguments) }
      for edit in own { trace?.add(compiled, edit.account(isObserved: compiled.isObserved)) }
      edits += own
      do throws(EditTree.Blocked) {
        // Each rule by itself, so that none is helped by another that clears the way.
        try EditTree(own).check(over: arguments)
      } catch {
        let name = own.first?.path.spelling(of: error.steps) ?? ""
        refuse(Refusal(rule: compiled.rule.name, reason: "\(name) \(error.demand)"), by: compiled)
        return nil
      }
    }
    guard !edits.isEmpty else { return nil }
    return NewArguments(EditTree(edits).text(over: arguments))
  }

  /// Whether no two rules want different things; refuses otherwise.
  private mutating func agree(_ rules: [CompiledRule]) -> Bool {
    var seen: [(rule: CompiledRule, edit: Edit)] = []
    for compiled in rules {
      for edit in compiled.rule.edits {
        if let other = seen.first(where: { $0.edit.conflicts(with: edit) }) {
          disagree("\(Excerpt.quoted(other.rule.rule.name)) and \(Excerpt.quoted(compiled.rule.name))", edit, compiled)
          return false
        }
        seen.append((compiled, edit))
      }
    }
    return true
  }

  /// Whether no rule wants what a script has changed to be something else again; refuses otherwise.
  private mutating func agreeWithScript(_ rules: [CompiledRule], in call: Call) -> Bool {
    guard let rewriting else { return true }
    let new = rewriting.arguments.object
    for compiled in rules {
      for edit in compiled.rule.edits where edit.changes(new) {
        let before = call.arguments.flatMap { Path.follow(edit.path.steps[...], from: $0) }
        guard Path.follow(edit.path.steps[...], from: new)?.tree != before?.tree else { continue }
        let names =
          "the script of \(Excerpt.quoted(rewriting.rule.rule.name)) and \(Excerpt.quoted(compiled.rule.name))"
        disagree(names, edit, compiled)
        return false
      }
    }
    return true
  }

  private mutating func disagree(_ names: String, _ edit: Edit, _ compiled: CompiledRule) {
    let reason = "\(names) rewrite \(Excerpt.cleaned(edit.path.description)) in different ways"
    refuse(Refusal(rule: compiled.rule.name, reason: reason), by: compiled)
  }

  /// Refuses a call that has been rewritten and of which rules would still change something.
  mutating func refuseFurtherEdits(of call: Call) {
    for compiled in editors where !compiled.isObserved {
      guard compiled.rule.edits.contains(where: { $0.changes(call.arguments) }) else { continue }
      let reason = "this call was rewritten, and the rule would rewrite it once more"
      refuse(Refusal(rule: compiled.rule.name, reason: reason), by: compiled)
    }
  }
}
