import Wire

/// A key of `resources`, held against the spellings of URIs that are ever judged.
///
/// A key that only matches other spellings (see ``ResourceURI``) is a mistake: no call would ever come to it.
package enum ResourceKey {
  /// Why no URI in normal form matches a key: completes a sentence that begins with "the key". Nil where one does, or
  /// none was found among so many that nothing can be said.
  ///
  /// Looks for an example: what wildcards stand for is tried in turn.
  package static func oddity(of pattern: NamePattern) -> String? {
    var search = Search(choices: pattern.glob.tokens.map(choices))
    return search.findsNormal() ? nil : search.first
  }

  /// The normal spelling of a key, as far as it can be told.
  package static func normalSpelling(of key: String) -> String? {
    guard !key.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "[") }) else { return nil }
    for candidate in repaired(key) {
      guard let pattern = try? NamePattern(candidate), oddity(of: pattern) == nil else { continue }
      return candidate
    }
    return nil
  }

  // MARK: An example

  private struct Search {
    /// What each token of the pattern may stand for.
    let choices: [[[UInt8]]]
    /// What keeps the first example from being in normal form.
    var first: String?
    private var examples = 0

    private static let most = 4_000

    init(choices: [[[UInt8]]]) {
      self.choices = choices
    }

    /// Whether an example is in normal form, or there are too many to try.
    mutating func findsNormal() -> Bool {
      guard choices.allSatisfy({ !$0.isEmpty }) else {
        first = "holds a character that a URI spells with a percent sign"
        return false
      }
      var chosen = [Int](repeating: 0, count: choices.count)
      while examples < Search.most {
        examples += 1
        let text = zip(choices, chosen).flatMap { $0[$1] }
        guard let oddity = ResourceURI.oddity(in: Name(String(decoding: text, as: UTF8.self))) else { return true }
        if first == nil { first = oddity }
        // The next combination, as a counter has its next number.
        guard let position = chosen.indices.first(where: { chosen[$0] + 1 < choices[$0].count }) else { return false }
        for earlier in 0..<position { chosen[earlier] = 0 }
        chosen[position] += 1
      }
      return true
    }
  }

  private static func choices(for token: Glob.Token) -> [[UInt8]] {
    switch token {
    case .literal(let bytes): [bytes]
    case .run: runs
    case .one: characters
    case .oneOf(let members): characters.filter { members.contains(UInt32($0[0])) }
    }
  }

  private static let runs = [
    "a", "a/a", "a:a", "", "/", "//", "///", "/a", "a/", "a:", ":", "://", "://a/", "a://a/", "a://a", "0", "20", "%20",
    "a%", "file:///a",
  ].map { Array($0.utf8) }

  private static let characters = "a/:0b-._?%2A@s".utf8.map { [$0] } + (0x21...0x7E).map { [$0] }

  // MARK: Another spelling

  /// The key with what is often written otherwise put right, in several ways.
  private static func repaired(_ key: String) -> [String] {
    var text = percentEncoded(key)
    if text.hasPrefix("/") { text = "file://" + text }
    if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), !text[..<colon].utf8.contains(UInt8(ascii: "/")) {
      var rest = text[text.utf8.index(after: colon)...]
      let scheme = text[..<colon].lowercased()
      if scheme == "file" {
        let path = rest.hasPrefix("//") ? rest.dropFirst(2) : rest
        rest = "///" + path.drop { $0 == "/" }
      }
      if rest.hasPrefix("//") {
        let authority = rest.dropFirst(2).prefix { $0 != "/" }
        rest = "//" + authority.lowercased() + rest[authority.endIndex...]
      }
      text = scheme + ":" + rest
    }
    var candidates = [text]
    for port in [":443/", ":80/", ":/", "./"] where text.contains(port) {
      candidates.append(replacing(port, in: text, by: "/"))
    }
    candidates.append(text + "/")
    if text.hasSuffix("/") { candidates.append(String(text.dropLast())) }
    return candidates
  }

  /// With a percent sign what is no part of a URI; what already is spelt so, in upper case.
  private static func percentEncoded(_ key: String) -> String {
    var text: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    var digitsToRaise = 0
    for byte in key.utf8 {
      switch byte {
      case UInt8(ascii: "%"):
        text.append(byte)
        digitsToRaise = 2
        continue
      case 0...0x20, 0x7F..., UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "^"),
        UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
        text += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      case UInt8(ascii: "a")...UInt8(ascii: "f") where digitsToRaise > 0: text.append(byte & 0xDF)
      default: text.append(byte)
      }
      digitsToRaise = max(0, digitsToRaise - 1)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The text with the first place where `part` stands after the scheme put right.
  private static func replacing(_ part: String, in text: String, by other: String) -> String {
    var result = Array(text.utf8)
    let part = Array(part.utf8)
    for start in result.indices.dropFirst(8) where result[start...].starts(with: part) {
      result.replaceSubrange(start..<(start + part.count), with: other.utf8)
      break
    }
    return String(decoding: result, as: UTF8.self)
  }
}
