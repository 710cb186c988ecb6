import Testing
import Wire

@testable import Policy

@Suite("The operators")
struct OperatorsTests {
  @Test("are these")
  func names() {
    #expect(
      Operators.names == [
        "contains", "ends_with", "eq", "exists", "format", "glob", "gt", "gte", "in", "ip", "length", "lt", "lte",
        "neq", "not_in", "plain_text", "present", "regex", "schema", "starts_with", "type", "url",
      ])
    #expect(Set(Operators.names).count == Operators.all.count)
  }

  @Test("have no others")
  func unknown() throws {
    for name in ["", "EQ", "eq ", "matches"] { #expect(try Operators.make(name, operand: .null) == nil) }
  }

  @Test(
    "say what they want in a sentence that begins with must, shows little, and stays on one line",
    arguments: [
      ("eq", "1"), ("neq", "1"), ("in", "[1]"), ("not_in", "[1]"), ("lt", "1"), ("lte", "1"), ("gt", "1"), ("gte", "1"),
      ("exists", "true"), ("exists", "false"), ("present", "true"), ("present", "false"), ("type", #""array""#),
      ("regex", #""^a$""#), ("glob", #""a""#), ("starts_with", #""a""#), ("ends_with", #""a""#), ("contains", #""a""#),
      ("length", "1"), ("url", "{}"), ("ip", #"{"in":["10.0.0.0/8"]}"#), ("plain_text", "true"),
      ("plain_text", "false"), ("format", #""e164""#), ("format", #""date-time""#),
      ("schema", #"{"type":"array","minItems":9}"#),
    ])
  func demands(_ name: String, _ operand: String) throws {
    let made = try make(name, operand)
    let long = "\"" + String(repeating: "x\\n\\u202e\\u0000", count: 10_000) + "\""
    for text in [nil, "1", "null", "true", "[[1]]", "{}", #""b""#, long] {
      let demand = made.demand(of: try text.map(value))
      #expect(demand.hasPrefix("must "))
      #expect(demand.unicodeScalars.count < 250)
      #expect(demand.unicodeScalars.allSatisfy { Excerpt.isPlain($0) })
    }
  }
}
