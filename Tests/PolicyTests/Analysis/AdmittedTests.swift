import Testing
import Wire

@testable import Policy

@Suite("What can be told of the values for which an operator holds")
struct AdmittedTests {
  private static let operands: [(String, String)] = [
    ("contains", #""a""#), ("contains", "1"), ("ends_with", #""a""#), ("ends_with", #""ba""#), ("eq", "1"),
    ("eq", #""ab""#), ("eq", "null"), ("eq", "[1]"), ("exists", "true"), ("exists", "false"), ("glob", #""a*""#),
    ("gt", "1"), ("gt", "2"), ("gte", "1"), ("gte", "2"), ("in", "[]"), ("in", #"["a", 1]"#), ("length", "1"),
    ("length", #"{"gt": 1}"#), ("length", #"{"lt": 1}"#), ("length", #"{"lt": 0}"#), ("lt", "1"), ("lt", "2"),
    ("lte", "1"), ("lte", "0"), ("neq", "1"), ("neq", #""a""#), ("not_in", #"["a"]"#), ("not_in", "[1]"),
    ("present", "true"), ("present", "false"), ("plain_text", "true"), ("regex", #""^a""#), ("starts_with", #""a""#),
    ("starts_with", #""ab""#), ("type", #""integer""#), ("type", #"["string", "absent"]"#), ("type", #""null""#),
    ("url", #"{"hosts": ["a.example"]}"#), ("ip", #"{"in": ["10.0.0.0/8"]}"#), ("schema", #"{"minimum": 1}"#),
    ("format", #""ipv4""#),
  ]

  private static let values = [
    "null", "true", "false", "0", "1", "1.5", "2", "3", #""""#, #"" ""#, #""a""#, #""ab""#, #""ba""#, #""abba""#,
    #""https://a.example/""#, #""10.0.0.1""#, "[]", "[1]", #"["a"]"#, "[1,2]", "{}", #"{"a":1}"#,
  ]

  /// Two operators may only be said to exclude each other where no value at hand satisfies both.
  @Test(
    "no two operators are said to exclude each other that a value satisfies", arguments: [Dialect.moongate, .intercept])
  func sound(dialect: Dialect) throws {
    let operators = try AdmittedTests.operands.map { name, operand in
      try make(name, operand, dialect)
    }
    let values: [JSONValue?] = [nil] + (try AdmittedTests.values.map { try value($0) })
    var (excluding, meeting) = (0, 0)
    for one in operators {
      for other in operators {
        let common = values.first { one.judge($0) == .holds && other.judge($0) == .holds }
        if common != nil { meeting += 1 }
        guard one.excludes(other) else { continue }
        excluding += 1
        #expect(common == nil, "\(type(of: one).name) and \(type(of: other).name)")
        #expect(other.excludes(one))
      }
    }
    // Both happen often, or nothing has been shown.
    #expect(excluding > 100 && meeting > 100)
  }
}
