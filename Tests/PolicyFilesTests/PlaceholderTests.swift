import Testing

@testable import PolicyFiles

@Suite("${name} in a text")
struct PlaceholderTests {
  @Test(
    "is found wherever it stands",
    arguments: [
      ("${a}", [.parameter("a")]),
      ("x${a}y${b-2}", [.text("x"), .parameter("a"), .text("y"), .parameter("b-2")]),
      ("${a}${_b}", [.parameter("a"), .parameter("_b")]),
      ("$${a}", [.text("${a}")]),
      ("$$${a}", [.text("$"), .text("${a}")]),
      ("x$${a}${a}", [.text("x"), .text("${a}"), .parameter("a")]),
      ("$ ${a}", [.text("$ "), .parameter("a")]),
      ("${${a}}", [.text("${"), .parameter("a"), .text("}")]),
      ("é${a}ü", [.text("é"), .parameter("a"), .text("ü")]),
    ] as [(String, [Placeholder.Part])])
  func parts(text: String, parts: [Placeholder.Part]) {
    #expect(Placeholder.parts(of: text) == parts)
  }

  @Test(
    "is a mistake where a name is meant and none is there",
    arguments: ["${ a }", "${a.b}", "${a b}", "${1a}", "${-a}", "${größe}", "${日本}"])
  func malformed(text: String) {
    #expect(Placeholder.parts(of: text) == [.malformed(String(text.dropFirst(2).dropLast()))])
    #expect(Placeholder.parts(of: "$" + text) == [.text(text)])
  }

  @Test(
    "is no placeholder where nobody would take it for one",
    arguments: [
      "", "$", "$$", "${", "${}", "${a", "$a", "{a}", "[${}]", "a${2}", "${1.5}", "$[{a}]", "$ {a}", "^a$", "${[A-Z]+}",
      "$${}", "$$$", "\\${[a-z]}", "${a:b}", "${a\n}", "costs 5 $",
    ])
  func plain(text: String) {
    #expect(Placeholder.parts(of: text) == nil)
  }

  @Test("names a parameter by letters, digits, _ and -")
  func names() {
    for name in ["a", "Z", "_", "_1", "callback_domains", "a-b", "a1"] { #expect(Placeholder.isName(name)) }
    for name in ["", "1", "-a", "a b", "a.b", "é", "a\u{301}", "a\n", "${a}"] { #expect(!Placeholder.isName(name)) }
  }
}
