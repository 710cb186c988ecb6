import Policy
import Testing

@testable import PolicyFiles

@Suite("Diagnostics read like a good compiler's")
struct DiagnosticTests {
  private func diagnostic(_ line: String?, column: Int, hint: String? = nil) -> Diagnostic {
    Diagnostic(
      .unknownKey, at: Place(file: "p.yaml", line: 7, column: column), message: "unknown key", hint: hint,
      sourceLine: line)
  }

  @Test("place, severity, message and code stand on the first line; then the line, a caret, the hint")
  func whole() {
    let text = diagnostic("  requre: 1", column: 3, hint: "did you mean \"require\"?").rendered(colour: false)
    #expect(
      text == """
        p.yaml:7:3: error: unknown key [MG2002]
            requre: 1
            ^
          did you mean "require"?
        """)
  }

  @Test("a warning says so")
  func warning() {
    let diagnostic = Diagnostic(.leadingZero, at: Place(file: "p", line: 1, column: 2), message: "m")
    #expect(diagnostic.rendered(colour: false) == "p:1:2: warning: m [MG5004]")
  }

  @Test(
    "the caret stands under the code point",
    arguments: [
      ("\tx", 2, "      ^"), ("a\tx", 3, "       ^"), ("日本x", 3, "      ^"), ("e\u{301}x", 3, "   ^"),
      ("x", 1, "  ^"), ("x", 2, "   ^"), ("ab\u{200D}x", 4, "            ^"), ("😀x", 2, "    ^"),
    ])
  func caret(line: String, column: Int, expected: String) {
    let lines = diagnostic(line, column: column).rendered(colour: false).split(separator: "\n")
    #expect(String(lines[2]) == expected)
  }

  @Test("nothing in a line can move the cursor or turn the text around")
  func terminal() {
    let text = diagnostic("a\u{1B}[2Jb\u{202E}c\u{7F}", column: 1).rendered(colour: false)
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || Terminal.visible($0).unicodeScalars.count == 1 })
  }

  @Test("of a long line the part around the place is shown")
  func longLine() {
    let line = String(repeating: "a", count: 500) + "X" + String(repeating: "b", count: 500)
    let lines = diagnostic(line, column: 501).rendered(colour: false).split(separator: "\n").map(Array.init)
    #expect(lines[1].count <= 110)
    #expect(lines[1][lines[2].count - 1] == "X")
  }

  @Test("colour only adds to the text")
  func colour() {
    let diagnostic = diagnostic("  x: 1", column: 3, hint: "h")
    let plain = diagnostic.rendered(colour: true).replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
    #expect(plain == diagnostic.rendered(colour: false))
  }

  @Test("a script's mistake is shown in the script, and says where the policy names it")
  func script() {
    let place = Place(file: "p.yaml", line: 4, column: 17)
    let text = Array("local x\nx x\n".utf8)
    let file = ScriptSource(name: "a.lua", text: text, firstLine: 1, place: place)
    func shown(_ script: ScriptSource, _ file: String, _ line: Int) -> Diagnostic {
      Diagnostic(script: script, at: Place(file: file, line: line, column: 1), message: "syntax error near 'x'")
    }
    #expect(
      shown(file, "a.lua", 2).rendered(colour: false) == """
        a.lua:2:1: error: syntax error near 'x' [MG4101]
          x x
          ^
          the policy names this script at p.yaml:4:17
        """)
    let inline = ScriptSource(name: "p.yaml", text: text, firstLine: 5, place: place)
    #expect(shown(inline, "p.yaml", 6).sourceLine == "x x")
    #expect(shown(inline, "p.yaml", 6).hint == nil)
    #expect(shown(inline, "p.yaml", 4).sourceLine == nil)
    #expect(shown(file, "p.yaml", 1).sourceLine == nil)
    #expect(shown(file, "a.lua", 99).sourceLine == nil)
  }
}
