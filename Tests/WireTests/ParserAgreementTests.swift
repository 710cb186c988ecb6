import Foundation
import Randomness
import Testing
import Wire

/// Whatever the proxy forwards, other parsers read the same method, tool name and arguments as the proxy did.
///
/// Each parser prints its reading of each line in one spelling (``Reading``); the spellings are compared.
@Suite("Parsers agree with the proxy")
struct ParserAgreementTests {
  /// A line that the proxy takes as a call, as it is forwarded, and how the proxy reads it.
  struct Forwarded: Sendable {
    let line: [UInt8]
    let reading: String
    /// The doubles among the arguments.
    let numbers: [Double]
  }

  static let forwarded: [Forwarded] = {
    var generator = CallGenerator(seed: 2026)
    var forwarded: [Forwarded] = []
    for _ in 0..<4000 {
      guard case .single(let message) = try? MessageReader(side: .client).read(generator.line()),
        let call = try? message.call(in: Call.Context(session: "s")), let method = message.method
      else { continue }
      let arguments = call.arguments?.tree
      forwarded.append(
        Forwarded(
          line: Array(message.bytes),
          reading: Reading.of(method: method.text, name: call.name.text, arguments: arguments),
          numbers: arguments.map(Reading.numbers) ?? []))
    }
    return forwarded
  }()

  @Test("most generated lines are forwarded, and some are not")
  func enough() {
    #expect(ParserAgreementTests.forwarded.count > 2000)
    #expect(ParserAgreementTests.forwarded.count < 3950)
  }

  @Test("JSONSerialization, whose doubles on Linux are a few units in the last place off")
  func serialization() throws {
    for forwarded in ParserAgreementTests.forwarded {
      let object = try JSONSerialization.jsonObject(with: Data(forwarded.line))
      #expect(Reading.of(object, roundingTo: forwarded.numbers) == forwarded.reading)
    }
  }

  @Test("JSONDecoder")
  func decoder() throws {
    let decoder = JSONDecoder()
    for forwarded in ParserAgreementTests.forwarded {
      let request = try decoder.decode(DecodedRequest.self, from: Data(forwarded.line))
      let reading = Reading.of(
        method: request.method, name: request.params.name, arguments: request.params.arguments?.tree)
      #expect(reading == forwarded.reading)
    }
  }

  @Test("Python's json, over a text stream with universal newlines as Python servers have it")
  func python() throws {
    try expectAgreement(of: ["python3", "-c", ParserAgreementTests.pythonReader])
  }

  @Test("Node's JSON.parse", .enabled(if: Program.exists("node"), "node is not installed"))
  func node() throws {
    try expectAgreement(of: ["node", "-e", ParserAgreementTests.nodeReader])
  }

  private func expectAgreement(of command: [String]) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "moongate-lines-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    let lines = ParserAgreementTests.forwarded
    try Data(lines.flatMap { $0.line + [0x0A] }).write(to: file)
    let output = try Program.output(of: command + [file.path])
    let readings = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    try #require(readings.count == lines.count)
    for (reading, forwarded) in zip(readings, lines) {
      #expect(reading == forwarded.reading, "\(String(decoding: forwarded.line, as: UTF8.self))")
    }
  }

  private static let pythonReader = """
    import json, struct, sys
    def text(value):
        return json.dumps(value, ensure_ascii=True).replace("\\x7f", "\\\\u007f")
    def spell(value):
        if value is None: return "null"
        if value is True: return "true"
        if value is False: return "false"
        if isinstance(value, str): return text(value)
        if isinstance(value, (int, float)): return struct.pack(">d", float(value) or 0.0).hex()
        if isinstance(value, list): return "[" + ",".join(map(spell, value)) + "]"
        return "{" + ",".join(sorted(text(name) + ":" + spell(member) for name, member in value.items())) + "}"
    for line in open(sys.argv[1], encoding="utf-8"):
        message = json.loads(line)
        params = message["params"]
        subject = params["uri"] if message["method"] == "resources/read" else params["name"]
        members = [spell(message["method"]), spell(subject)]
        if "arguments" in params and message["method"] != "resources/read": members.append(spell(params["arguments"]))
        print(" ".join(members))
    """

  private static let nodeReader = """
    const text = value => JSON.stringify(value).replace(/[^\\x20-\\x7e]/g,
      unit => "\\\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"));
    const spell = value => {
      if (value === null || typeof value === "boolean") return String(value);
      if (typeof value === "string") return text(value);
      if (typeof value === "number") {
        const bytes = Buffer.alloc(8);
        bytes.writeDoubleBE(value || 0);
        return bytes.toString("hex");
      }
      if (Array.isArray(value)) return "[" + value.map(spell).join(",") + "]";
      return "{" + Object.keys(value).map(name => text(name) + ":" + spell(value[name])).sort().join(",") + "}";
    };
    const lines = require("fs").readFileSync(process.argv[1], "utf8").split("\\n");
    for (const line of lines.slice(0, -1)) {
      const message = JSON.parse(line), params = message.params;
      const isRead = message.method === "resources/read";
      const members = [spell(message.method), spell(isRead ? params.uri : params.name)];
      if ("arguments" in params && !isRead) members.push(spell(params.arguments));
      console.log(members.join(" "));
    }
    """
}

/// Makes lines that are calls, nearly calls, and calls with something hostile in them.
struct CallGenerator {
  private var texts: TextGenerator

  init(seed: UInt64) {
    texts = TextGenerator(seed: seed)
  }

  mutating func line() -> [UInt8] {
    let method = texts.random.pick(["tools/call", "tools/call", "tools/call", "prompts/get", "resources/read"])
    let subject = method == "resources/read" ? "uri" : "name"
    var params = [
      texts.string(subject) + ":"
        + texts.string(texts.random.pick(["move", "read_file", "é", "日本語", "a b", "x\"y\\z"])),
      texts.string("arguments") + ":" + arguments(of: method),
    ]
    if texts.random.chance(1, in: 4) { params.append(texts.string("_meta") + ":" + texts.object(depth: 2)) }
    if texts.random.chance(1, in: 8) { params.append(texts.string("x" + texts.text()) + ":" + texts.value(depth: 2)) }
    if texts.random.chance(1, in: 30) {
      params.append(texts.string(texts.random.pick(["Name", "arguments", "na\u{200B}me"])) + ":1")
    }
    params.shuffle(using: &texts.random)
    var members = [
      texts.string("jsonrpc") + ":\"2.0\"", texts.string("id") + ":\(texts.random.below(1000))",
      texts.string("method") + ":" + texts.space() + texts.string(method),
      texts.string("params") + ":{" + params.joined(separator: "," + texts.space()) + "}",
    ]
    if texts.random.chance(1, in: 8) { members.append(texts.string("y" + texts.text()) + ":" + texts.value(depth: 3)) }
    members.shuffle(using: &texts.random)
    var line = Array(("{" + members.joined(separator: ",") + "}").utf8)
    // Line breaks between tokens are refused; most lines are to be without them.
    if texts.random.chance(7, in: 8) {
      for index in line.indices where line[index] == 0x0A || line[index] == 0x0D { line[index] = 0x20 }
    }
    return texts.random.chance(1, in: 4) ? texts.mutated(line) : line
  }

  private mutating func arguments(of method: String) -> String {
    guard method == "prompts/get" else { return texts.object(depth: 4) }
    return "{" + texts.string("topic") + ":" + texts.string(texts.text()) + "}"
  }
}

/// One spelling of what a parser read: strings in ASCII, numbers as the bits of their doubles, members sorted.
enum Reading {
  static func of(method: String, name: String, arguments: JSON?) -> String {
    ([spell(.string(method)), spell(.string(name))] + (arguments.map { [spell($0)] } ?? [])).joined(separator: " ")
  }

  /// The doubles of a tree.
  static func numbers(in value: JSON) -> [Double] {
    switch value {
    case .number(let number): [number.approximate]
    case .array(let elements): elements.flatMap(numbers)
    case .object(let members): members.flatMap { numbers(in: $0.value) }
    default: []
    }
  }

  /// What JSONSerialization made of a line; a number that is all but one of those given counts as that one.
  static func of(_ object: Any, roundingTo numbers: [Double]) -> String {
    let message = object as? [String: Any]
    let params = message?["params"] as? [String: Any]
    let method = message?["method"] as? String ?? ""
    let isRead = method == "resources/read"
    return of(
      method: method, name: params?[isRead ? "uri" : "name"] as? String ?? "",
      arguments: isRead ? nil : params?["arguments"].map { tree($0, numbers) })
  }

  /// What JSONSerialization made, as a tree.
  private static func tree(_ value: Any, _ numbers: [Double]) -> JSON {
    switch value {
    case let text as String: .string(text)
    case let bool as NSNumber where String(cString: bool.objCType) == "c": .bool(bool.boolValue)
    case let number as NSNumber: .number(exactly(nearest(number.doubleValue, numbers)))
    case let elements as [Any]: .array(elements.map { tree($0, numbers) })
    case let members as [String: Any]: .object(members.map { (Name($0.key), tree($0.value, numbers)) })
    default: .null
    }
  }

  private static func nearest(_ double: Double, _ numbers: [Double]) -> Double {
    numbers.contains(double) ? double : numbers.first { abs($0 - double) <= 16 * max($0.ulp, double.ulp) } ?? double
  }

  /// The number that spells as this double does.
  static func exactly(_ double: Double) -> ExactNumber { ExactNumber("\(double)") ?? 0 }

  private static func spell(_ value: JSON) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let number): spell(number.approximate)
    case .string(let text): spell(text)
    case .array(let elements): "[" + elements.map(spell).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.map { spell($0.name.text) + ":" + spell($0.value) }.sorted { Name($0) < Name($1) }.joined(
          separator: ",") + "}"
    }
  }

  private static func spell(_ double: Double) -> String {
    let digits = String(double == 0 ? 0 : double.bitPattern, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func spell(_ text: String) -> String {
    var spelling = "\""
    let short: [UInt16: String] = [0x22: "\\\"", 0x5C: "\\\\", 8: "\\b", 12: "\\f", 10: "\\n", 13: "\\r", 9: "\\t"]
    for unit in text.utf16 {
      if let escape = short[unit] {
        spelling += escape
      } else if unit >= 0x20, unit < 0x7F {
        spelling.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      } else {
        let digits = String(unit, radix: 16)
        spelling += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return spelling + "\""
  }
}

/// A call as JSONDecoder reads it.
private struct DecodedRequest: Decodable {
  let method: String
  let params: Params

  struct Params: Decodable {
    let name: String
    let arguments: DecodedValue?
  }

  private enum Member: String, CodingKey { case method, params }
  private enum Param: String, CodingKey { case name, uri, arguments }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Member.self)
    method = try container.decode(String.self, forKey: .method)
    let params = try container.nestedContainer(keyedBy: Param.self, forKey: .params)
    let isRead = method == "resources/read"
    self.params = Params(
      name: try params.decode(String.self, forKey: isRead ? .uri : .name),
      arguments: isRead ? nil : try params.decodeIfPresent(DecodedValue.self, forKey: .arguments))
  }
}

/// Any value as JSONDecoder reads it.
private struct DecodedValue: Decodable {
  let tree: JSON

  private struct Member: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: Member.self) {
      tree = .object(
        try container.allKeys.map { (Name($0.stringValue), try container.decode(DecodedValue.self, forKey: $0).tree) })
    } else if var container = try? decoder.unkeyedContainer() {
      var elements: [JSON] = []
      while !container.isAtEnd { elements.append(try container.decode(DecodedValue.self).tree) }
      tree = .array(elements)
    } else {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        tree = .null
      } else if let bool = try? container.decode(Bool.self) {
        tree = .bool(bool)
      } else if let text = try? container.decode(String.self) {
        tree = .string(text)
      } else {
        tree = .number(Reading.exactly(try container.decode(Double.self)))
      }
    }
  }
}

/// Another program, run to its end.
enum Program {
  static func exists(_ name: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }

  /// What it writes to its standard output.
  static func output(of command: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}
