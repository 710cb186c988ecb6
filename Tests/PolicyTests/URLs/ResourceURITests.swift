import Testing
import Wire

@testable import Policy

@Suite("A resource's URI")
struct ResourceURITests {
  @Test(
    "is taken in its normal form",
    arguments: [
      "file:///etc/passwd", "file:///C:/Users/a%20b.txt", "note://today", "note://Today", "memo:insights",
      "urn:isbn:0451450523", "https://example.com/", "https://example.com", "https://u@example.com:8443/a/b/?q=../x",
      "ui://WeatherWidget/card", "postgres://db/table/schema", "a+b-c.1:x", "file:///a/", "file:///a/...", "x:a/.b/c.",
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
    ])
  func odd(_ uri: String) {
    #expect(ResourceURI.oddity(in: Name(uri)) != nil)
  }
}
