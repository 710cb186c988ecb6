import Testing
import Wire

@testable import Policy

@Suite("starts_with")
struct StartsWithTests {
  @Test(
    "begins with",
    arguments: [
      (#""ab""#, #""abc""#, .holds),
      (#""ab""#, #""a""#, .fails),
      (#""ab""#, #""xab""#, .fails),
      (#""""#, #""""#, .holds),
      (#""e""#, #""é""#, .fails),
      (#""é""#, #""éa""#, .fails),
      (#""a""#, #"1"#, .unknown),
      (#""a""#, nil, .unknown),
      (#""a""#, #"["a"]"#, .unknown),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("starts_with", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#""ab""#, #""x""#, #"must begin with "ab"; it is "x""#)
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("starts_with", operand).demand(of: try text.map(value)) == demand)
  }

  @Test("refuses an operand that makes no sense", arguments: [#"1"#, #"null"#, #"["a"]"#])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("starts_with", operand) }
  }
}
