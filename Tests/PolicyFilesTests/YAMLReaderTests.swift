import Policy
import Testing
import Wire

@testable import PolicyFiles

@Suite("YAML is read to a tree that keeps its places")
struct YAMLReaderTests {
  private func read(_ text: String) -> (node: Node?, findings: [String]) {
    read(Array(text.utf8))
  }

  private func read(_ bytes: [UInt8]) -> (node: Node?, findings: [String]) {
    var report = Report()
    let source = SourceText(bytes, name: "p.yaml")
    let node = YAMLReader.read(source, report: &report)
    let findings = report.diagnostics(in: source).map { "\($0.place.line):\($0.place.column) \($0.code)" }
    return (node, findings)
  }

  private func json(_ text: String) -> String? {
    read(text).node?.json.map { String(decoding: $0.encoded(), as: UTF8.self) }
  }

  @Test("maps, lists and scalars become JSON in the order of the file")
  func values() {
    #expect(json("b: [1, two, ~]\na: {x: true, y: 'no'}\n") == #"{"b":[1,"two",null],"a":{"x":true,"y":"no"}}"#)
  }

  @Test("columns count code points, in block and in flow style")
  func places() throws {
    let node = try #require(read("größe:\n  - \"é\"\n  - {ü: 1, x: 2}\n").node)
    guard case .mapping(let members) = node.content, case .sequence(let list) = members[0].value.content,
      case .mapping(let inner) = list[1].content
    else {
      Issue.record("not the tree that was written")
      return
    }
    #expect(members[0].position == Position(line: 1, column: 1))
    #expect(list[0].position == Position(line: 2, column: 5))
    #expect(inner[1].position == Position(line: 3, column: 12))
    #expect(inner[1].value.position == Position(line: 3, column: 15))
  }

  @Test("a byte order mark and Windows line ends change no place")
  func lineEnds() throws {
    let (node, findings) = read([0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb:\r\n  c: 2\r\n".utf8))
    guard case .mapping(let members) = try #require(node).content else { return }
    #expect(findings.isEmpty)
    #expect(members[1].position == Position(line: 2, column: 1))
  }

  @Test("an alias stands for the value of its anchor")
  func aliases() {
    #expect(json("a: &x [1, 2]\nb: *x\n") == #"{"a":[1,2],"b":[1,2]}"#)
  }

  @Test(
    "what a policy may not hold is found in its place",
    arguments: [
      ("a: 1\nb: 2\na: 3\n", ["3:1 MG1201"]),
      ("é: 1\ne\u{301}: 2\n", []),
      ("a: !!str 1\n", ["1:4 MG1202"]),
      ("a: !env HOME\nb: ! x\n", ["1:4 MG1202", "2:4 MG1202"]),
      ("a: &x {b: 1}\nc:\n  <<: *x\n", ["3:3 MG1203"]),
      ("a: *nowhere\n", ["1:4 MG1204"]),
      ("a: &x [*x]\n", ["1:8 MG1204"]),
      ("a: 1\n---\nb: 2\n", ["2:1 MG1207"]),
      ("%YAML 1.2\n---\na: 1\n", ["1:1 MG1208"]),
      ("%TAG ! x:\n---\na: 1\n", ["1:1 MG1208"]),
      ("? [a, b]\n: 1\n", ["1:3 MG1209"]),
      ("?\n: 1\n", ["1:2 MG1209"]),
      ("a: .inf\nb: -.INF\nc: .nan\n", ["1:4 MG1210", "2:4 MG1210", "3:4 MG1210"]),
      ("a: 1e99999999999\n", ["1:4 MG1210"]),
      ("a: 0123\n", ["1:4 MG5004"]),
      ("", ["1:1 MG1005"]),
      ("# nothing\n", ["1:1 MG1005"]),
    ])
  func refused(text: String, expected: [String]) {
    #expect(read(text).findings == expected)
  }

  @Test(
    "text that is no YAML is refused in its place",
    arguments: [
      ("a:\n\tb: 1\n", "2:1 MG1102"),
      ("hide: [*]\n", "1:8 MG1103"),
      ("hide: [ * ]\n", "1:9 MG1103"),
      ("a: @x\n", "1:4 MG1103"),
      ("a: `x`\n", "1:4 MG1103"),
      ("a: %x\n", "1:4 MG1103"),
      ("a: \"x\n", "1:4 MG1101"),
      ("a: 'x\nb: 1\n", "1:4 MG1101"),
      ("a: \"\\d\"\n", "1:5 MG1101"),
      ("a: b: c\n", "1:5 MG1101"),
      ("a: [1, 2\nb: 3\n", "2:2 MG1101"),
      ("a: {b: 1\n", "2:1 MG1101"),
      ("a: 1\n b: 2\n", "2:3 MG1101"),
      ("- a\nb: 1\n", "2:1 MG1101"),
      ("a: - b\n", "1:4 MG1101"),
      ("a: 1\nb\n", "2:1 MG1101"),
    ])
  func syntax(text: String, expected: String) {
    #expect(read(text).findings == [expected])
  }

  @Test(
    "bytes that are no text are refused in their place",
    arguments: [
      (Array("a: \u{e9}\nb: ".utf8) + [0xFF], "2:4 MG1003"),
      ([0xFF, 0xFE, 0x61, 0x00], "1:1 MG1003"),
      ([0x61, 0xC3], "1:2 MG1003"),
      ([0x61, 0x3A, 0x20, 0xED, 0xA0, 0x80], "1:4 MG1003"),
      ([0x61, 0x00], "1:2 MG1004"),
      (Array("a: \u{1}".utf8), "1:4 MG1004"),
      (Array("a: \u{2028}b".utf8), "1:4 MG1004"),
      (Array("a: x\u{85}b: 1".utf8), "1:5 MG1004"),
      (Array("a: \u{202E}x".utf8), "1:4 MG1004"),
      (Array("a: 1\rb: 2\n".utf8), "1:5 MG1004"),
      (Array("a: \u{7F}".utf8), "1:4 MG1004"),
    ])
  func binary(bytes: [UInt8], expected: String) {
    #expect(read(bytes).findings == [expected])
  }

  @Test("aliases of aliases are refused before they are written out")
  func explosion() {
    var text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for level in 1...12 {
      let inner = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(inner)]\n"
    }
    #expect(read(text).findings.map { $0.suffix(6) } == ["MG1205"])
  }

  @Test("nesting is bounded, also where an alias adds to it")
  func depth() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(read(nested(64)).findings == [])
    #expect(read(nested(65)).findings == ["1:65 MG1206"])
    #expect(read(nested(100_000)).findings == ["1:65 MG1206"])
    #expect(read("a: &x \(nested(40))\nb: \(String(repeating: "[", count: 30))*x").findings == ["2:34 MG1206"])
  }

  @Test("the number of values is bounded")
  func count() {
    let text = "[" + String(repeating: "1,", count: YAMLReader.nodeLimit) + "]"
    #expect(read(text).findings.map { $0.suffix(6) } == ["MG1206"])
  }

  @Test("a text over the limit is not read")
  func size() {
    #expect(read([UInt8](repeating: 0x20, count: SourceText.limit + 1)).findings == ["1:1 MG1002"])
  }

  @Test("a long line of nothing but brackets takes no time worth mentioning")
  func hostileLines() {
    for unit in ["[", "{", "? ", "- ", "&a ", "!t ", "*a ", "'", "\"", "a: ", "#", "|\n", "%", "\\"] {
      let count = 50_000 / unit.utf8.count
      _ = read(String(repeating: unit, count: count))
    }
  }
}
