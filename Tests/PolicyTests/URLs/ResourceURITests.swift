import Testing
import Wire

@testable import Policy

@Suite("A resource's URI")
struct ResourceURITests {
  @Test(
    "is taken in its normal form",
    arguments: [
      "file:///etc/passwd", "file:///C:/Users/a%20b.txt", "note://today", "note://Today", "memo:insights",
      "urn:isbn:0451450523", "https://example.com/", "https://example.com:8443/a/b/?q=../x", "https://[2001:db8::7]/",
      "luma://docs", "mem:x", "git+ssh://git@host.example:22/a", "luma://docs?q=a%26b%3Dc", "x:a?q=[1]", "file:///",
      "file:///a(1),b@c.txt", "postgres://u:p%40ss@h/db", "wss://example.com:80/", "luma://a_b/C",
      "ui://WeatherWidget/card", "postgres://db/table/schema", "a+b-c.1:x", "mem://a/", "file:///a/...", "x:a/.b/c.",
      "file:///gr%C3%B6%C3%9Fe", "demo://resource/static/document/architecture.md",
    ])
  func plain(_ uri: String) {
    #expect(ResourceURI.oddity(in: Name(uri)) == nil)
  }

  @Test(
    "is refused in every other",
    arguments: [
      "", "etc/passwd", "FILE:///etc/passwd", "File:///etc", "1a:b", ":a", "file://localhost/etc/passwd",
      "file://HOST/etc", "HTTPS://example.com/", "https://Example.com/", "file:///a/../etc/passwd", "file:///./etc",
      "file:///etc/.", "file:///..", "x:../y", "file:////etc/passwd", "file:///etc//passwd", "file:///%65tc/passwd",
      "file:///a/%2E%2E/etc", "file:///a/%2e%2e/etc", "file:///a%2Fb", "file:///a%5Cb", "file:///gr%c3%b6",
      "file:///a%",
      "file:///a%2", "file:///a%zz", "file:///a%00", "file:///a b", "file:///größe", "file:\\\\etc",
      "file:///a\u{200B}",
      "file:///etc/passwd#a",
      "file:/etc/passwd", "file:etc/passwd", "file://", "file:", "file:///C%3A/Windows/x", "file:///C|/Windows/x",
      "file:///C%7C/Windows/x",
      "file:///home/ada%40corp/x", "file:///srv/secret.txt?", "file:///srv/secret.txt?x", "file:///srv/secret.txt/",
      "https://internal.example:443/x", "https://internal.example:/x", "https://internal.example./x",
      "https://a@internal.example/x", "https:/internal.example/x", "https:internal.example/x", "https:///x",
      "https://internal.example", "https://internal.example?x", "https://internal.example:08443/", "http://a:80/",
      "https://internal.example/a%2Bb", "https://internal.example/a?", "https://internal%2Eexample/",
      "https://[2001:DB8::7]/", "https://[2001:db8:0::7]/", "https://0x7f.1/", "wss://a:443/", "mem:a?", "mem:a%40b",
      "mem:a[1]", "mem:{x}", "x:a|b",
    ])
  func odd(_ uri: String) {
    #expect(ResourceURI.oddity(in: Name(uri)) != nil)
  }
}
