import Testing
import Wire

@testable import Policy

@Suite("ip")
struct IPTestTests {
  @Test(
    "is an address in one of the ranges",
    arguments: [
      (#"["10.0.0.0/8"]"#, #""10.1.2.3""#, .holds),
      (#"["192.0.2.0/24","10.0.0.0/8"]"#, #""10.1.2.3""#, .holds),
      (#"["10.0.0.0/8"]"#, #""11.1.2.3""#, .fails),
      (#"["10.0.0.0/8"]"#, #""::ffff:10.1.2.3""#, .holds),
      (#"["10.0.0.0/8"]"#, #""2001:db8::1""#, .fails),
      (#"["2001:db8::/32"]"#, #""2001:db8::1""#, .holds),
      (#"["2001:db8::/32"]"#, #""10.1.2.3""#, .fails),
      (#"["0.0.0.0/0"]"#, #""255.255.255.255""#, .holds),
      (#"[]"#, #""10.1.2.3""#, .fails),
    ] as [(String, String, Truth)])
  func judges(_ ranges: String, _ text: String, _ truth: Truth) throws {
    #expect(try make("ip", #"{"in":\#(ranges)}"#).judge(value(text)) == truth)
  }

  @Test(
    "cannot be judged of any other spelling, so that `not` lets none pass",
    arguments: [
      nil, "null", "5", "[]", #""""#, #""10.1.2""#, #""010.1.2.3""#, #""0x0a.1.2.3""#, #""167838211""#, #"" 10.1.2.3""#,
      #""10.1.2.3:80""#, #""[2001:db8::1]""#, #""2001:DB8::1""#, #""2001:db8:0::1""#, #""2001:db8::1%eth0""#,
      #""::ffff:a01:203""#, #""10.1.2.3\n""#,
    ] as [String?])
  func unknown(_ text: String?) throws {
    let operation = try make("ip", #"{"in":["0.0.0.0/0","::/0"]}"#)
    #expect(try operation.judge(text.map(value)) == .unknown)
  }

  @Test(
    "says what it wants",
    arguments: [
      (#""11.1.2.3""#, #"must be an IP address in 10.0.0.0/8; it is "11.1.2.3""#),
      (#""10.1.2""#, #"must be an IP address in 10.0.0.0/8; it is "10.1.2", which is none"#),
      (
        #""2001:DB8::1""#,
        #"must be an IP address in its canonical spelling, 2001:db8::1, and in 10.0.0.0/8; it is "2001:DB8::1""#
      ),
      (nil, "must be an IP address in 10.0.0.0/8; it is missing"),
    ] as [(String?, String)])
  func demands(_ text: String?, _ demand: String) throws {
    #expect(try make("ip", #"{"in":["10.0.0.0/8"]}"#).demand(of: text.map(value)) == demand)
  }

  @Test(
    "refuses an operand that makes no sense",
    arguments: [
      #""10.0.0.0/8""#, "{}", #"{"in":"10.0.0.0/8"}"#, #"{"in":[5]}"#, #"{"in":["10.0.0.1"]}"#,
      #"{"in":["10.0.0.1/8"]}"#, #"{"in":["10.0.0.0/33"]}"#, #"{"within":["10.0.0.0/8"]}"#,
    ])
  func mistakes(_ operand: String) {
    #expect(throws: OperandError.self) { try make("ip", operand) }
  }

  @Test("says which range is at fault")
  func place() throws {
    do {
      _ = try make("ip", #"{"in":["10.0.0.0/8","10.0.0.1/8"]}"#)
      Issue.record("a range with bits set beyond its length was taken")
    } catch {
      let error = try #require(error as? OperandError)
      #expect(error.path == [.member("in"), .element(1)])
      #expect(
        error.message == #""10.0.0.1/8" has bits set beyond the first 8: 10.0.0.0/8 is the range around it"#)
    }
  }
}
