import Testing
import Wire

@testable import Policy

@Suite("eq")
struct EqualsTests {
  @Test(
    "equal by exact decimal value and by code point",
    arguments: [
      (#"1"#, #"1"#, .holds),
      (#"1"#, #"1.0"#, .holds),
      (#"1"#, #"1e0"#, .holds),
      (#"0.1"#, #"0.10"#, .holds),
      (#"1"#, #"2"#, .fails),
      (#"9007199254740993"#, #"9007199254740992"#, .fails),
      (#"0"#, #"-0"#, .holds),
      (#""a""#, #""a""#, .holds),
      (#""a""#, #""\u0061""#, .holds),
      (#""a""#, #""A""#, .fails),
      (#""é""#, #""é""#, .fails),
      (#""""#, #""""#, .holds),
      (#""a""#, #""""#, .fails),
      (#"true"#, #"true"#, .holds),
      (#"true"#, #"false"#, .fails),
      (#"null"#, #"null"#, .holds),
      (#"[1,"a"]"#, #"[1.0,"a"]"#, .holds),
      (#"[1,2]"#, #"[2,1]"#, .fails),
      (#"[1]"#, #"[1,2]"#, .fails),
      (#"[]"#, #"[]"#, .holds),
      (#"{"a":1,"b":[2]}"#, #"{"b":[2],"a":1}"#, .holds),
      (#"{"a":1}"#, #"{"a":1,"b":2}"#, .fails),
      (#"{"a":1}"#, #"{"a":"1"}"#, .unknown),
      (#"{"a":1,"b":2}"#, #"{"a":"1","b":3}"#, .fails),
      (#"{"a":1}"#, #"{"b":"1"}"#, .fails),
      (#"{"a":1}"#, #"{"A":1}"#, .unknown),
      (#"{"a":1}"#, #"{"a":2,"A":1}"#, .unknown),
      (#"{"a":{"b":1}}"#, #"{"a":{"B":1}}"#, .unknown),
      (#"["5"]"#, #"[5]"#, .unknown),
      (#"["5",1]"#, #"[5,2]"#, .fails),
      (#"["5"]"#, #"[5,5]"#, .fails),
      (#"[null]"#, #"[0]"#, .unknown),
      (#"5"#, #""5""#, .unknown),
      (#""5""#, #"5"#, .unknown),
      (#"true"#, #""true""#, .unknown),
      (#"null"#, #"0"#, .unknown),
      (#"[]"#, #"{}"#, .unknown),
      (#"1"#, nil, .unknown),
      (#"null"#, nil, .unknown),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("eq", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#""a""#, #""b""#, #"must be "a"; it is "b""#),
      (#"5"#, #""x""#, #"must be 5; it is "x""#),
      (#"1"#, nil, #"must be 1; it is missing"#),
      (#"1"#, #"[1]"#, #"must be 1; it is an array"#),
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("eq", operand).demand(of: try text.map(value)) == demand)
  }

  @Test(
    "in an Intercept-v1 condition texts compare with numbers, and not with truths",
    arguments: [
      ("5", #""5""#, .holds), (#""5""#, "5", .holds), ("5", #""5.0""#, .fails), (#""5.5""#, "5.50", .holds),
      ("true", #""true""#, .unknown), (#""false""#, "false", .unknown), ("5", #""x""#, .fails),
      ("null", #""null""#, .fails),
      (#""null""#, "null", .fails), ("1", "true", .unknown), ("5", "[5]", .unknown), ("[5]", "5", .unknown),
      ("5", nil, .unknown), (#"["5"]"#, "[5]", .holds), (#"{"a":["5"]}"#, #"{"a":[6]}"#, .fails),
      (#"["5"]"#, "[[5]]", .unknown),
    ] as [(String, String?, Truth)])
  func intercept(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("eq", operand, .intercept).judge(try text.map(value)) == truth)
    #expect(try make("neq", operand, .intercept).judge(try text.map(value)) == truth.negated)
    #expect(try make("in", "[\(operand)]", .intercept).judge(try text.map(value)) == truth)
    #expect(try make("not_in", "[\(operand)]", .intercept).judge(try text.map(value)) == truth.negated)
  }
}
