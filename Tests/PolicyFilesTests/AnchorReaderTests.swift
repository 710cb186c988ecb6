import Testing

@testable import PolicyFiles

@Suite("Anchors that hold less than they seem to")
struct AnchorReaderTests {
  @Test(
    "some of the alternatives",
    arguments: [
      "^a|b$", "^a$|b", "a|b$", "^(a|b)|c$", "(?i)^a|b$", "^a\\||b$", "^[|]|b$", "^a$|b\\$", "^a$|^b\\\\",
      "\\Aa|b\\z",
    ])
  func alternation(pattern: String) {
    #expect(AnchorReader(pattern).looseness == .alternation)
  }

  @Test("one line", arguments: ["(?m)^a$", "(?im)^a", "(?m)a$|b$"])
  func lines(pattern: String) {
    #expect(AnchorReader(pattern).looseness == .lines)
  }

  @Test(
    "none",
    arguments: [
      "", "^a", "a$", "^a$", "a|b", "^a|^b", "a$|b$", "^(?:a|b)$", "^a$|^b$", "^a[|]b$", "^a\\|b$", "(?m)a", "(?:m)^a$",
      "(?i)^a$", "^a\\\\$|^b$", "\\Aa\\z|\\Ab\\z", "(?m)\\Aa\\z",
    ])
  func none(pattern: String) {
    #expect(AnchorReader(pattern).looseness == nil)
  }
}
