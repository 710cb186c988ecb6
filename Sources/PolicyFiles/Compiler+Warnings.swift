import Policy
import Wire

extension Compiler {
  /// Warns of operands that are allowed and seldom what was meant.
  mutating func warn(of name: String, operand: Node, json: JSON, path: Path?) {
    if case .string(let text) = json {
      if ["starts_with", "ends_with", "contains", "regex", "glob"].contains(name),
        Compiler.looksLikeAddress(text) || path.map(Compiler.namesAddress) ?? false
      {
        report.note(
          .addressAsText, at: operand.position, "a URL compared as text can be talked round",
          hint: "use the `url` operator: `url: { hosts: [ … ] }`")
      }
      if name == "regex", let looseness = AnchorReader(text).looseness { warn(of: looseness, at: operand.position) }
    }
  }

  private mutating func warn(of looseness: AnchorReader.Looseness, at position: Position) {
    switch looseness {
    case .alternation:
      report.note(
        .looseAnchors, at: position, "\"^\" or \"$\" holds for some of the alternatives, and not for all",
        hint: "group the alternatives: `^(?:…|…)$`")
    case .lines:
      report.note(
        .looseAnchors, at: position,
        "with the flag \"m\" it is enough that one line of the text matches, whatever the others hold",
        hint: "leave the flag out, or write \"\\A\" and \"\\z\" for the ends of the whole text")
    }
  }

  /// Whether the value is a URL by its name: `callback_url`, `returnUrl`, `urls[*]`.
  private static func namesAddress(_ path: Path) -> Bool {
    var name = path.description[...]
    while name.hasSuffix("]"), let bracket = name.lastIndex(of: "[") { name = name[..<bracket] }
    for word in ["url", "uri"] {
      let plural = name.hasSuffix("s") ? name.dropLast() : name
      guard plural.lowercased().hasSuffix(word) else { continue }
      let (last, before) = (plural.suffix(3), plural.dropLast(3).last)
      // A word of its own: after a dot, an underscore or a hyphen; or begun with a capital.
      if last.first?.isUppercase ?? false || !(before?.isLetter ?? false) { return true }
    }
    return false
  }

  /// Warns of `<path>: [a, b]`, which is not `in`.
  mutating func warnOfList(_ operand: Node) {
    guard case .sequence = operand.content else { return }
    report.note(
      .listComparedWhole, at: operand.position, "this holds only for a list that is equal to this one",
      hint: "to allow each of these values, write `in: [ … ]`; else write `eq: [ … ]`")
  }

  /// Whether a pattern names a scheme, as far as `://`, escaped or not.
  private static func looksLikeAddress(_ text: String) -> Bool {
    let plain = text.utf8.filter { $0 != UInt8(ascii: "\\") }
    let mark = Array("://".utf8)
    return plain.indices.contains { plain[$0...].starts(with: mark) }
  }
}
