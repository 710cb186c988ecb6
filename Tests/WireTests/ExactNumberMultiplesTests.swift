import Testing

@testable import Wire

@Suite("Exact multiples")
struct ExactNumberMultiplesTests {
  @Test(
    "are told from others",
    arguments: [
      ("0", "3", true), ("9", "3", true), ("-9", "3", true), ("10", "3", false), ("0.3", "0.1", true),
      ("0.0075", "0.0001", true), ("0.00751", "0.0001", false), ("4.5", "1.5", true), ("35", "1.5", false),
      ("1e308", "0.123456789", false), ("1e308", "0.5", true), ("1e20", "1e-5", true), ("1e-5", "1e20", false),
      ("12391239123", "1e-8", true),
      ("340282366920938463463374607431768211456", "4294967296", true),
      ("9999999999999999999", "9999999999999999999", true),
      ("99999999999999999990", "9999999999999999999", true), ("99999999999999999989", "9999999999999999999", false),
      ("30", "7", false), ("100", "40", false), ("120", "40", true), ("1", "0.3", false),
    ])
  func multiples(_ number: String, _ divisor: String, _ isMultiple: Bool) throws {
    let number = try #require(ExactNumber(number))
    let divisor = try #require(ExactNumber(divisor))
    let found = number.isMultiple(of: divisor)
    #expect(found == isMultiple)
  }

  @Test("of nothing, or of what is too long, are not told")
  func untold() throws {
    #expect(ExactNumber(5).isMultiple(of: 0) == nil)
    #expect(ExactNumber(5).isMultiple(of: try #require(ExactNumber("12345678901234567890.5"))) == nil)
  }

  @Test("agree with whole numbers, at any scale")
  func agree() throws {
    var seed: UInt64 = 7
    for _ in 0..<20_000 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = Int64(seed >> 34)
      let divisor = Int64(seed & 0xFFF) % 500 + 1
      let scale = Int(seed >> 20) % 9 - 4
      let scaled = try #require(ExactNumber("\(number)e\(scale)"))
      let found = scaled.isMultiple(of: try #require(ExactNumber("\(divisor)e\(scale)")))
      #expect(found == (number % divisor == 0))
    }
  }
}
