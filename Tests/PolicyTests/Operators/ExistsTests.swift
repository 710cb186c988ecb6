import Testing
import Wire

@testable import Policy

@Suite("exists")
struct ExistsTests {
  @Test(
    "there and not null",
    arguments: [
      (#"true"#, #"1"#, .holds),
      (#"true"#, #""""#, .holds),
      (#"true"#, #"false"#, .holds),
      (#"true"#, #"null"#, .fails),
      (#"true"#, nil, .fails),
      (#"false"#, nil, .holds),
      (#"false"#, #"null"#, .holds),
      (#"false"#, #""""#, .fails),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("exists", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#"true"#, nil, #"must be there; it is missing"#),
      (#"false"#, #"5"#, #"must be absent or null; it is 5"#),
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("exists", operand).demand(of: try text.map(value)) == demand)
  }

  @Test("refuses an operand that makes no sense", arguments: [#"1"#, #""true""#, #"null"#])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("exists", operand) }
  }
}
