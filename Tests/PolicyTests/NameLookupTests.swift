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
}
