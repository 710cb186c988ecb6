import Testing

@testable import Wire

@Suite("Numbers as whole multiples of a power of ten")
struct ExactNumberScaledTests {
  @Test(
    "times ten to a power, where that is whole",
    arguments: [
      ("0", 3, "0"), ("-0", 3, "0"), ("1", 0, "1"), ("1", 3, "1000"), ("0.001", 3, "1"), ("-12.5", 1, "-125"),
      ("1e3", 2, "100000"), ("100e-2", 0, "1"), ("12345678901234567890123456", 2, "1234567890123456789012345600"),
      ("0.1", 12, "100000000000"),
    ])
  func whole(text: String, places: Int, expected: String) throws {
    let number = try #require(ExactNumber(text))
    let scaled = try #require(number.scaled(places: places, digits: 36))
    #expect(String(scaled) == expected)
    #expect(ExactNumber(scaled, places: places) == number)
  }

  @Test(
    "nothing where digits would be lost, or there are too many",
    arguments: [("0.0001", 3), ("1.5", 0), ("1e36", 0), ("1e24", 12), ("1e300", 12), ("1e-300", 12), ("1e33", 3)])
  func lost(text: String, places: Int) throws {
    let number = try #require(ExactNumber(text))
    #expect(number.scaled(places: places, digits: 35) == nil)
  }

  @Test("the most digits are those that are asked for, and never more than fit")
  func bounds() throws {
    let number = try #require(ExactNumber(String(repeating: "9", count: 38)))
    #expect(number.scaled(places: 0, digits: 38).map { String($0) } == String(repeating: "9", count: 38))
    #expect(number.scaled(places: 0, digits: 37) == nil)
    #expect(number.scaled(places: 1, digits: 100) == nil)
  }
}
