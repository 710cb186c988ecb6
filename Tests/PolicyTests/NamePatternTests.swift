import Randomness
import Testing
import Wire

@testable import Policy

@Suite("A name pattern")
struct NamePatternTests {
  @Test(
    "matches names by code point",
    arguments: [
      ("luma_*", "luma_generate", true), ("luma_*", "luma_", true), ("luma_*", "xluma_a", false), ("*", "", true),
      ("a?c", "abc", true), ("a?c", "aéc", true), ("a?c", "a😀c", true), ("a?c", "ae\u{301}c", false),
      ("é", "e\u{301}", false), ("é", "é", true), ("[a-c]x", "bx", true), ("[a-c]x", "dx", false),
      ("[!a-c]x", "dx", true), ("[^a-c]x", "bx", false), ("[]]", "]", true), ("[a-]", "-", true), ("[à-ü]", "é", true),
      ("[\\]]", "]", true), ("[\\]]", "\\", false), ("a\\*b", "a*b", true), ("a\\*b", "axb", false),
      ("\\\\", "\\", true),
      ("*a*b*", "xaxxbx", true), ("*a*b*", "xbxxax", false), ("a*b*c", "abcbc", true), ("a**c", "abc", true),
      ("file:///etc/**", "file:///etc/passwd", true), ("", "", true), ("", "a", false), ("[!a]", "", false),
      ("*ab", "aab", true), ("*abc", "ababc", true), ("a*a", "a", false), ("Search", "search", false),
    ])
  func matches(_ pattern: String, _ name: String, _ expected: Bool) throws {
    #expect(try NamePattern(pattern).matches(Name(name)) == expected)
  }

  @Test("that is malformed is none", arguments: ["[", "a[b", "[]", "[z-a]", "a\\", "[a\\"])
  func mistakes(_ pattern: String) {
    #expect(throws: OperandError.self) { try NamePattern(pattern) }
  }

  @Test("knows a name from a glob")
  func exact() throws {
    #expect(try NamePattern("a\\*b").exactName == "a*b")
    #expect(try NamePattern("a*").exactName == nil)
    #expect(try NamePattern("[a]").exactName == nil)
    #expect(try NamePattern("*").isEverything)
    #expect(try NamePattern("**").isEverything)
    #expect(try !NamePattern("a*").isEverything)
  }

  @Test("takes no time for names that are made to take it")
  func hostile() throws {
    let pattern = try NamePattern(String(repeating: "*a", count: 30) + "b")
    #expect(!pattern.matches(Name(String(repeating: "a", count: 20_000))))
  }

  @Test("agrees with a matcher that tries everything", arguments: UInt64(0)..<40)
  func agrees(_ seed: UInt64) throws {
    var random = Random(seed: seed)
    func some(_ letters: [Character], _ most: Int) -> String {
      String((0..<Int.random(in: 0...most, using: &random)).compactMap { _ in letters.randomElement(using: &random) })
    }
    for _ in 0..<100 {
      let pattern = some(["a", "b", "é", "*", "?"], 7)
      let text = some(["a", "b", "é"], 8)
      #expect(
        try NamePattern(pattern).matches(Name(text)) == slow(Array(pattern)[...], Array(text)[...]),
        "seed \(seed): \(pattern) and \(text)")
    }
  }

  private func slow(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    switch first {
    case "*": return slow(pattern.dropFirst(), text) || !text.isEmpty && slow(pattern, text.dropFirst())
    case "?": return !text.isEmpty && slow(pattern.dropFirst(), text.dropFirst())
    default: return text.first == first && slow(pattern.dropFirst(), text.dropFirst())
    }
  }
}
