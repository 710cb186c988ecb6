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
      if name == "regex", Compiler.hasLooseAlternation(text) {
        report.note(
          .looseAlternation, at: operand.position,
          "\"^\" holds for the first alternative alone, and \"$\" for the last",
          hint: "group the alternatives: `^(?:…|…)$`")
      }
    }
  }

  /// Whether the value is a URL by its name: `callback_url`.
  private static func namesAddress(_ path: Path) -> Bool {
    let letters = path.description.utf8.suffix(3).map { $0 | 0x20 }
    return letters.elementsEqual("url".utf8) || letters.elementsEqual("uri".utf8)
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

  /// `^a|b$`: anchored as a whole, and yet not each alternative outside of groups.
  private static func hasLooseAlternation(_ pattern: String) -> Bool {
    let (caret, dollar, backslash) = (UInt8(ascii: "^"), UInt8(ascii: "$"), UInt8(ascii: "\\"))
    let bytes = Array(pattern.utf8)
    guard bytes.first == caret, bytes.last == dollar else { return false }
    var alternatives = [bytes.startIndex..<bytes.startIndex]
    var depth = 0
    var inClass = false
    var index = bytes.startIndex
    while index < bytes.endIndex {
      switch bytes[index] {
      case backslash: index += 1
      case UInt8(ascii: "["): inClass = true
      case UInt8(ascii: "]"): inClass = false
      case UInt8(ascii: "(") where !inClass: depth += 1
      case UInt8(ascii: ")") where !inClass: depth -= 1
      case UInt8(ascii: "|") where !inClass && depth == 0:
        alternatives[alternatives.count - 1] = alternatives[alternatives.count - 1].lowerBound..<index
        alternatives.append(index + 1..<index + 1)
      default: break
      }
      index += 1
    }
    alternatives[alternatives.count - 1] = alternatives[alternatives.count - 1].lowerBound..<bytes.endIndex
    return alternatives.count > 1
      && !alternatives.allSatisfy { bytes[$0].first == caret && bytes[$0].last == dollar }
  }
}
