import Testing
import Wire

@testable import Policy

@Suite("Amounts")
struct AmountTests {
  static func amount(_ text: String) throws -> Amount {
    let number = try #require(ExactNumber(text))
    return try #require(Amount(number))
  }

  @Test("a thousand times 0.10 is exactly 100")
  func exact() throws {
    let dime = try AmountTests.amount("0.10")
    let sum = (0..<1000).reduce(Amount(0)) { sum, _ in sum.sum(with: dime) ?? sum }
    #expect(sum == 100)
    #expect(sum.description == "100")
  }

  @Test(
    "up to 24 digits before the point and 12 behind it",
    arguments: ["999999999999999999999999", "0.000000000001", "999999999999999999999999.999999999999", "-5", "1e23"])
  func within(text: String) throws {
    #expect(try AmountTests.amount(text).number == ExactNumber(text))
  }

  @Test("and no more", arguments: ["1e24", "0.0000000000001", "1e-13", "1e308", "5e-324", "1.0000000000001"])
  func beyond(text: String) throws {
    #expect(Amount(try #require(ExactNumber(text))) == nil)
  }

  @Test("sums that cannot be kept are none")
  func overflow() {
    let most = Amount(units: .max)
    #expect(most.sum(with: 1) == nil)
    #expect(most.sum(with: 0) == most)
    #expect(most.whole == .max)
    #expect(Amount(units: .min).remainder(without: 1) == 0)
    #expect(Amount(3).remainder(without: 5) == 0)
    #expect(Amount(5).remainder(without: 3) == 2)
  }

  @Test(
    "sentences have the digits that the policy has, or more where that would say less",
    arguments: [
      ("50", 2, "50.00"), ("49.8", 2, "49.80"), ("0.125", 2, "0.125"), ("7", 0, "7"), ("0", 2, "0.00"),
      ("1200", 1, "1200.0"),
    ])
  func text(text: String, decimals: Int, expected: String) throws {
    #expect(try AmountTests.amount(text).text(decimals: decimals) == expected)
  }
}
