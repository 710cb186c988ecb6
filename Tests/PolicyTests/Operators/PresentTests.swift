import Testing
import Wire

@testable import Policy

@Suite("present")
struct PresentTests {
  @Test(
    "there and not blank",
    arguments: [
      (#"true"#, #"1"#, .holds),
      (#"true"#, #"false"#, .holds),
      (#"true"#, #""a""#, .holds),
      (#"true"#, #"" a ""#, .holds),
      (#"true"#, #""""#, .fails),
      (#"true"#, #""  \t\n""#, .fails),
      (#"true"#, #""\u200b\u00a0""#, .fails),
      (#"true"#, #"[]"#, .fails),
      (#"true"#, #"{}"#, .fails),
      (#"true"#, #"[null]"#, .holds),
      (#"true"#, #"null"#, .fails),
      (#"true"#, nil, .fails),
      (#"false"#, #"" ""#, .holds),
      (#"false"#, #""a""#, .fails),
      (#"true"#, #""é""#, .holds),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("present", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#"true"#, #""""#, #"must be there and not blank; it is """#),
      (#"false"#, #""x""#, #"must be absent, null or blank; it is "x""#),
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("present", operand).demand(of: try text.map(value)) == demand)
  }

  @Test("refuses an operand that makes no sense", arguments: [#"1"#, #""yes""#])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("present", operand) }
  }
}
