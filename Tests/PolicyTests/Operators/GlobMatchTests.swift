import Testing
import Wire

@testable import Policy

@Suite("glob")
struct GlobMatchTests {
  @Test(
    "matches from end to end",
    arguments: [
      (#""*.png""#, #""a.png""#, .holds),
      (#""*.png""#, #""a.png.exe""#, .fails),
      (#""a?c""#, #""aéc""#, .holds),
      (#""a?c""#, #""ac""#, .fails),
      (#""[a-c]*""#, #""bx""#, .holds),
      (#""[!a-c]*""#, #""bx""#, .fails),
      (#""a\\*""#, #""a*""#, .holds),
      (#""a\\*""#, #""ab""#, .fails),
      (#""*""#, #""""#, .holds),
      (#""""#, #""""#, .holds),
      (#""""#, #""a""#, .fails),
      (#""*""#, #"5"#, .unknown),
      (#""*""#, nil, .unknown),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("glob", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#""*.png""#, #""a.gif""#, #"must match "*.png"; it is "a.gif""#)
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("glob", operand).demand(of: try text.map(value)) == demand)
  }

  @Test("refuses an operand that makes no sense", arguments: [#""[""#, #""a\\""#, #"5"#, #"["*"]"#])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("glob", operand) }
  }
}
