import Testing
import Wire

@testable import Policy

@Suite("contains")
struct ContainsTests {
  @Test(
    "has it inside",
    arguments: [
      (#""b""#, #""abc""#, .holds),
      (#""bc""#, #""abc""#, .holds),
      (#""aab""#, #""aaab""#, .holds),
      (#""x""#, #""abc""#, .fails),
      (#""""#, #""abc""#, .holds),
      (#""abcd""#, #""abc""#, .fails),
      (#""b""#, #"["a","b"]"#, .holds),
      (#"1"#, #"[1.0]"#, .holds),
      (#""b""#, #"["ab"]"#, .fails),
      (#""1""#, #"[1]"#, .unknown),
      (#""b""#, #"["a",5]"#, .unknown),
      (#""b""#, #"[5,"b"]"#, .holds),
      (#"[1]"#, #"[["1"],[2]]"#, .unknown),
      (#"[1]"#, #"[[1,2],[]]"#, .fails),
      (#"1"#, #""1""#, .unknown),
      (#""a""#, #"{"a":1}"#, .unknown),
      (#""a""#, nil, .unknown),
      (#""a""#, #"5"#, .unknown),
      (#""a""#, #"[]"#, .fails),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("contains", operand).judge(try text.map(value)) == truth)
  }

  @Test("in the other dialect, elements compare as texts")
  func otherDialect() throws {
    let contains = try make("contains", #""5""#, .intercept)
    #expect(contains.judge(try value("[5]")) == .holds)
    #expect(contains.judge(try value("[6,null]")) == .fails)
    #expect(contains.judge(try value("[[5]]")) == .unknown)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#""b""#, #""x""#, #"must contain "b"; it is "x""#),
      (#""b""#, #"["x"]"#, #"must contain "b"; it is an array"#),
      (#""b""#, #"["x",5]"#, #"must contain "b"; it holds 5, which cannot be compared with that"#),
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("contains", operand).demand(of: try text.map(value)) == demand)
  }
}
