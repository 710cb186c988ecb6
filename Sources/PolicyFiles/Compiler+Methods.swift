import Policy
import Wire

extension Compiler {
  /// `{allow: […], deny: […]}`: what is said of the methods that no rules judge.
  mutating func compile(methods member: Node.Member) -> MethodLists {
    var allowed: [NamePattern]?
    var denied: [NamePattern] = []
    for list in members(of: member, .methods) ?? [] {
      let patterns = patterns(list, of: "method")
      noteJudgedMethods(in: list)
      if list.name == "allow" { allowed = patterns } else { denied = patterns }
    }
    return MethodLists(allowed: allowed, denied: denied)
  }

  /// Warns of a method that the protocol does not have, where it has one that is spelt nearly so.
  private mutating func warnOfSpelling(of method: String, at position: Position) {
    guard !report.isFull, (try? NamePattern(method))?.exactName != nil,
      let near = Spelling.nearest(to: method, among: KnownMethod.allCases.map(\.rawValue))
    else { return }
    report.note(
      .unknownMethod, at: position, "the protocol has no method \(quoted(method))", hint: "did you mean \"\(near)\"?")
  }

  /// Notes methods that have sections of their own. Globs pass over them.
  private mutating func noteJudgedMethods(in list: Node.Member) {
    guard case .sequence(let entries) = list.value.content else { return }
    for entry in entries {
      guard case .scalar(let scalar) = entry.content else { continue }
      let known = KnownMethod.allCases.first { $0.name == Name(scalar.text) }
      if known == nil { warnOfSpelling(of: scalar.text, at: entry.position) }
      guard let subject = known?.subject else { continue }
      let section = "\(subject.rawValue)s"
      report.note(
        .contradiction, at: entry.position, "\(quoted(scalar.text)) is judged by what stands under \"\(section)\"",
        hint: "to refuse what no key names, write `default: { \(section): deny }`")
    }
  }
}
