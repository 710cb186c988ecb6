import Randomness
import Testing
import Wire

@testable import Policy

@Suite("Looking patterns up")
struct NameLookupTests {
  private static let pieces = ["a", "b", "é", "e\u{301}", "*", "?", "[ab]", "[!a]", "\\*", "\\?"]

  private static func text(_ pieces: [String], _ most: Int, _ random: inout Random) -> String {
    (0..<Int.random(in: 0...most, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "a" }.joined()
  }

  @Test("finds what trying each of them finds, in their order", arguments: 0..<8)
  func naive(_ seed: Int) throws {
    var random = Random(seed: UInt64(seed))
    for round in 0..<200 {
      // Some of nothing but names, or names and what matches everything.
      let allowed = [NameLookupTests.pieces, ["a", "b", "é"], ["a", "*"], ["*"]][round % 4]
      let texts = (0..<Int.random(in: 0...8, using: &random)).map { _ in NameLookupTests.text(allowed, 3, &random) }
      let patterns = try texts.map { try NamePattern($0) }
      let lookup = NameLookup(patterns)
      let hidden = patterns.count / 2
      var rules = try policy([:])
      rules.tools = patterns.dropLast(hidden).map { RuleSet.Section(pattern: $0, rules: []) }
      rules.hidden = patterns.suffix(hidden)
      let names = (0..<12).map { _ in NameLookupTests.text(["a", "b", "é", "e\u{301}", "*", "?"], 3, &random) } + texts
      for name in names.map({ Name($0) }) {
        let expected = patterns.indices.filter { patterns[$0].matches(name) }
        #expect(lookup.matches(name) == expected, "\(name) among \(texts)")
        #expect(rules.hides(name) == patterns.suffix(hidden).contains { $0.matches(name) }, "\(name) among \(texts)")
      }
    }
  }

  @Test("finds among thousands of globs what trying each of them finds", arguments: 0..<4)
  func many(_ seed: Int) throws {
    var random = Random(seed: UInt64(100 + seed))
    // The fewer letters, the more of them begin alike, and the more match.
    let letters = [
      ["a", "b"], ["a", "b", "_", "é"], ["get", "list", "_", "page", "user"], ["x", "y", "z", "0", "1"],
    ]
    let odd = ["*", "*", "?", "[a-m]", "[!b]", "[^_]", "[é-ü]"]
    let texts = (0..<1_500).map { _ in
      (0..<Int.random(in: 1...7, using: &random)).map { _ in
        (Int.random(in: 0..<3, using: &random) == 0 ? odd : letters[seed]).randomElement(using: &random) ?? "a"
      }.joined()
    }
    let patterns = try texts.map { try NamePattern($0) }
    let lookup = NameLookup(patterns)
    for _ in 0..<40 {
      let name = Name(NameLookupTests.text(letters[seed], 8, &random))
      #expect(lookup.matches(name) == patterns.indices.filter { patterns[$0].matches(name) }, "\(name)")
    }
  }

  @Test("globs that are made to be slow take no more nodes than they have code points, wildcards and classes")
  func hostile() throws {
    var random = Random(seed: 7)
    let texts = (0..<1_000).map { _ in
      "*" + (0..<6).map { _ in ["a", "b"].randomElement(using: &random) ?? "a" }.joined(separator: "*") + "*c"
    }
    let globs = try texts.enumerated().map { (position: $0.offset, glob: try Glob($0.element)) }
    let tree = GlobTree(globs)
    #expect(tree.size <= 1 + texts.reduce(0) { $0 + $1.count })
    // Whatever begins alike is there once: not more than all words of six letters, and what is before and after each.
    #expect(tree.size <= 1 + 3 * (2 << 6) + 1)
    for text in [String(repeating: "ab", count: 200), String(repeating: "ab", count: 200) + "c", "aaac", "c", ""] {
      let name = Name(text)
      let expected = try texts.indices.filter { try NamePattern(texts[$0]).matches(name) }
      #expect(Array(text.utf8).withUnsafeBufferPointer { tree.matches($0) } == expected)
    }
  }

  @Test("a name of every length of code point is read as it is")
  func scalars() throws {
    let texts = ["?", "??", "[é]", "[!a]*", "*€", "*😀", "a?c", "[a-😀][€]", "*\\**"]
    let patterns = try texts.map { try NamePattern($0) }
    let lookup = NameLookup(patterns)
    for name in ["", "a", "é", "€", "😀", "a€c", "é€", "😀€", "a*c", "e\u{301}"].map({ Name($0) }) {
      #expect(lookup.matches(name) == patterns.indices.filter { patterns[$0].matches(name) }, "\(name)")
    }
  }
}
