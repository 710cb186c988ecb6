import Testing
import Wire

@testable import Policy

@Suite("ends_with")
struct EndsWithTests {
  @Test(
    "ends with",
    arguments: [
      (#""bc""#, #""abc""#, .holds),
      (#""bc""#, #""c""#, .fails),
      (#""bc""#, #""bcx""#, .fails),
      (#""""#, #""x""#, .holds),
      (#""a""#, #"1"#, .unknown),
      (#""a""#, nil, .unknown),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("ends_with", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#""bc""#, #""x""#, #"must end with "bc"; it is "x""#)
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("ends_with", operand).demand(of: try text.map(value)) == demand)
  }

  @Test("refuses an operand that makes no sense", arguments: [#"1"#, #"null"#])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("ends_with", operand) }
  }
}
