import Policy
import Wire

extension Compiler {
  /// The validator of a rule, from `script` or `lua`, with what `with` gives it.
  mutating func script(of draft: RuleDraft) -> ScriptReference? {
    var parameters = JSON.object([])
    if let member = draft["with"], entries(of: member) != nil, let json = member.value.json { parameters = json }
    var index: Int?
    if draft["script"] != nil || draft["lua"] != nil { noteScript() }
    if let member = draft["script"] { index = file(member) }
    if let member = draft["lua"] { index = inline(member) ?? index }
    return index.map {
      ScriptReference(
        script: $0, parameters: parameters, identity: shelf.identity(of: $0),
        looksAtDefinition: shelf.looksAtDefinition($0))
    }
  }

  /// Rules were made before the modules of their scripts were read.
  func noteWhatModulesLookAt(in rules: inout RuleSet) {
    let late = Set(shelf.scripts.indices.filter { !shelf.scripts[$0].modules.isEmpty && shelf.looksAtDefinition($0) })
    guard !late.isEmpty else { return }
    rules.tools = rules.tools.map { section in
      var section = section
      for (position, rule) in section.rules.enumerated() {
        guard let script = rule.script?.script, late.contains(script) else { continue }
        section.rules[position].script?.looksAtDefinition = true
      }
      return section
    }
  }

  private mutating func file(_ member: Node.Member) -> Int? {
    guard let path = string(member) else { return nil }
    guard !path.isEmpty else {
      report.note(.missingScript, at: member.value.position, "\"script\" names no file")
      return nil
    }
    do {
      return try shelf.index(ofFile: FilePaths.join(folder, path), place: source.place(member.value.position))
    } catch {
      report.note(error.mistake, at: member.value.position, error.message, hint: error.hint)
      return nil
    }
  }

  private mutating func inline(_ member: Node.Member) -> Int? {
    guard isThere(member, empty: nil) else { return nil }
    guard case .scalar(let scalar) = member.value.content, case .string(let text) = scalar.value else {
      if !member.value.isBroken {
        report.note(
          .wrongKind, at: member.value.position, "\"lua\" must be a script, not \(member.value.kind)",
          hint: "write `lua: |` and indent the script below it")
      }
      return nil
    }
    let position = member.value.position
    let firstLine: Int
    switch scalar.style {
    case .literal: firstLine = position.line + 1
    case .plain where scalar.lastLine == position.line, .quoted where scalar.lastLine == position.line:
      firstLine = position.line
    case .plain, .quoted, .folded:
      report.note(
        .inlineScriptShape, at: position, "the lines of this script would be joined",
        hint: "write `lua: |` and indent the script below it")
      return nil
    }
    return shelf.index(
      ofText: text, name: source.name, firstLine: firstLine, place: source.place(position))
  }
}
