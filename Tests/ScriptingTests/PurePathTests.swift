import Testing

@testable import Scripting

@Suite("Paths as text")
struct PurePathTests {
  @Test(
    "in their shortest spelling",
    arguments: [
      ("/", "/"), ("/a/b", "/a/b"), ("/a//b/", "/a/b"), ("/a/./b/.", "/a/b"), ("/a/../b", "/b"), ("a/b/../../c", "c"),
      ("a/..", "."), (".", "."), ("..", ".."), ("../../a", "../../a"), ("a/../../b", "../b"), ("/a/b/../..", "/"),
      ("...", "..."), ("/..a/b..", "/..a/b.."), ("a b/\u{E9}", "a b/\u{E9}"), ("100%", "100%"), ("a%20b", "a%20b"),
      ("x/~", "x/~"), (":", ":"), ("/c:/x", "/c:/x"), ("a//../b", "b"),
    ])
  func clean(_ text: String, _ expected: String) throws {
    let path = try PurePath(text.utf8)
    #expect(path.text == expected)
    #expect(try PurePath(path.text.utf8) == path)
  }

  @Test(
    "not where programs differ",
    arguments: [
      ("", "is empty"), ("a\0b", "has a NUL in it"), ("a\\b", "has a backslash in it"),
      ("a/%2e%2e/b", "has %2e in it, which some programs decode"), ("%2E", "has %2E in it, which some programs decode"),
      ("a%2Fb", "has %2F in it, which some programs decode"), ("a%5cb", "has %5c in it, which some programs decode"),
      ("a%00", "has %00 in it, which some programs decode"), ("%252e", "has %25 in it, which some programs decode"),
      ("//a", "begins with two slashes"), ("//\u{301}", "begins with two slashes"), ("///a", "begins with two slashes"),
      ("~/a", "begins with a tilde"), ("~\u{301}", "begins with a tilde"), ("~root", "begins with a tilde"),
      ("C:/a", "begins with a drive's letter"), ("c:a", "begins with a drive's letter"), ("/..", "climbs above /"),
      ("/a/../../b", "climbs above /"),
    ])
  func refused(_ text: String, _ problem: String) {
    #expect(throws: PurePath.Problem(description: problem)) { try PurePath(text.utf8) }
  }

  @Test(
    "not where the bytes are not UTF-8", arguments: [[0xC0, 0xAE], [0x2F, 0xFF], [0xED, 0xA0, 0x80]] as [[UInt8]])
  func bytes(_ bytes: [UInt8]) {
    #expect(throws: PurePath.Problem(description: "is not UTF-8")) { try PurePath(bytes) }
  }

  @Test(
    "stay within their root or do not",
    arguments: [
      ("/srv/data", "/srv/data", true), ("/srv/data", "/srv/data/x/y", true), ("/srv/data", "x", true),
      ("/srv/data", ".", true), ("/srv/data", "x/../y", true), ("/srv/data", "/srv/data/../data/x", true),
      ("/srv/data/", "/srv//data/./x", true), ("/", "/etc", true), ("/", "x", true),
      ("/srv/data", "/srv/database", false), ("/srv/data", "/srv", false), ("/srv/data", "/srv/data/..", false),
      ("/srv/data", "..", false), ("/srv/data", "../data/x", false), ("/srv/data", "x/../../data", false),
      ("/srv/data", "/SRV/data", false), ("/srv/data", "/etc/passwd", false), ("/", "..", false),
      ("/srv/\u{E9}", "/srv/e\u{301}", false),
    ])
  func within(_ root: String, _ path: String, _ expected: Bool) throws {
    #expect(try PurePath(path.utf8).isWithin(PurePath(root.utf8)) == expected)
  }

  @Test("whatever is within its root is, joined to it, below it")
  func property() throws {
    var seed: UInt64 = 7
    func random(_ bound: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((seed >> 33) % UInt64(bound))
    }
    let pieces = ["a", "b", "..", ".", "/", "/", "..", "a", ""]
    let root = try PurePath("/a/b".utf8)
    var inside = 0
    for _ in 0..<20_000 {
      let text = (0..<random(12)).map { _ in pieces[random(pieces.count)] }.joined()
      guard let path = try? PurePath(text.utf8), path.isWithin(root) else { continue }
      inside += 1
      // By hand: the depth below the root never becomes negative at the end, and the names before it are the root's.
      let full = text.hasPrefix("/") ? text : "/a/b/" + text
      var names: [Substring] = []
      for name in full.split(separator: "/") {
        if name == ".." { names.removeLast() } else if name != "." { names.append(name) }
      }
      #expect(names.starts(with: ["a", "b"]), "\(text)")
    }
    #expect(inside > 500)
  }
}
