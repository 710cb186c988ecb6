import Policy
import Scripting
import Testing

@Suite("text, net, hash and path, and what functions say of wrong arguments")
struct TextFunctionTests {
  let script = OneScript()

  @Test(
    "each does what it says",
    arguments: [
      ("text.normalize('e\\u{301}', 'NFC') == '\\u{E9}'", "text.normalize"),
      ("text.normalize('\\u{FF41}\\u{FB01}', 'NFKC') == 'afi'", "text.normalize: compatibility"),
      ("text.normalize('', 'NFD') == ''", "text.normalize: nothing"),
      ("text.is_plain('Grüße') and not text.is_plain('a\\u{200B}b') and not text.is_plain('a\\n')", "text.is_plain"),
      ("not text.is_plain('\\xFF') and not text.is_plain('\\u{E0041}')", "text.is_plain: not UTF-8, a tag"),
      ("text.skeleton('\\u{440}\\u{430}ypal') == text.skeleton('paypal')", "text.skeleton"),
      (
        "text.lower('ÀÉ\\u{130}') == 'àé\\u{69}\\u{307}' and text.upper('straße') == 'STRASSE'",
        "text.lower, text.upper"
      ),
      ("text.length('日本') == 2 and text.length('') == 0 and text.length('e\\u{301}') == 2", "text.length"),
      ("net.ip('192.0.2.1').version == 4 and net.ip('192.0.2.1').bytes[1] == 192", "net.ip"),
      ("net.ip('2001:DB8::0:1').text == '2001:db8::1' and #net.ip('::').bytes == 16", "net.ip: IPv6"),
      ("net.ip('10.0.0.1').special == 'a private address' and net.ip('8.8.8.8').special == nil", "net.ip: special"),
      ("net.ip(url.parse('https://[::1]/').host).text == '::1'", "net.ip: a URL's host"),
      ("select(2, net.ip('0x7f.1')) == '\"0x7f.1\" is no IP address' and net.ip(nil) == nil", "net.ip: none"),
      ("select(2, net.ip(5)) == '5 is no IP address' and net.ip({}) == nil", "net.ip: no string"),
      ("net.in_cidr('10.1.2.3', '10.0.0.0/8') and not net.in_cidr('11.0.0.1', '10.0.0.0/8')", "net.in_cidr"),
      ("net.is_private('127.0.0.1') and not net.is_private('1.1.1.1')", "net.is_private"),
      ("select(2, net.is_private('169.254.169.254')) == 'a link-local address'", "net.is_private: what"),
      (
        "hash.sha256('abc') == 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'", "hash.sha256"
      ),
      ("#hash.sha256('\\xFF\\0') == 64 and hash.sha256('') ~= hash.sha256('\\0')", "hash.sha256: any bytes"),
      ("path.clean('/a//b/../c/') == '/a/c' and path.clean('a/..') == '.'", "path.clean"),
      (
        "select(2, path.clean('/a/%2e%2e/b')) == 'the path has %2e in it, which some programs decode'",
        "path.clean: escape"
      ),
      ("path.clean('') == nil and path.clean(nil) == nil and path.clean('a\\0') == nil", "path.clean: none"),
      ("path.within('/srv/data', 'a/b') and path.within('/srv/data', '/srv/data')", "path.within"),
      (
        "select(2, path.within('/srv/data', '/srv/data/../x')) == 'the path leads out of /srv/data'", "path.within: out"
      ),
      ("select(2, path.within('/srv', null)) == 'the path is not a string but null'", "path.within: no string"),
      (
        "not path.within('/srv', 'a\\\\..\\\\b') and not path.within('/srv', '%2e%2e/x')",
        "path.within: other spellings"
      ),
    ])
  func works(_ condition: String, _ name: String) async throws {
    let answer = try await script.judge("return not not (\(condition))")
    #expect(answer.verdict == .pass, "\(name): \(answer.verdict)")
  }

  @Test(
    "an error names the function, the argument and what was given",
    arguments: [
      ("text.normalize('a', 'nfc')", #"text.normalize: form is "NFC", "NFD", "NFKC" or "NFKD", not "nfc""#),
      ("text.normalize(5, 'NFC')", "text.normalize: text is a string, not 5"),
      ("text.normalize('\\xFF', 'NFC')", "text.normalize: text is not UTF-8: \"\u{FFFD}\""),
      ("text.is_plain(null)", "text.is_plain: text is a string, not null"),
      ("text.skeleton({})", "text.skeleton: text is a string, not a table"),
      ("text.lower(nil)", "text.lower: text is a string, not nil"),
      ("text.upper()", "text.upper: text is a string, not nothing"),
      ("text.length(true)", "text.length: text is a string, not true"),
      ("text.length(check)", "text.length: text is a string, not a function"),
      ("net.in_cidr('x', '10.0.0.0/8')", #"net.in_cidr: ip is an IP address, not "x""#),
      ("net.in_cidr('10.0.0.1', 8)", "net.in_cidr: cidr is a range of addresses, not 8"),
      (
        "net.in_cidr('10.0.0.1', '10.0.0.1/8')",
        #"net.in_cidr: cidr "10.0.0.1/8" has bits set beyond the first 8: 10.0.0.0/8 is the range around it"#
      ),
      ("net.is_private('localhost')", #"net.is_private: ip is an IP address, not "localhost""#),
      ("re.match(5, 'x')", "re.match: pattern is a string, not 5"),
      ("re.replace('x', nil, '')", "re.replace: text is a string, not nil"),
      ("re.find_all('x', 'x', 'y')", #"re.find_all: limit is a whole number, not "y""#),
      ("url.allowed('https://a.test/', true)", "url.allowed: options is a table, not true"),
      ("hash.sha256(1.5)", "hash.sha256: bytes is a string, not 1.5"),
      ("path.within('data', 'x')", #"path.within: root is an absolute path, not "data""#),
      ("path.within(nil, 'x')", "path.within: root is an absolute path, not nil"),
    ])
  func errors(_ call: String, _ message: String) async throws {
    let summary = try #require(try await script.judge("return \(call)").verdict.summary)
    #expect(summary == "test.lua:2: " + message)
  }

  @Test(
    "very much text is paid for, or fails",
    arguments: [
      "text.normalize(long, 'NFKD')", "text.is_plain(long)", "text.skeleton(long)", "text.lower(long)",
      "text.upper(long)",
      "text.length(long)", "hash.sha256(long)", "path.clean(long)", "path.within('/', long)", "net.ip(long)",
      "net.in_cidr('1.1.1.1', long)",
    ])
  func charged(_ call: String) async throws {
    let body = "local long = ('\\u{FDFA}'):rep(1000000) for _ = 1, 10 do pcall(function() return \(call) end) end"
    let answer = try await script.judge(body)
    #expect(answer.verdict.summary?.contains("took more") == true, "\(answer.verdict)")
  }
}
