import Testing
import Wire

@testable import Policy

@Suite("not_in")
struct NotInTests {
  @Test(
    "equal to no element",
    arguments: [
      (#"["a","b"]"#, #""c""#, .holds),
      (#"["a"]"#, #""a""#, .fails),
      (#"["1"]"#, #"1"#, .unknown),
      (#"[]"#, #"1"#, .holds),
      (#"["a"]"#, nil, .unknown),
      (#"[["5"],["a","b"]]"#, #"[5]"#, .unknown),
      (#"[["5"],5]"#, #"6"#, .holds),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("not_in", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#"["a"]"#, #""a""#, #"must not be one of "a"; it is "a""#)
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("not_in", operand).demand(of: try text.map(value)) == demand)
  }

  @Test("refuses an operand that makes no sense", arguments: [#""a""#])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("not_in", operand) }
  }
}
