import Foundation
import Testing

@testable import PolicyFiles

/// The table of operators, row by row, as a policy writes them: what passes, what is refused. Each refused value has a
/// twin that `not` refuses as well, where the operator cannot judge it.
@Suite("The table of operators, row by row")
struct OperatorTableTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var operators: [String]
    var condition: String
    /// Values of `args.x`; the empty text leaves it out.
    var holds: [String]
    var fails: [String]
    var unknown: [String]

    var testDescription: String { operators.joined(separator: " ") + ": " + condition }

    init(_ operators: String, _ condition: String, holds: [String], fails: [String], unknown: [String] = []) {
      self.operators = operators.split(separator: " ").map(String.init)
      self.condition = condition
      self.holds = holds
      self.fails = fails
      self.unknown = unknown
    }
  }

  static let rows = [
    Row(
      "eq neq in not_in", "{ eq: 1 }", holds: ["1", "1.0", "10e-1"], fails: ["2", "1.0000000000000000001"],
      unknown: [#""1""#, "", "true"]),
    Row(
      "eq neq in not_in", "{ neq: 9007199254740993 }", holds: ["9007199254740992"], fails: ["9007199254740993"],
      unknown: ["", #""a""#]),
    Row(
      "eq neq in not_in", "{ in: [a, \"\\u00e9\"] }", holds: [#""a""#, #""é""#], fails: [#""A""#, #""e\u0301""#],
      unknown: ["1", "", "null"]),
    Row("eq neq in not_in", "{ not_in: [a, b] }", holds: [#""c""#], fails: [#""a""#], unknown: ["1", ""]),
    Row(
      "lt lte gt gte", "{ gt: 0, lte: 100 }", holds: ["100", "0.0000000000000000000001"],
      fails: ["0", "100.00000000000000000001"], unknown: [#""5""#, "", "null"]),
    Row(
      "lt lte gt gte", "{ gte: 0, lt: 100 }", holds: ["0", "-0", "99.9"], fails: ["100", "-1"], unknown: ["[5]", ""]),
    Row("exists present", "{ exists: true }", holds: ["1", #""""#, "[]", "false"], fails: ["", "null"]),
    Row(
      "exists present", "{ present: true }", holds: ["0", #""a""#, "false", "[0]"],
      fails: ["", "null", #""""#, #"" ""#, #""\u3000""#]),
    Row("type", "{ type: string }", holds: [#""""#], fails: ["1", "", "null"]),
    Row("type", "{ type: number }", holds: ["1.5"], fails: [#""1""#]),
    Row("type", "{ type: integer }", holds: ["1.0", "1e3"], fails: ["1.5"]),
    Row("type", "{ type: [boolean, array] }", holds: ["true", "[]"], fails: ["{}"]),
    Row("type", "{ type: [object, null, absent] }", holds: ["{}", "null", ""], fails: ["[]"]),
    Row("regex", "{ regex: \"b+\" }", holds: [#""abbc""#], fails: [#""ac""#], unknown: ["1", ""]),
    Row(
      "glob starts_with ends_with contains", "{ glob: \"a?[x-z]*\" }", holds: [#""aby""#, #""aéxyz""#],
      fails: [#""abc""#], unknown: ["1", ""]),
    Row(
      "glob starts_with ends_with contains", "{ starts_with: ab, ends_with: cd }", holds: [#""abcd""#],
      fails: [#""abc""#, #""Abcd""#], unknown: ["[]", ""]),
    Row(
      "glob starts_with ends_with contains", "{ contains: b }", holds: [#""abc""#, #"["b"]"#],
      fails: [#""ac""#, #"["abc"]"#], unknown: ["1", "", "{}"]),
    Row(
      "length", "{ length: { gte: 2, lte: 3 } }", holds: [#""日本""#, "[1,2,3]", #"{"a":1,"b":2}"#],
      fails: [#""a""#, "[]", #""abcd""#], unknown: ["12", ""]),
    Row("length", "{ length: 2 }", holds: [#""e\u0301""#], fails: [#""é""#], unknown: ["null"]),
    Row(
      "url", "{ url: { schemes: [https], hosts: [\"*.example.com\", \"other.example:8443\"] } }",
      holds: [#""https://a.example.com/""#, #""https://other.example:8443/""#],
      fails: [
        #""https://example.com/""#, #""http://a.example.com/""#, #""https://other.example/""#,
        #""https://a.example.com@evil.example/""#,
      ], unknown: ["1", ""]),
    Row(
      "url", "{ url: { ports: [8080], allow_private: true, allow_userinfo: true } }",
      holds: [#""http://u@127.0.0.1:8080/""#], fails: [#""http://127.0.0.1/""#]),
    Row(
      "ip", "{ ip: { in: [10.0.0.0/8, \"2001:db8::/32\"] } }", holds: [#""10.1.2.3""#, #""2001:db8::1""#],
      fails: [#""11.0.0.1""#], unknown: [#""010.0.0.1""#, #""2001:DB8::1""#, "10", ""]),
    Row("format", "{ format: uri }", holds: [#""urn:isbn:1""#], fails: [#""a b""#], unknown: ["1", ""]),
    Row("format", "{ format: email }", holds: [#""ada@example.com""#], fails: [#""ada""#], unknown: ["[]"]),
    Row("format", "{ format: uuid }", holds: [#""123e4567-e89b-12d3-a456-426614174000""#], fails: [#""123e4567""#]),
    Row("format", "{ format: date }", holds: [#""2026-02-28""#], fails: [#""2026-02-29""#]),
    Row("format", "{ format: date-time }", holds: [#""2026-02-28T10:00:00Z""#], fails: [#""2026-02-28""#]),
    Row("format", "{ format: hostname }", holds: [#""a.example""#], fails: [#""-a.example""#]),
    Row("format", "{ format: ipv4 }", holds: [#""10.0.0.1""#], fails: [#""10.0.0.256""#]),
    Row("format", "{ format: ipv6 }", holds: [#""::1""#], fails: [#""10.0.0.1""#]),
    Row("format", "{ format: e164 }", holds: [#""+4930123456""#], fails: [#""030123456""#]),
    Row(
      "plain_text", "{ plain_text: true }", holds: [#""Grüße 🙂""#],
      fails: [#""a\u0007""#, #""a\u202eb""#, #""a\u200bb""#, #""a\udb40\udc41""#, #""\ue000""#], unknown: ["1", ""]),
    Row(
      "schema", "{ schema: { type: object, required: [a], properties: { a: { type: integer } } } }",
      holds: [#"{"a":1}"#], fails: [#"{"a":1.5}"#, "{}", "[]"]),
  ]

  @Test("what holds passes, what fails is refused, and `not` turns both round", arguments: rows)
  func row(row: Row) throws {
    for value in row.holds + row.fails + row.unknown {
      let arguments = value.isEmpty ? "{}" : #"{"x":\#(value)}"#
      let holds = row.holds.contains(value)
      #expect(try Judge.passes("require: { args.x: \(row.condition) }", arguments) == holds, "\(arguments)")
      let fails = row.fails.contains(value)
      #expect(
        try Judge.passes("require: { not: { args.x: \(row.condition) } }", arguments) == fails, "not \(arguments)")
    }
  }

  @Test("the reference has these operators and no others")
  func reference() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/policy.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let section = try #require(text.components(separatedBy: "\n## Operators\n").dropFirst().first)
    let table = try #require(section.components(separatedBy: "\n## ").first).split(separator: "\n")
    let documented = table.filter { $0.hasPrefix("| `") }.flatMap { line in
      String(line.split(separator: "|")[0]).matches(of: #/`(\w+)`/#).map { String($0.1) }
    }
    #expect(Set(documented) == Set(OperatorTableTests.rows.flatMap(\.operators)))
  }
}
