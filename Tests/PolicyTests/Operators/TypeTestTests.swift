import Testing
import Wire

@testable import Policy

@Suite("type")
struct TypeTestTests {
  @Test(
    "of a kind that is named",
    arguments: [
      (#""string""#, #""a""#, .holds),
      (#""string""#, #"1"#, .fails),
      (#""number""#, #"1.5"#, .holds),
      (#""integer""#, #"1"#, .holds),
      (#""integer""#, #"1.0"#, .holds),
      (#""integer""#, #"1.5"#, .fails),
      (#""integer""#, #""1""#, .fails),
      (#""boolean""#, #"true"#, .holds),
      (#""boolean""#, #""true""#, .fails),
      (#""array""#, #"[]"#, .holds),
      (#""object""#, #"{}"#, .holds),
      (#""object""#, #"[]"#, .fails),
      (#""null""#, #"null"#, .holds),
      (#"null"#, #"null"#, .holds),
      (#""null""#, nil, .fails),
      (#""absent""#, nil, .holds),
      (#""absent""#, #"null"#, .fails),
      (#"["string","null"]"#, #"null"#, .holds),
      (#"["string","absent"]"#, #"1"#, .fails),
      (#"["string","absent"]"#, nil, .holds),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("type", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#""string""#, #"5"#, #"must be of type string; it is the number 5"#),
      (#"["string","null"]"#, nil, #"must be of type string or null; it is absent"#),
      (#""integer""#, #"true"#, #"must be of type integer; it is boolean"#),
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("type", operand).demand(of: try text.map(value)) == demand)
  }

  @Test(
    "refuses an operand that makes no sense", arguments: [#""text""#, #"1"#, #"[]"#, #"["string",1]"#, #""String""#])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("type", operand) }
  }
}
