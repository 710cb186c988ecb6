import Testing

@testable import Policy

@Suite("A strict URL")
struct StrictURLTests {
  @Test("has its parts")
  func parts() throws {
    let url = try StrictURL("HTTPS://User:pass@Hooks.Example.COM:8443/a%20b/c?x=1&y=@/?#top?#")
    #expect(url.scheme == "https")
    #expect(url.userinfo == "User:pass")
    #expect(url.host == "hooks.example.com")
    #expect(url.port == 8443)
    #expect(url.path == "/a%20b/c")
    #expect(url.query == "x=1&y=@/?")
    #expect(url.fragment == "top?#")
  }

  @Test(
    "accepts what all parsers read alike",
    arguments: [
      "https://example.com", "https://example.com/", "https://example.com?x=1", "https://example.com#x",
      "http://a.b.c.d.example/", "https://xn--mnchen-3ya.example/", "https://XN--MNCHEN-3YA.example/",
      "https://xn--fiqs8s/", "https://203.0.114.7/", "https://[2606:4700:4700::1111]/", "https://[::ffff:8.8.8.8]/",
      "https://[2606:4700:0:0:0:0:0:1]:65535/", "https://a/", "https://1.example/", "https://0x.example/",
      "https://a-b.example/", "https://r3---sn-abc.example/", "custom+scheme-1.0://host/", "https://e.example:1/",
      "https://e.example/a?b[]=c|d", "https://e.example/%41%00", "https://e.example//evil.example/",
      "https://e.example/https://evil.example/", "https://0xg/", "https://\(String(repeating: "a", count: 63)).b/",
    ])
  func accepts(_ text: String) throws {
    _ = try StrictURL(text)
  }

  @Test("the longest host has 253 characters")
  func longestHost() throws {
    let label = String(repeating: "a", count: 49) + "."
    let host = String(repeating: label, count: 5) + "abc"
    #expect(host.utf8.count == 253)
    _ = try StrictURL("https://\(host)/")
    #expect(throws: StrictURL.Ambiguity.self) { try StrictURL("https://\(host)d/") }
  }

  /// Each line: a text that some parser reads otherwise than another, and a word of the reason.
  @Test("refuses what parsers read differently, and says which part is at fault", arguments: bypasses)
  func refuses(_ text: String, _ word: String) {
    do throws(StrictURL.Ambiguity) {
      let url = try StrictURL(text)
      Issue.record("read \(text.debugDescription) with the host \(url.host)")
    } catch {
      #expect(error.description.contains(word), "\(text.debugDescription): \(error.description)")
      #expect(error.description.utf8.count < 200)
      #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
    }
  }

  static let bypasses: [(String, String)] =
    characters + authorities + hosts + addresses + punycode

  static let characters: [(String, String)] = [
    ("", "empty"), (" ", "space"), (" https://good.example/", "space"), ("https://good.example/ ", "space"),
    ("https://good.example/a b", "space"), ("\thttps://good.example", "U+0009"),
    ("https://good.example\n", "U+000A"), ("https://good.example\r\n.evil.example", "U+000D"),
    ("ht\ntps://good.example", "U+000A"), ("https://good.example\u{0}.evil.example", "U+0000"),
    ("https://good.example\u{7F}", "U+007F"), ("https://good.example/\u{1B}[0m", "U+001B"),
    ("https://evil.example\\@good.example", "backslash"), ("https://evil.example\\@@good.example", "backslash"),
    ("https://good.example\\.evil.example", "backslash"), ("https:\\\\good.example", "backslash"),
    ("https:/\\good.example", "backslash"), ("https://good.example/a\\b", "backslash"),
    ("https://good.example?a\\b", "backslash"), ("https://good.example/\\@evil.example", "backslash"),
    ("https://ｇood.example", "U+FF47"), ("https://good。example", "U+3002"), ("https://good．example", "U+FF0E"),
    ("https://good.example／evil", "U+FF0F"), ("https://bücher.example", "U+00FC"),
    ("https://good.example\u{200B}.evil.example", "U+200B"), ("https://g\u{AD}ood.example", "U+00AD"),
    ("https://good.example\u{202E}", "U+202E"), ("https://ⓖood.example", "U+24D6"),
    ("https://good.exampLe\u{212A}", "U+212A"), ("https://①②⑦.0.0.1", "U+2460"),
    ("\u{FEFF}https://good.example", "U+FEFF"),
    ("https://good.example/é", "U+00E9"), ("https://good.example/😀", "U+1F600"),
    ("https://good.example\u{2028}", "U+2028"), ("https://good.example\u{A0}", "U+00A0"),
    ("https://good.example/%", "%"), ("https://good.example/%4", "%"), ("https://good.example/%zz", "%"),
    ("https://good.example?a=50%", "%"),
  ]

  static let authorities: [(String, String)] = [
    ("good.example", "scheme"), ("//good.example", "scheme"), ("/good.example", "scheme"),
    ("https", "scheme"), ("://good.example", "scheme"), ("1https://good.example", "scheme"),
    ("-https://good.example", "scheme"), ("ht_tps://good.example", "scheme"), ("https%3A//good.example", "scheme"),
    ("https:good.example", "//"), ("https:/good.example", "//"), ("https:", "//"), ("https:/", "//"),
    ("javascript:alert(1)", "//"), ("data:text/html,x", "//"), ("mailto:a@good.example", "//"),
    ("https://", "no host"), ("https:///good.example", "no host"), ("https:////good.example", "no host"),
    ("https://?good.example", "no host"), ("https://#good.example", "no host"), ("https://:443/", "no host"),
    ("file:///etc/passwd", "no host"), ("https://user@/", "no host"), ("https://user@:443/", "no host"),
    ("https://@good.example", "nothing before"), ("https://:@@good.example", "more than one @"),
    ("https://evil.example@evil2.example@good.example/", "more than one @"),
    ("https://good.example:80@evil.example@x/", "more than one @"),
    ("https://a:b:c@good.example", "more than one :"), ("https://a[b@good.example", "\"[\""),
    ("https://a%40evil.example@good.example", "percent"), ("https://good%2eexample", "percent"),
    ("https://good.example%2f.evil.example", "percent"), ("https://good.example%00.evil.example", "percent"),
    ("https://good.example%23.evil.example", "percent"), ("https://good.example%5c.evil.example", "percent"),
    ("https://%67ood.example", "percent"), ("https://good.example:%34%34%33", "percent"),
    ("https://good.example#@evil.example", "@ after its host"),
    ("https://good.example?@evil.example", "@ after its host"),
    ("https://evil.example#@good.example/", "@ after its host"),
    ("https://evil.example?x=@good.example/", "@ after its host"),
    ("https://good.example:", "without a port"), ("https://good.example:/", "without a port"),
    ("https://good.example:0/", "begins with 0"), ("https://good.example:0443/", "begins with 0"),
    ("https://good.example:65536/", "beyond 65535"), ("https://good.example:4294967739/", "beyond 65535"),
    ("https://good.example:99999999999999999999/", "beyond 65535"), ("https://good.example:-1/", "no decimal"),
    ("https://good.example:+443/", "no decimal"), ("https://good.example:0x1bb/", "no decimal"),
    ("https://good.example:443:80/", "no decimal"), ("https://good.example:evil.example/", "no decimal"),
    ("https://good.example:44a/", "no decimal"), ("https://[::1]443/", "after its IPv6"),
    ("https://[::1].good.example/", "after its IPv6"), ("https://[2606::1]@evil.example/", "\"[\""),
  ]

  static let hosts: [(String, String)] = [
    ("https://good.example./", "ends in a dot"), ("https://./", "nothing before"), ("https://../", "nothing before"),
    ("https://.good.example/", "nothing before"), ("https://good..example/", "nothing before"),
    ("https://good.example../", "nothing before"), ("https://-good.example/", "hyphen"),
    ("https://good-.example/", "hyphen"), ("https://good.example-/", "hyphen"), ("https://-/", "hyphen"),
    ("https://good_example/", "\"_\""), ("https://*.good.example/", "\"*\""), ("https://good.example;evil/", "\";\""),
    ("https://good.example,evil.example/", "\",\""), ("https://good.example&evil.example/", "\"&\""),
    ("https://good.example=evil/", "\"=\""), ("https://good'example/", "\"'\""), ("https://good!example/", "\"!\""),
    ("https://good$example/", "\"$\""), ("https://{good}.example/", "\"{\""), ("https://good|evil/", "\"|\""),
    ("https://good^evil/", "\"^\""), ("https://good`evil/", "\"`\""), ("https://<good>/", "\"<\""),
    ("https://good\"evil/", "host"), ("https://good~evil/", "\"~\""), ("https://good(evil)/", "\"(\""),
    ("https://good]evil/", "\"]\""), ("https://\(String(repeating: "a", count: 64)).example/", "63"),
    ("https://\(String(repeating: "ab.", count: 100))example/", "253"),
  ]

  static let addresses: [(String, String)] = [
    ("http://2130706433/", "ends in a number"), ("http://0x7f000001/", "ends in a number"),
    ("http://0x7f.1/", "ends in a number"), ("http://127.1/", "ends in a number"),
    ("http://127.0.1/", "ends in a number"), ("http://0177.0.0.1/", "ends in a number"),
    ("http://127.0.0.01/", "ends in a number"), ("http://127.0.0.256/", "ends in a number"),
    ("http://127.0.0.1.5/", "ends in a number"), ("http://127.0.0.0x1/", "ends in a number"),
    ("http://0X7F.0.0.1/", "ends in a number"), ("http://00000177.1/", "ends in a number"),
    ("http://good.example.1/", "ends in a number"), ("http://good.0x/", "ends in a number"),
    ("http://good.0xFf/", "ends in a number"), ("http://1/", "ends in a number"), ("http://0/", "ends in a number"),
    ("http://256.256.256.256/", "ends in a number"), ("http://1.2.3/", "ends in a number"),
    ("http://127.0.0.1./", "ends in a dot"), ("http://127..1/", "nothing before"),
    ("http://340282366920938463463374607431768211457/", "ends in a number"),
    ("http://[::1/", "closing bracket"), ("http://[]/", "no IPv6"), ("http://[127.0.0.1]/", "no IPv6"),
    ("http://[::1%25eth0]/", "percent"), ("http://[fe80::1%eth0]/", "%"), ("http://[v1.a]/", "no IPv6"),
    ("http://[1::2::3]/", "no IPv6"), ("http://[:1:2:3:4:5:6:7]/", "no IPv6"), ("http://[1:2:3:4:5:6:7:]/", "no IPv6"),
    ("http://[1:2:3:4:5:6:7:8:9]/", "no IPv6"), ("http://[1:2:3:4:5:6:7]/", "no IPv6"),
    ("http://[1:2:3:4:5:6:7::8]/", "no IPv6"), ("http://[:::1]/", "no IPv6"), ("http://[12345::]/", "no IPv6"),
    ("http://[::ffff:127.0.0.01]/", "no IPv6"), ("http://[::ffff:127.1]/", "no IPv6"),
    ("http://[::1.2.3.4:5]/", "no IPv6"),
    ("http://[1.2.3.4::]/", "no IPv6"), ("http://[::g]/", "no IPv6"), ("http://[:]/", "no IPv6"),
    ("http://[good.example]/", "no IPv6"), ("http://[[::1]]/", "after its IPv6"), ("http://::1/", "no host"),
    ("http://2606:4700::1/", "ends in a number"), ("http://dead:4700::1/", "no decimal"),
  ]

  static let punycode: [(String, String)] = [
    ("https://xn--/", "hyphen"), ("https://xn--a/", "punycode"), ("https://xn--abc-.example/", "hyphen"),
    ("https://xn--99999999/", "punycode"), ("https://good.xn--zzzzzzzz99999/", "punycode"),
    ("https://XN--A.example/", "punycode"), ("https://xn--good-example.com/", "punycode"),
    ("https://xn--mnchen-3ya0.example/", "punycode"),
    ("https://xn--ls8h0.example/", "punycode"), ("https://xn--mgba3gch31f060k0.com/", "punycode"),
  ]

  @Test(
    "reads and writes punycode as RFC 3492 does",
    arguments: [
      ("mnchen-3ya", "münchen"), ("fiqs8s", "中国"), ("bcher-kva", "bücher"), ("ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"),
      ("4dbcagdahymbxekheh6e0a7fei0b", "למההםפשוטלאמדבריםעברית"), ("d9juau41awczczp", "そのスピードで"),
      ("b1abfaaepdrnnbgefbadotcwatmq2g4l", "почемужеонинеговорятпорусски"),
    ])
  func punycodeSamples(_ encoded: String, _ decoded: String) {
    #expect(Punycode.decode(Array(encoded.utf8)) == Array(decoded.unicodeScalars))
    #expect(Punycode.encode(Array(decoded.unicodeScalars)) == Array(encoded.utf8))
  }

  @Test(
    "takes no label of characters that stand for others, or for nothing",
    arguments: [
      "É", "ａ", "ⓖ", "a\u{200B}", "a\u{AD}b", "\u{301}a", "é\u{202E}", "\u{E000}", "é\u{FE0F}", "ǅ", "\u{A0}a",
    ])
  func variants(_ label: String) {
    let encoded = String(decoding: Punycode.encode(Array(label.unicodeScalars)), as: UTF8.self)
    #expect(throws: StrictURL.Ambiguity.self) { try StrictURL("https://xn--\(encoded).example/") }
  }

  @Test("takes labels that IDNA 2008 has", arguments: ["straße", "λόγος", "é", "中国", "ทดสอบ", "한국"])
  func labels(_ label: String) throws {
    let encoded = String(decoding: Punycode.encode(Array(label.unicodeScalars)), as: UTF8.self)
    _ = try StrictURL("https://xn--\(encoded).example/")
  }
}
