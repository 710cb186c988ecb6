import Testing
import Wire

@testable import Policy

@Suite("A reason")
struct ReasonTemplateTests {
  @Test(
    "is filled in",
    arguments: [
      ("Not {{args.url}}.", "Not https://x.test/."), ("{{ args.n }}/{{args.b}}", "1.50/true"),
      ("{{args.z}}", "(absent)"),
      ("{{args.l}}", "[1,2]"), ("{{tool.name}}: {{args['a b']}}", "search: null"), ("no braces", "no braces"),
      ("{one}", "{one}"), ("", ""), ("}}{{args.n}}{", "}}1.50{"),
    ])
  func filled(_ template: String, _ expected: String) throws {
    let call = try call(
      "search", #"{"url":"https:\/\/x.test/","n":1.50,"b":true,"l":[1,2],"a b":null}"#)
    #expect(try ReasonTemplate(template).filled(for: call) == expected)
  }

  @Test("stays on one line, clean and short")
  func clean() throws {
    let call = try call("search", #"{"x":"a\n\u001b[31m\u202e\u200bb","y":"\#(String(repeating: "é", count: 5000))"}"#)
    #expect(try ReasonTemplate("<{{args.x}}>").filled(for: call) == "<a\u{FFFD}\u{FFFD}[31m\u{FFFD}\u{FFFD}b>")
    #expect(try ReasonTemplate("{{args.y}}").filled(for: call).unicodeScalars.count == 81)
    #expect(try ReasonTemplate("two\nlines\ttabbed").filled(for: call) == "two lines tabbed")
    let long = try ReasonTemplate(String(repeating: "{{args.y}}", count: 20)).filled(for: call)
    #expect(long.utf8.count <= 1024 && long.utf8.count > 1020)
  }

  @Test("that is malformed is none", arguments: ["{{args.x", "{{}}", "{{url}}", "{{args.}}", "a {{args.x}} {{"])
  func mistakes(_ template: String) {
    #expect(throws: OperandError.self) { try ReasonTemplate(template) }
  }
}
