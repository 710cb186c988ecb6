import Testing
import Wire

@testable import Policy

@Suite("format")
struct FormatTestTests {
  @Test(
    "is a string of the format",
    arguments: [
      ("uri", #""https://example.com/a?b#c""#, .holds), ("uri", #""urn:isbn:0451450523""#, .holds),
      ("uri", #""//example.com""#, .fails), ("uri", #""https://example.com/a b""#, .fails),
      ("email", #""ada@example.com""#, .holds), ("email", #""Ada <ada@example.com>""#, .fails),
      ("email", #""ada@example.com\n""#, .fails),
      ("uuid", #""2eb8aa08-aa98-11ea-b4aa-73b441d16380""#, .holds),
      ("uuid", #""2eb8aa08aa9811eab4aa73b441d16380""#, .fails),
      ("date", #""2024-02-29""#, .holds), ("date", #""2023-02-29""#, .fails), ("date", #""29.02.2024""#, .fails),
      ("date-time", #""2026-12-31T23:59:00Z""#, .holds), ("date-time", #""2026-12-31 23:59:00Z""#, .fails),
      ("date-time", #""2026-12-31T23:59:00""#, .fails),
      ("hostname", #""www.example.com""#, .holds), ("hostname", #""www.example.com.""#, .fails),
      ("hostname", #""-a.example""#, .fails),
      ("ipv4", #""192.0.2.1""#, .holds), ("ipv4", #""192.0.2.01""#, .fails), ("ipv4", #""2001:db8::1""#, .fails),
      ("ipv6", #""2001:db8::1""#, .holds), ("ipv6", #""[2001:db8::1]""#, .fails), ("ipv6", #""fe80::1%eth0""#, .fails),
      ("e164", #""+4930901820""#, .holds), ("e164", #""+123456789012345""#, .holds),
      ("e164", #""+1234567890123456""#, .fails), ("e164", #""+0301234567""#, .fails),
      ("e164", #""030 901820""#, .fails),
      ("time", #""23:59:00Z""#, .holds), ("duration", #""P1DT12H""#, .holds), ("regex", #""(""#, .fails),
      ("json-pointer", #""/a/0""#, .holds), ("relative-json-pointer", #""0/a""#, .holds),
      ("uri-reference", #""../a""#, .holds),
    ] as [(String, String, Truth)])
  func judges(_ format: String, _ text: String, _ truth: Truth) throws {
    #expect(try make("format", "\"\(format)\"").judge(value(text)) == truth)
  }

  @Test(
    "cannot be judged of what is no string",
    arguments: [nil, "null", "5", "true", #"["ada@example.com"]"#, "{}"] as [String?])
  func unknown(_ text: String?) throws {
    for format in ["uri", "email", "uuid", "date", "date-time", "hostname", "ipv4", "ipv6", "e164"] {
      #expect(try make("format", "\"\(format)\"").judge(try text.map(value)) == .unknown)
    }
  }

  @Test(
    "says what it wants",
    arguments: [
      ("email", #""nobody""#, #"must be an email address; it is "nobody""#),
      ("e164", #""030""#, #"must be a telephone number, such as +4930901820; it is "030""#),
      ("date", "5", "must be a date, such as 2026-12-31; it is 5"),
      ("uuid", nil, "must be a UUID; it is missing"),
    ] as [(String, String?, String)])
  func demands(_ format: String, _ text: String?, _ demand: String) throws {
    #expect(try make("format", "\"\(format)\"").demand(of: text.map(value)) == demand)
  }

  @Test(
    "refuses an operand that makes no sense",
    arguments: ["5", "null", "{}", #"["email"]"#, #""""#, #""Email""#, #""email ""#, #""idn-email""#])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("format", operand) }
  }

  @Test("offers the nearest format, or all of them")
  func nearest() {
    #expect(hint(#""e-mail""#) == "did you mean \"email\"?")
    #expect(hint(#""datetime""#) == "did you mean \"date-time\"?")
    #expect(hint(#""telephone number""#)?.hasPrefix("possible here: date, date-time, ") == true)
  }

  private func hint(_ operand: String) -> String? {
    do {
      _ = try make("format", operand)
      return nil
    } catch {
      return (error as? OperandError)?.hint
    }
  }
}
