import Policy
import Wire

// Reading nodes as what belongs in their place. Each notes what else it finds, and then gives nil.
extension Compiler {
  /// The members of a map, of which each is one that the vocabulary knows.
  mutating func members(
    of node: Node, the subject: @autoclosure () -> String, _ vocabulary: Vocabulary
  ) -> [Node.Member]? {
    switch node.content {
    case .broken: return nil
    case .mapping(let members):
      return members.filter { check($0, vocabulary) }
    default:
      report.note(.wrongKind, at: node.position, "\(subject()) must be a map, not \(node.kind)")
      return nil
    }
  }

  /// The same, of the map that is the value of a key.
  mutating func members(of member: Node.Member, _ vocabulary: Vocabulary) -> [Node.Member]? {
    guard isThere(member, empty: "{}") else { return nil }
    return members(of: member.value, the: quoted(member.name.text), vocabulary)
  }

  /// The members of a map whose keys are free.
  mutating func entries(of member: Node.Member) -> [Node.Member]? {
    guard isThere(member, empty: "{}") else { return nil }
    switch member.value.content {
    case .broken: return nil
    case .mapping(let members): return members
    default:
      report.note(
        .wrongKind, at: member.value.position, "\(quoted(member.name.text)) must be a map, not \(member.value.kind)")
      return nil
    }
  }

  /// The elements of the list that is the value of a key.
  mutating func elements(of member: Node.Member) -> [Node]? {
    guard isThere(member, empty: "[]") else { return nil }
    switch member.value.content {
    case .broken: return nil
    case .sequence(let elements): return elements
    default:
      report.note(
        .wrongKind, at: member.value.position, "\(quoted(member.name.text)) must be a list, not \(member.value.kind)",
        hint: "write `\(member.name.text): [ … ]`, or begin each entry with \"- \" on a line of its own")
      return nil
    }
  }

  /// The string that is the value of a key.
  mutating func string(_ member: Node.Member) -> String? {
    guard isThere(member, empty: nil) else { return nil }
    return string(member.value, the: quoted(member.name.text))
  }

  /// A text for people, or a name: a number or a boolean is its spelling.
  mutating func label(_ member: Node.Member) -> String? {
    member.value.label ?? string(member)
  }

  mutating func string(_ node: Node, the subject: @autoclosure () -> String) -> String? {
    switch node.content {
    case .broken: return nil
    case .scalar(let scalar):
      if case .string(let text) = scalar.value { return text }
      let hint = scalar.isMissing ? nil : "quote it: \"\(scalar.text)\""
      report.note(.wrongKind, at: node.position, "\(subject()) must be a string, not \(node.kind)", hint: hint)
      return nil
    default:
      report.note(.wrongKind, at: node.position, "\(subject()) must be a string, not \(node.kind)")
      return nil
    }
  }

  /// One of the words of an enumeration.
  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ member: Node.Member, among type: Word.Type
  ) -> Word? where Word.RawValue == String {
    guard let text = string(member) else { return nil }
    if let word = Word(rawValue: text) { return word }
    report.note(
      .unknownWord, at: member.value.position, "\(quoted(member.name.text)) cannot be \(quoted(text))",
      hint: Spelling.hint(for: text, among: Word.allCases.map(\.rawValue)))
    return nil
  }

  /// Whether something stands behind a key.
  mutating func isThere(_ member: Node.Member, empty: String?) -> Bool {
    guard member.value.isMissing else { return true }
    let hint = empty.map { "indent what belongs to it, or write `\(member.name.text): \($0)`" }
    report.note(
      .emptySection, at: member.position, "\(quoted(member.name.text)) has no value",
      hint: hint ?? "write a value, or leave the key out")
    return false
  }

  private mutating func check(_ member: Node.Member, _ vocabulary: Vocabulary) -> Bool {
    let key = member.name.text
    if vocabulary.known.contains(where: { $0 == key }) { return true }
    if vocabulary.later.contains(where: { $0 == key }) {
      report.note(
        .laterVersion, at: member.position,
        "this version of Moongate does not have \(quoted(key)) in \(vocabulary.subject)",
        hint: "remove it, or use a newer version")
      return false
    }
    let hint = report.isFull ? nil : hint(forUnknown: key, vocabulary)
    report.note(.unknownKey, at: member.position, "unknown key \(quoted(key)) in \(vocabulary.subject)", hint: hint)
    return false
  }

  private func hint(forUnknown key: String, _ vocabulary: Vocabulary) -> String? {
    if let home = Vocabulary.home(of: key) { return home }
    let near = Spelling.nearest(to: key, among: vocabulary.known + vocabulary.later)
    return near.map { "did you mean \"\($0)\"?" } ?? Spelling.hint(for: key, among: vocabulary.known)
  }
}
