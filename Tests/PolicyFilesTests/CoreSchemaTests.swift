import Testing
import Wire

@testable import PolicyFiles

@Suite("Plain scalars mean what the core schema of YAML 1.2 says")
struct CoreSchemaTests {
  @Test(
    "resolved",
    arguments: [
      ("", "null"), ("~", "null"), ("null", "null"), ("Null", "null"), ("NULL", "null"), ("nULL", "string"),
      ("true", "true"), ("True", "true"), ("TRUE", "true"), ("tRUE", "string"), ("false", "false"),
      ("on", "string"), ("off", "string"), ("yes", "string"), ("no", "string"), ("y", "string"), ("n", "string"),
      ("0", "0"), ("-0", "0"), ("+7", "7"), ("12", "12"), ("-3", "-3"), ("007", "7"), ("1_000", "string"),
      ("0o17", "15"), ("0x1F", "31"), ("0b1", "string"), ("0o8", "string"), ("0x", "string"), ("-0x1", "string"),
      ("1.", "1"), (".5", "0.5"), ("1.50", "1.5"), ("-1e3", "-1000"), ("1E+2", "100"), ("2.5e-1", "0.25"),
      (".", "string"), ("-", "string"), ("+", "string"), ("e5", "string"), ("1e", "string"), ("1e+", "string"),
      ("1.2.3", "string"), ("12e03", "12000"), ("1:30", "string"), ("2026-01-01", "string"),
      ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
      (".inf", "out"), ("-.Inf", "out"), ("+.INF", "out"), (".nan", "out"), ("-.nan", "string"), (".iNF", "string"),
      ("1e4294967296", "out"), ("1e999", "out"), ("00.50", "0.5"), ("000", "0"),
    ])
  func resolution(text: String, expected: String) {
    let found =
      switch CoreSchema.resolve(plain: text) {
      case .numberOutOfRange: "out"
      case .value(.null): "null"
      case .value(.bool(let value)): "\(value)"
      case .value(.number(let number)): number.description
      case .value(.string(let string)): string == text ? "string" : "changed"
      }
    #expect(found == expected)
  }

  @Test("leading zeros", arguments: [("0", false), ("00", true), ("-012", true), ("0.5", false), ("10", false)])
  func leadingZero(text: String, expected: Bool) {
    #expect(CoreSchema.hasLeadingZero(text) == expected)
  }
}
