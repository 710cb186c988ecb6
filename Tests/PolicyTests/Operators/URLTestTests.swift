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
      (#"{"hosts":["good.example"]}"#, #""https://good.example:8443/""#, .fails),
      (#"{"hosts":["good.example"]}"#, #""https://u@good.example/""#, .fails),
      (#"{"hosts":["good.example"]}"#, #""ftp://good.example/""#, .fails),
      (#"{}"#, #""http://10.0.0.1/""#, .fails),
      (#"{"hosts":["good.example"]}"#, #""https://evil.example\\@good.example""#, .unknown),
      (#"{"hosts":["evil.example"]}"#, #""https://evil.example\\/""#, .unknown),
      (#"{"hosts":["evil.example"]}"#, #""https://evil.example./""#, .unknown),
      (#"{"hosts":["evil.example"]}"#, #""https:/evil.example/""#, .unknown),
      (#"{"hosts":["evil.example"]}"#, #"" https://evil.example/""#, .unknown),
      (#"{"hosts":["evil.example"]}"#, #""//evil.example/""#, .unknown),
      (#"{}"#, #""http://0x7f.1/""#, .unknown),
      (#"{}"#, #""""#, .unknown),
      (#"{}"#, #"5"#, .unknown),
      (#"{}"#, nil, .unknown),
      (#"{}"#, #"["https://good.example"]"#, .unknown),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("url", operand).judge(try text.map(value)) == truth)
  }

  @Test(
    "turned round, lets no address pass that could be another",
    arguments: [#"https://evil.example\\/"#, "https:/evil.example/"])
  func turned(_ url: String) throws {
    let named = try test("args.u", ["url": #"{"hosts":["evil.example"]}"#])
    let denied = try policy(["*": [rule("no", .deny) { $0.when = named }]])
    #expect(try denied.decision(call("t", #"{"u":"\#(url)"}"#)).refusal != nil)
    #expect(try denied.decision(call("t", #"{"u":"https://good.example/"}"#)).isAllowed)
    let turned = try policy(["*": [rule { $0.require = .not(named) }]])
    let reason = try turned.decision(call("t", #"{"u":"https://evil.example./"}"#)).refusal?.reason
    #expect(
      reason == "args.u cannot be judged: it must be a URL that is allowed here; it has a host that ends in a dot")
    #expect(try turned.decision(call("t", #"{"u":"\#(url)"}"#)).refusal != nil)
    let every = try policy(["*": [try rule("no", .deny) { $0.when = try test("args.**", ["url": "{}"]) }]])
    #expect(try every.decision(call("t", #"{"n":1,"u":"\#(url)"}"#)).refusal != nil)
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
