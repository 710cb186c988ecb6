import Testing
import Wire

@testable import Policy

@Suite("gt")
struct GreaterTests {
  @Test(
    "both are numbers, in order",
    arguments: [
      (#"5"#, #"6"#, .holds),
      (#"5"#, #"5"#, .fails),
      (#"9007199254740992"#, #"9007199254740993"#, .holds),
      (#"5"#, #""4""#, .unknown),
      (#"5"#, nil, .unknown),
      (#"5"#, #"null"#, .unknown),
      (#"5"#, #"[1]"#, .unknown),
      (#"5"#, #"true"#, .unknown),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("gt", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#"5"#, #""x""#, #"must be greater than 5; it is "x""#),
      (#"5"#, nil, #"must be greater than 5; it is missing"#),
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("gt", operand).demand(of: try text.map(value)) == demand)
  }

  @Test("refuses an operand that makes no sense", arguments: [#""5""#, #"null"#, #"[5]"#])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("gt", operand) }
  }
}
