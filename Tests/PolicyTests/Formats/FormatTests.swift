import Randomness
import Testing

@testable import Policy

@Suite("Formats")
struct FormatTests {
  @Test(
    "take what their standards do",
    arguments: [
      ("date", ["2024-02-29", "2000-02-29", "2026-12-31", "0001-01-01"]),
      ("time", ["12:00:00Z", "23:59:60z", "00:00:00.123456789+01:00", "15:59:60-08:00", "00:29:60+00:30"]),
      ("date-time", ["2026-12-31T23:59:60Z", "1985-04-12t23:20:50.52-05:00"]),
      ("duration", ["P4DT12H30M5S", "P4Y", "PT0S", "P1M", "PT36H", "P2W", "P1Y2M3D"]),
      ("e164", ["+1", "+4930901820", "+123456789012345"]),
      (
        "email",
        [
          "joe@example.com", "te~st@example.com", "a.b.c@example.com", #""joe bloggs"@example.com"#,
          #""a@b\"c"@example.com"#, "a@[127.0.0.1]", "a@[IPv6:::1]", "a@b",
          String(repeating: "a", count: 64) + "@b",
        ]
      ),
      ("hostname", ["example.com", "a", "1host", "xn--nxasmm1c.com", "a-b.c-d", String(repeating: "a", count: 63)]),
      ("ipv4", ["127.0.0.1", "0.0.0.0", "255.255.255.255"]),
      ("ipv6", ["::", "::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "2001:DB8::1"]),
      ("json-pointer", ["", "/", "/foo/0", "/a~0b~1c", "/ü"]),
      ("regex", ["^[a-z]+$", "", "(a|b)*"]),
      ("relative-json-pointer", ["1", "0/foo", "2/0/a", "0#", "120", "0-1#", "1+2/a"]),
      (
        "uri",
        [
          "http://example.com/a?b=c#d", "urn:isbn:0451450523", "mailto:a@b.example", "ldap://[2001:db8::7]/c=GB?a?b",
          "http://u:p@h:8080", "a:", "file:///etc/hosts", "http://h/%C3%BC", "http://[v1.a:b]/", "http://h:/",
        ]
      ),
      ("uri-reference", ["", "/abc", "//h/p", "?q", "#f", "a/b:c", "http://h"]),
      ("uuid", ["2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2EB8AA08-AA98-11EA-B4AA-73B441D16380"]),
    ])
  func good(name: String, texts: [String]) throws {
    let format = try #require(Format.named(name))
    for text in texts { #expect(matches(format, text), "\(text)") }
  }

  @Test(
    "take nothing else",
    arguments: [
      ("date", ["", "2023-02-29", "1900-02-29", "2026-13-01", "2026-1-01", "2026-01-00", "20260101", "２026-01-01"]),
      (
        "time",
        [
          "", "12:00:00", "24:00:00Z", "12:60:00Z", "12:00:60Z", "12:00:00.Z", "12:00:00+24:00", "12:00:00+0100",
          "12:00:00ZZ", "12:00Z", "23:59:60+01:00",
        ]
      ),
      ("date-time", ["2026-12-31", "2026-12-31 23:59:00Z", "2026-12-31T23:59:00", "2026-02-30T00:00:00Z"]),
      (
        "duration",
        ["", "P", "PT", "P1", "4DT12H", "P1D2H", "P2D1Y", "P1YT", "P1Y2W", "P1Y3D", "PT1H3S", "P-1D", "PT1.5S"]
      ),
      (
        "email",
        [
          "", "@", "a@", "@b", "a", ".a@b", "a.@b", "a..b@c", "a b@c", #""a"b"@c"#, #""a\"@c"#, "a@[1.2.3]",
          "a@b..c", "a@-b", "ü@b", "a@ü", String(repeating: "a", count: 65) + "@b",
        ]
      ),
      (
        "hostname",
        [
          "", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "ü", "xn--X", "ab--cd",
          String(repeating: "a", count: 64), String(repeating: "a.", count: 127) + "aa",
        ]
      ),
      ("ipv4", ["", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", "0x7f.0.0.1", "１.2.3.4"]),
      ("ipv6", ["", ":", "1::2::3", "12345::", "::1%eth0", "1:2:3:4:5:6:7", "::1.2.3", "[::1]"]),
      ("json-pointer", ["a", "/~", "/~2", "#", "/a~"]),
      ("regex", ["^(abc]", "(?<=a)b", String(repeating: "a", count: 5000)]),
      ("relative-json-pointer", ["", "-1/a", "/a", "0##", "01/a", "+1", "1+"]),
      (
        "uri",
        [
          "", "//h/p", "/a", "a", "http://h h", "http://h/%", "http://h/%g0", "http://h/\\", "http://[::1",
          "http://[1]",
          "http://h:80a", "1a:b", ":b", "http://h/ü", "http://h/<>", "http://h#a#b", "http://[::1]a", "http://a[b]",
        ]
      ),
      ("uri-reference", ["\\\\h\\p", "#a#b", "a b", "1:b", "ü"]),
      (
        "e164",
        [
          "", "+", "+0301234567", "4930901820", "+49 30 901820", "+49-30-901820", "+1234567890123456", "++49", "+49a",
          "+٤٩", "+493090 ", "+4930901820\n",
        ]
      ),
      ("uuid", ["", "2eb8aa08aa9811eab4aa73b441d16380", "2eb8aa08-aa98-11ea-b4aa-73b441d1638g"]),
    ])
  func bad(name: String, texts: [String]) throws {
    let format = try #require(Format.named(name))
    for text in texts { #expect(!matches(format, text), "\(text)") }
  }

  @Test("have names, and no others")
  func names() {
    #expect(Format.named("Date") == nil && Format.named("idn-email") == nil && Format.named("") == nil)
    #expect(Format.names == Format.names.sorted())
  }

  @Test("are those of JSON Schema, and e164")
  func schemas() {
    #expect(Set(Format.names).subtracting(Format.namesOfSchemas) == ["e164"])
    #expect(Format.ofSchemas(named: "e164") == nil && Format.ofSchemas(named: "email") == .email)
    #expect(throws: OperandError.self) { try make("schema", #"{"format":"e164"}"#) }
  }

  @Test("take any bytes without harm")
  func anyBytes() {
    var random = Random(seed: 20)
    let alphabet = Array("0123456789-:.TZPYMDWHS@\"\\[]/%#?~ab\u{0}é".utf8)
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      for format in Format.allCases where format != .regex { _ = text.withUnsafeBufferPointer(format.matches) }
    }
  }

  private func matches(_ format: Format, _ text: String) -> Bool {
    Array(text.utf8).withUnsafeBufferPointer(format.matches)
  }
}
