import Randomness
import Testing
import Wire

@testable import Policy

@Suite("length")
struct LengthTests {
  @Test(
    "as many code points, elements or members",
    arguments: [
      (#"3"#, #""abc""#, .holds),
      (#"1"#, #""é""#, .holds),
      (#"2"#, #""é""#, .holds),
      (#"1"#, #""😀""#, .holds),
      (#"0"#, #""""#, .holds),
      (#"{"lte":2}"#, #""abc""#, .fails),
      (#"{"gte":1,"lt":3}"#, #""ab""#, .holds),
      (#"{"gte":1,"lt":3}"#, #""abc""#, .fails),
      (#"{"gt":1}"#, #"[1,2]"#, .holds),
      (#"{"eq":1}"#, #"{"a":1}"#, .holds),
      (#"{"neq":1}"#, #"{"a":1}"#, .fails),
      (#"3"#, #"5"#, .unknown),
      (#"3"#, #"null"#, .unknown),
      (#"3"#, nil, .unknown),
      (#"3"#, #"true"#, .unknown),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("length", operand).judge(try text.map(value)) == truth)
  }

  @Test("counts code points as Swift does, of strings of any length", arguments: 0..<4)
  func codePoints(_ seed: Int) throws {
    var random = Random(seed: UInt64(seed))
    let scalars: [Unicode.Scalar] = [
      "a", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}",
    ]
    for _ in 0..<500 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...40, using: &random) { text.append(scalars.randomElement(using: &random) ?? "a") }
      let string = try JSON.string(String(text)).tape().root
      #expect(try make("length", "\(text.count)").judge(string) == .holds)
    }
  }

  @Test(
    "says what it wants",
    arguments: [
      (#"{"lte":2}"#, #""abc""#, #"must be at most 2 characters long; it has 3"#),
      (#"{"gte":1,"lt":3}"#, #"[]"#, #"must have at least 1 and less than 3 elements; it has 0"#),
      (#"2"#, #"{"a":1}"#, #"must have exactly 2 members; it has 1"#),
      (#"2"#, nil, #"must be exactly 2 characters long; it is missing"#),
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("length", operand).demand(of: try text.map(value)) == demand)
  }

  @Test(
    "refuses an operand that makes no sense",
    arguments: [#"-1"#, #"1.5"#, #""3""#, #"{}"#, #"{"le":3}"#, #"{"lte":-1}"#, #"{"lte":"3"}"#, #"[3]"#])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("length", operand) }
  }
}
