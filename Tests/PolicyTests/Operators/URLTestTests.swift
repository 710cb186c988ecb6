import Testing
import Wire

@testable import Policy

@Suite("url")
struct URLTestTests {
  @Test(
    "points where it may",
    arguments: [
      (#"{"hosts":["good.example"]}"#, #""https://good.example/a""#, .holds),
      (#"{"hosts":["good.example"]}"#, #""https:\/\/good.example""#, .holds),
      (#"{"hosts":["good.example"]}"#, #""https://evil.example/""#, .fails),
      (#"{"hosts":["good.example"]}"#, #""https://evil.example\\@good.example""#, .fails),
      (#"{}"#, #""""#, .fails),
      (#"{}"#, #"5"#, .unknown),
      (#"{}"#, nil, .unknown),
      (#"{}"#, #"["https://good.example"]"#, .unknown),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("url", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "says what it wants",
    arguments: [
      (
        #"{}"#, #""http://127.0.0.1/""#,
        #"must be a URL that is allowed here; it has the host "127.0.0.1", a loopback address"#
      ),
      (#"{}"#, #"5"#, #"must be a URL that is allowed here; it is 5"#),
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("url", operand).demand(of: try text.map(value)) == demand)
  }

  @Test("refuses an operand that makes no sense", arguments: [#""https""#, #"{"host":[]}"#, #"{"hosts":["*"]}"#])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("url", operand) }
  }
}
