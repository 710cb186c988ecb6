import Testing
import Wire

@Suite("Name")
struct NameTests {
  @Test("canonical equivalents are two names, which hash and sort apart")
  func codePoints() {
    let composed: Name = "caf\u{E9}"
    let decomposed: Name = "cafe\u{301}"
    #expect(composed.text == decomposed.text)
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
    #expect(decomposed < composed)
    #expect(composed == Name("caf\u{E9}"))
    #expect(composed.hashValue == Name("caf\u{E9}").hashValue)
  }

  @Test("sorts by code point, not by UTF-16 unit")
  func order() {
    #expect(Name("\u{FFFD}") < Name("\u{10000}"))
    #expect(Name("") < Name("a"))
    #expect(Name("a") < Name("a\u{0}"))
  }
}
