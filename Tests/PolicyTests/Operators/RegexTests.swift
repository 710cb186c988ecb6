import Testing
import Wire

@testable import Policy

@Suite("regex")
struct RegexTests {
  @Test(
    "matches somewhere",
    arguments: [
      (#""b+""#, #""abbc""#, .holds),
      (#""^b""#, #""abbc""#, .fails),
      (#""^.$""#, #""é""#, .holds),
      (#""""#, #""""#, .holds),
      (#""(?i)A""#, #""xa""#, .holds),
      (#""b""#, #"5"#, .unknown),
      (#""b""#, nil, .unknown),
      (#""b""#, #"["b"]"#, .unknown),
      (#""^a$""#, #""a\n""#, .fails),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("regex", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#""^a""#, #""b""#, #"must match "^a"; it is "b""#),
      (#""^a""#, nil, #"must match "^a"; it is missing"#),
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("regex", operand).demand(of: try text.map(value)) == demand)
  }

  @Test("refuses an operand that makes no sense", arguments: [#""(""#, #"5"#, #""(?=a)""#, #""a{1001}""#])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("regex", operand) }
  }
}
