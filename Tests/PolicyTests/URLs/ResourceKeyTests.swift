import Testing

@testable import Policy

@Suite("A key of resources")
struct ResourceKeyTests {
  @Test(
    "matches a URI that is judged",
    arguments: [
      "*", "**", "?*", "file://**", "file:**", "file*", "f*", "https://*.example/**", "*://x/**", "*x*",
      "file:///etc/**",
      "file:///etc/passwd", "https://*", "https://internal.example/*", "https://internal.example*", "luma://docs",
      "luma://docs\\?page=*", "mem:*", "file:///[a-z]:/*", "file:///[Cc]:/Windows/**", "file:///*.txt", "*.txt",
      "file:///a%20b/*", "file:///a%2*", "file:///%*", "*:443/x", "https://*:8443/", "urn:isbn:?????", "[hf]*://**",
      "https://*/a?b", "*%20*", "file:///*/secret/*", "*/..a",
    ])
  func reachable(_ key: String) throws {
    #expect(ResourceKey.oddity(of: try NamePattern(key)) == nil)
  }

  @Test(
    "that is in no normal form is told, with the normal spelling where there is one",
    arguments: [
      ("file:///a b/**", "holds a character that a URI spells with a percent sign", "file:///a%20b/**"),
      ("https://EVIL.example/*", "has a host in upper case", "https://evil.example/*"),
      ("file:///ü/**", "holds a character that a URI spells with a percent sign", "file:///%C3%BC/**"),
      ("/etc/**", "has no scheme", "file:///etc/**"),
      ("FILE:///x", "does not begin with a scheme in lower case", "file:///x"),
      ("file:///a/../b", "has a segment of dots", nil),
      ("file://etc", "names a host for a file", "file:///etc"),
      ("file:/etc/**", "has no // after its scheme", "file:///etc/**"),
      ("https://a.example:443/*", "names the port that its scheme has anyway", "https://a.example/*"),
      ("https://a.example", "has no path after its host", "https://a.example/"),
      ("https://a@b.example/**", "has a user name or password before its host", nil),
      ("file:///docs/", "ends in a slash, for a file", "file:///docs"),
      (
        "file:///gr%c3%b6/**", "has a percent sign without two hexadecimal digits in upper case after it",
        "file:///gr%C3%B6/**"
      ),
      ("file:///home/ada%40corp/**", "spells with a percent sign what its path may hold as it is", nil),
      ("file:///a//b*", "has two slashes in a row in its path", nil),
      ("file:///*[ä]", "holds a character that a URI spells with a percent sign", nil),
    ] as [(String, String, String?)])
  func unreachable(_ key: String, _ oddity: String, _ spelling: String?) throws {
    #expect(ResourceKey.oddity(of: try NamePattern(key)) == oddity)
    #expect(ResourceKey.normalSpelling(of: key) == spelling)
  }

  @Test("of many wildcards costs no more than a bound")
  func bounded() throws {
    #expect(ResourceKey.oddity(of: try NamePattern("FILE" + String(repeating: "*?", count: 200))) == nil)
  }
}
