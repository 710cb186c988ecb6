import Testing
import Wire

@testable import Policy

@Suite("A URL allowlist")
struct URLAllowlistTests {
  private func allowlist(_ operand: String) throws -> URLAllowlist {
    try URLAllowlist(operand: JSONTape(Array(operand.utf8)).root.tree)
  }

  @Test(
    "lets pass what it names",
    arguments: [
      (#"{}"#, "https://example.com/"), (#"{}"#, "http://example.com/"), (#"{}"#, "https://8.8.8.8/"),
      (#"{}"#, "https://example.com:443/"), (#"{}"#, "http://example.com:80/"),
      (#"{}"#, "https://[2606:4700:4700::1111]/"),
      (#"{"hosts":["hooks.example.com"]}"#, "https://hooks.example.com/x?y=z"),
      (#"{"hosts":["hooks.example.com"]}"#, "HTTPS://HOOKS.example.COM"),
      (#"{"hosts":["Hooks.Example.com"]}"#, "https://hooks.example.com"),
      (#"{"hosts":["*.example.com"]}"#, "https://a.example.com/"),
      (#"{"hosts":["*.example.com"]}"#, "https://b.A.example.com/"),
      (#"{"hosts":["example.com:8443"]}"#, "https://example.com:8443/"),
      (#"{"hosts":["example.com:443"]}"#, "https://example.com/"),
      (#"{"hosts":["example.com:8443","example.com"]}"#, "https://example.com/"),
      (#"{"hosts":["example.com"],"ports":[8443]}"#, "https://example.com:8443/"),
      (#"{"hosts":["example.com"],"ports":[443]}"#, "https://example.com/"),
      (#"{"schemes":["wss"],"hosts":["example.com"]}"#, "wss://example.com/"),
      (#"{"schemes":["HTTPS"]}"#, "https://example.com/"),
      (#"{"schemes":["s3"],"hosts":["bucket"]}"#, "s3://bucket/key"),
      (#"{"allow_private":true}"#, "http://127.0.0.1/"), (#"{"allow_private":true}"#, "http://localhost/"),
      (#"{"hosts":["127.0.0.1"],"allow_private":true}"#, "http://127.0.0.1/"),
      (#"{"hosts":["[::1]:8080"],"allow_private":true}"#, "http://[0:0:0:0:0:0:0:1]:8080/"),
      (#"{"allow_userinfo":true,"hosts":["example.com"]}"#, "https://user:pw@example.com/"),
    ])
  func allows(_ operand: String, _ url: String) throws {
    #expect(try allowlist(operand).objection(to: url) == nil)
  }

  @Test(
    "refuses everything else, and says why",
    arguments: [
      (#"{}"#, "ftp://example.com/", "scheme"), (#"{}"#, "https://example.com:8443/", "port 8443"),
      (#"{}"#, "https://example.com:80/", "port 80"), (#"{}"#, "https://user@example.com/", "user name"),
      (#"{"schemes":["https"]}"#, "http://example.com/", "scheme"),
      (#"{"schemes":[]}"#, "https://example.com/", "none"),
      (#"{"hosts":[]}"#, "https://example.com/", "not among"),
      (#"{"hosts":["example.com"]}"#, "https://evil.example/", "\"evil.example\""),
      (#"{"hosts":["example.com"]}"#, "https://example.com.evil.example/", "not among"),
      (#"{"hosts":["example.com"]}"#, "https://evilexample.com/", "not among"),
      (#"{"hosts":["example.com"]}"#, "https://a.example.com/", "not among"),
      (#"{"hosts":["*.example.com"]}"#, "https://example.com/", "not among"),
      (#"{"hosts":["*.example.com"]}"#, "https://evilexample.com/", "not among"),
      (#"{"hosts":["*.example.com"]}"#, "https://a.example.com.evil.example/", "not among"),
      (#"{"hosts":["*.example.com"]}"#, "https://a.example.com:444/", "port 444"),
      (#"{"hosts":["example.com:8443"]}"#, "https://example.com/", "port 443"),
      (#"{"hosts":["example.com:8443"],"ports":[443]}"#, "https://example.com/", "port 443"),
      (#"{"hosts":["example.com"],"ports":[8443]}"#, "https://example.com/", "port 443"),
      (#"{"schemes":["s3"],"ports":[9]}"#, "s3://bucket/", "no port"),
      (#"{"allow_userinfo":true,"hosts":["good.example"]}"#, "https://good.example@evil.example/", "not among"),
      (#"{"hosts":["good.example"],"allow_userinfo":true}"#, "https://good.example:443@evil.example/", "not among"),
      (#"{"hosts":["127.0.0.1"]}"#, "http://127.0.0.1/", "loopback"),
      (#"{"hosts":["localhost"]}"#, "http://localhost/", "this machine"),
      (#"{"hosts":["203.0.114.7"]}"#, "http://203.0.114.8/", "not among"),
      (#"{"hosts":["example.com"]}"#, "not a url", "space"),
    ])
  func refuses(_ operand: String, _ url: String, _ word: String) throws {
    let objection = try #require(try allowlist(operand).objection(to: url))
    #expect(objection.contains(word), "\(objection)")
    #expect(objection.unicodeScalars.count < 300)
  }

  @Test(
    "refuses addresses and names that lead inside",
    arguments: [
      "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255",
      "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1",
      "192.0.0.192", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.1.1", "192.175.48.1",
      "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
      "255.255.255.255", "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[::ffff:0:8.8.8.8]",
      "[::127.0.0.1]", "[::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::1]", "[100::1]", "[2001::1]",
      "[2001:0:7f00:1::]", "[2001:1ff::1]", "[2001:db8::1]", "[2002:7f00:1::]", "[2620:4f:8000::1]", "[3fff::1]",
      "[5f00::1]", "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]", "[febf::1]", "[fec0::1]", "[ff02::1]", "[4000::1]",
      "[200::1]", "localhost", "LOCALHOST", "a.localhost", "a.b.LocalHost", "localhost.localdomain", "ip6-loopback",
      "metadata.google.internal",
    ])
  func special(_ host: String) throws {
    let closed = try allowlist("{}")
    let named = try allowlist(#"{"hosts":["\#(host)"]}"#)
    let open = try allowlist(#"{"hosts":["\#(host)"],"allow_private":true}"#)
    #expect(closed.objection(to: "http://\(host)/") != nil)
    #expect(named.objection(to: "http://\(host)/") != nil)
    #expect(open.objection(to: "http://\(host)/") == nil)
  }

  @Test(
    "lets pass addresses beside the special ranges",
    arguments: [
      "1.0.0.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
      "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
      "198.17.255.255", "198.20.0.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "[2000::1]", "[2001:200::1]",
      "[2003::1]", "[3ffe::1]", "notlocalhost", "localhost.example",
    ])
  func ordinary(_ host: String) throws {
    #expect(try allowlist("{}").objection(to: "http://\(host)/") == nil)
  }

  @Test(
    "finds mistakes in its operand, with their place",
    arguments: [
      (#"[]"#, [OperandError.Step]()), (#"{"host":["a.example"]}"#, [.member("host")]),
      (#"{"hosts":"a.example"}"#, [.member("hosts")]), (#"{"hosts":[1]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["a.example","https://b.example"]}"#, [.member("hosts"), .element(1)]),
      (#"{"hosts":["a.example/x"]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["a.example?"]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["u@a.example"]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["*"]}"#, [.member("hosts"), .element(0)]), (#"{"hosts":["*."]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["a.*.example"]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["*.1.2.3.4"]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["*.[::1]"]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["::1"]}"#, [.member("hosts"), .element(0)]), (#"{"hosts":[""]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["a.example."]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["127.1"]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["bücher.example"]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["\u212aoogle.example"]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["a.example:0"]}"#, [.member("hosts"), .element(0)]),
      (#"{"hosts":["a.example:"]}"#, [.member("hosts"), .element(0)]),
      (#"{"ports":[0]}"#, [.member("ports"), .element(0)]),
      (#"{"ports":[443,65536]}"#, [.member("ports"), .element(1)]),
      (#"{"ports":["443"]}"#, [.member("ports"), .element(0)]), (#"{"ports":443}"#, [.member("ports")]),
      (#"{"schemes":["https:"]}"#, [.member("schemes"), .element(0)]),
      (#"{"allow_private":"yes"}"#, [.member("allow_private")]),
      (#"{"allow_userinfo":1}"#, [.member("allow_userinfo")]),
    ])
  func mistakes(_ operand: String, _ place: [OperandError.Step]) throws {
    let error = #expect(throws: OperandError.self) { try allowlist(operand) }
    #expect(error?.path == place)
  }

  @Test("suggests the key that was meant")
  func suggestion() throws {
    let error = #expect(throws: OperandError.self) { try allowlist(#"{"host":[]}"#) }
    #expect(error?.hint == "did you mean \"hosts\"?")
  }
}
