import Testing
import Wire

@testable import Policy

@Suite("in")
struct InTests {
  @Test(
    "equal to an element",
    arguments: [
      (#"["a","b"]"#, #""b""#, .holds),
      (#"["a","b"]"#, #""c""#, .fails),
      (#"[1,"a"]"#, #"1.0"#, .holds),
      (#"[1,"a"]"#, #""b""#, .fails),
      (#"["1"]"#, #"1"#, .unknown),
      (#"[]"#, #"1"#, .fails),
      (#"["a"]"#, nil, .unknown),
      (#"[null]"#, #"null"#, .holds),
      (#"[[1]]"#, #"[1]"#, .holds),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("in", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#"["a","b"]"#, #""c""#, #"must be one of "a", "b"; it is "c""#),
      (#"[]"#, #"1"#, #"must be one of an empty list; it is 1"#),
      (#"[1,2,3,4,5,6,7,8,9]"#, #"0"#, #"must be one of 1, 2, 3, 4, 5, 6, 7, 8, …; it is 0"#),
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("in", operand).demand(of: try text.map(value)) == demand)
  }

  @Test("refuses an operand that makes no sense", arguments: [#""a""#, #"1"#, #"{}"#, #"null"#])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("in", operand) }
  }
}
