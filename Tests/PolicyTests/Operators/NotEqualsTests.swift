import Testing
import Wire

@testable import Policy

@Suite("neq")
struct NotEqualsTests {
  @Test(
    "of one kind and different",
    arguments: [
      (#"1"#, #"2"#, .holds),
      (#"1"#, #"1.0"#, .fails),
      (#""a""#, #""b""#, .holds),
      (#""a""#, #""a""#, .fails),
      (#""5""#, #"5"#, .unknown),
      (#"1"#, nil, .unknown),
      (#"null"#, #"1"#, .unknown),
      (#"null"#, #"null"#, .fails),
      (#"[1]"#, #"[2]"#, .holds),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("neq", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#""a""#, #""a""#, #"must not be "a""#),
      (#""a""#, #"5"#, #"must be a string other than "a"; it is 5"#),
      (#""a""#, nil, #"must be a string other than "a"; it is missing"#),
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("neq", operand).demand(of: try text.map(value)) == demand)
  }
}
