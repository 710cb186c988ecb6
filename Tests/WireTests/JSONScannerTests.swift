import Testing

@testable import Wire

@Suite("JSON scanner")
struct JSONScannerTests {
  private func problem(_ text: String, depth: Int = 64) -> JSONError? {
    problem(Array(text.utf8), depth: depth)
  }

  private func problem(_ bytes: [UInt8], depth: Int = 64) -> JSONError? {
    do throws(JSONError) {
      _ = try JSONTape(bytes, depth: depth)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "accepts every spelling that RFC 8259 has",
    arguments: [
      "null", "true", "false", "0", "-0", "-0.0", "1e5", "1E+5", "1e-5", "12.50", "\"\"", "[]", "{}", " [ ] ",
      "\t{\n}\r",
      "[1,2]", "{\"a\":{\"b\":[]}}", "\"\\u0061\\n\\/\\\\\\\"\"", "\"\\ud83d\\ude00\"", "\"\u{7F}\u{80}\u{10FFFF}\"",
      "\"\u{FEFF}\"",
      "{\"a\":1,\"A\":2}", "0e400", "0.0e-999999999999999999999", "1.7976931348623157e308", "5e-324",
    ])
  func accepts(_ text: String) {
    #expect(problem(text) == nil)
  }

  @Test(
    "refuses with the problem and its place",
    arguments: [
      ("", JSONError.Problem.empty, 0), ("  ", .empty, 2), ("\u{FEFF}{}", .byteOrderMark, 0), ("{", .unexpectedEnd, 1),
      ("[[[[[[[[[", .unexpectedEnd, 9), ("[1", .unexpectedEnd, 2), ("\"a", .unexpectedEnd, 2),
      ("tru", .unexpectedEnd, 3),
      ("{\"a\"", .unexpectedEnd, 4), ("{\"a\":", .unexpectedEnd, 5), ("\"\\", .unexpectedEnd, 2),
      ("-", .unexpectedEnd, 1),
      ("\"\\u00", .unexpectedEnd, 5), ("1e", .unexpectedEnd, 2), ("nulL", .unexpectedByte, 3),
      ("[1,]", .unexpectedByte, 3),
      ("{,}", .unexpectedByte, 1), ("{\"a\":1,}", .unexpectedByte, 7), ("{a:1}", .unexpectedByte, 1),
      ("'a'", .unexpectedByte, 0),
      ("[1 2]", .unexpectedByte, 3), ("{\"a\" 1}", .unexpectedByte, 5), ("]", .unexpectedByte, 0),
      ("[}", .unexpectedByte, 1),
      ("NaN", .unexpectedByte, 0), ("Infinity", .unexpectedByte, 0), ("+1", .unexpectedByte, 0),
      (".5", .unexpectedByte, 0),
      ("[1]//", .trailingData, 3), ("{}{}", .trailingData, 2), ("1 2", .trailingData, 2), ("01", .invalidNumber, 0),
      ("-01", .invalidNumber, 1), ("1.e5", .invalidNumber, 2), ("1.x", .invalidNumber, 2), ("[1e+]", .invalidNumber, 4),
      ("-x", .invalidNumber, 1), ("\"\\x\"", .invalidEscape, 1), ("\"\\u00g0\"", .invalidEscape, 5),
      ("\"\\ud800\"", .loneSurrogate, 1), ("\"\\udc00\"", .loneSurrogate, 1), ("\"\\ud800\\u0061\"", .loneSurrogate, 1),
      ("\"\\ud800\\ud800\"", .loneSurrogate, 1), ("\"a\u{0}\"", .controlCharacter, 2), ("\"\t\"", .controlCharacter, 1),
      ("\"12345678\n\"", .controlCharacter, 9), ("[1e400]", .numberOutOfRange, 1), ("-1e400", .numberOutOfRange, 0),
      ("1e-400", .numberOutOfRange, 0), ("1e99999999999999999999999", .numberOutOfRange, 0),
      ("1.8e308", .numberOutOfRange, 0), ("2e-324", .numberOutOfRange, 0),
      ("{\"a\":1,\"a\":2}", .duplicateName, 7), ("{\"a\":1,\"\\u0061\":2}", .duplicateName, 7),
      ("[{\"x\":{\"\":1,\"\":1}}]", .duplicateName, 12),
    ])
  func refuses(_ text: String, _ expected: JSONError.Problem, _ offset: Int) {
    #expect(problem(text) == JSONError(expected, at: offset))
  }

  @Test(
    "refuses bytes that are not UTF-8",
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xE0, 0x80, 0x80], [0xE0, 0xA0], [0xED, 0xA0, 0x80],
      [0xED, 0xBF, 0xBF],
      [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x90, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE],
      [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xF0, 0x9F, 0x98, 0x28],
    ] as [[UInt8]])
  func refusesOtherEncodings(_ bytes: [UInt8]) {
    #expect(problem([0x22] + bytes + [0x22])?.problem == .invalidUTF8)
    #expect(problem(Array("\"abcdefghij".utf8) + bytes + Array("abcdefghij\"".utf8))?.problem == .invalidUTF8)
  }

  @Test("takes every code point, raw and escaped, as itself")
  func everyCodePoint() throws {
    for value in stride(from: 0x20, through: 0x10FFFF, by: 97) {
      guard let scalar = Unicode.Scalar(UInt32(value)), scalar != "\"", scalar != "\\" else { continue }
      let text = "\"\(scalar)\""
      #expect(try JSONTape(Array(text.utf8)).root.string?.unicodeScalars.elementsEqual([scalar]) == true)
    }
  }

  @Test("holds to the depth limit exactly, and never goes beyond the greatest")
  func depth() {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(problem(nested(64)) == nil)
    #expect(problem(nested(65)) == JSONError(.tooDeep, at: 64))
    #expect(problem(String(repeating: "{\"a\":", count: 65) + "1", depth: 64)?.problem == .tooDeep)
    #expect(problem("[]", depth: 0)?.problem == .tooDeep)
    #expect(problem("1", depth: 0) == nil)
    #expect(problem(nested(512), depth: .max) == nil)
    #expect(problem(nested(513), depth: .max)?.problem == .tooDeep)
    #expect(problem(String(repeating: "[", count: 1_000_000), depth: .max)?.problem == .tooDeep)
  }

  @Test(
    "finds a repeated name among few members and among many, wherever the two stand", arguments: [2, 3, 16, 17, 1000])
  func duplicates(_ count: Int) {
    let names = (0..<count).map { "\"name \($0)\":\($0)" }
    #expect(problem("{" + names.joined(separator: ",") + "}") == nil)
    for (first, second) in [(0, count - 1), (0, 1), (count - 2, count - 1)] {
      var clashing = names
      clashing[second] = "\"name\\u0020\(first)\":0"
      #expect(problem("{" + clashing.joined(separator: ",") + "}")?.problem == .duplicateName)
      clashing[second] = "\"name \(first)\":0"
      #expect(problem("{" + clashing.joined(separator: ",") + "}")?.problem == .duplicateName)
    }
  }

  @Test("compares names by code point: canonical equivalents are two names")
  func namesByCodePoint() {
    #expect(problem("{\"\u{E9}\":1,\"e\u{301}\":2}") == nil)
    #expect(problem("{\"\u{E9}\":1,\"\\u00e9\":2}")?.problem == .duplicateName)
  }

  @Test("has a limit on the number of values")
  func mostValues() {
    func list(_ count: Int) -> String { "[" + String(repeating: "1,", count: count - 1) + "1]" }
    #expect(problem(list(JSONTape.mostValues - 1)) == nil)
    #expect(problem(list(JSONTape.mostValues))?.problem == .tooLarge)
  }

  @Test("agrees with the reference reader on generated texts", arguments: 0..<8)
  func agreesOnRightTexts(_ seed: UInt64) throws {
    var generator = TextGenerator(seed: seed)
    var accepted = 0
    for _ in 0..<400 {
      let text = Array((generator.space() + generator.value(depth: 5) + generator.space()).utf8)
      let expected = ReferenceReader.read(text)
      let tape = try? JSONTape(text)
      #expect(tape?.root.tree == expected, "\(String(decoding: text, as: UTF8.self))")
      accepted += tape == nil ? 0 : 1
    }
    #expect(accepted > 300)
  }

  @Test("agrees with the reference reader on changed texts", arguments: 100..<108)
  func agreesOnWrongTexts(_ seed: UInt64) throws {
    var generator = TextGenerator(seed: seed)
    var refused = 0
    for _ in 0..<1000 {
      let text = generator.mutated(Array(generator.value(depth: 3).utf8))
      let expected = ReferenceReader.read(text)
      let tape = try? JSONTape(text)
      #expect(tape?.root.tree == expected, "\(String(decoding: text, as: UTF8.self))")
      refused += tape == nil ? 1 : 0
    }
    #expect(refused > 100)
  }

  @Test("agrees with the reference reader about depth", arguments: 200..<202)
  func agreesOnDepth(_ seed: UInt64) throws {
    var generator = TextGenerator(seed: seed)
    for _ in 0..<300 {
      let text = Array(generator.value(depth: 5).utf8)
      for depth in 0..<4 {
        #expect((try? JSONTape(text, depth: depth))?.root.tree == ReferenceReader.read(text, depth: depth))
      }
    }
  }
}
