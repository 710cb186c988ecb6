import Testing
import Wire

@testable import Policy

@Suite("plain_text")
struct PlainTextTestTests {
  @Test(
    "hides nothing from a reader",
    arguments: [
      (#""""#, .holds), (#""a plain line, Größe 5 €, 日本語, 😀""#, .holds), (#""a\u00a0b""#, .holds),
      (#""a\nb""#, .fails), (#""a\tb""#, .fails), (#""\u0000""#, .fails), (#""\u007f""#, .fails),
      (#""a\u202eb""#, .fails), (#""a\u2066b""#, .fails), (#""a\u200bb""#, .fails), (#""a\ufeffb""#, .fails),
      (#""a\u00adb""#, .fails), (#""\udb40\udc41""#, .fails), (#""\ue000""#, .fails), (#""a\u2028b""#, .fails),
      ("5", .unknown), ("null", .unknown), (#"["a"]"#, .unknown), (nil, .unknown),
    ] as [(String?, Truth)])
  func judges(_ text: String?, _ truth: Truth) throws {
    #expect(try make("plain_text", "true").judge(text.map(value)) == truth)
    #expect(try make("plain_text", "false").judge(text.map(value)) == truth.negated)
  }

  @Test("is what text.is_plain of the scripts is, for every character")
  func agrees() throws {
    let operation = try make("plain_text", "true")
    for code in UInt32(0x20)...0x10FFFF where code % 7 == 0 || code < 0x3000 {
      guard let scalar = Unicode.Scalar(code), scalar != "\"", scalar != "\\" else { continue }
      let isPlain = operation.judge(try value("\"a\(scalar)\"")) == .holds
      #expect(isPlain == PlainText.isPlain("a\(scalar)"))
      #expect(isPlain == Excerpt.isPlain(scalar))
    }
  }

  @Test(
    "says what it wants",
    arguments: [
      (#""é\u202eb""#, "must be plain text; its character 2 is U+202E"),
      (#""a\n""#, "must be plain text; its character 2 is U+000A"),
      (#""\udb40\udc41""#, "must be plain text; its character 1 is U+E0041"),
      ("5", "must be plain text; it is 5"), (nil, "must be plain text; it is missing"),
    ] as [(String?, String)])
  func demands(_ text: String?, _ demand: String) throws {
    #expect(try make("plain_text", "true").demand(of: text.map(value)) == demand)
  }

  @Test("refuses an operand that makes no sense", arguments: ["1", #""true""#, "null", "{}"])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("plain_text", operand) }
  }
}
