import Randomness
import Testing

@testable import Wire

@Suite("Exact number")
struct ExactNumberTests {
  private func number(_ text: String) throws -> ExactNumber { try #require(ExactNumber(text)) }

  @Test(
    "equal by value, however it is written",
    arguments: [
      ("1", "1.0"), ("1", "1e0"), ("100", "1e2"), ("0", "-0"), ("0", "0.000e9"), ("0.1", "1e-1"), ("-2.50", "-25e-1"),
      ("12345678901234567890123", "1234567890123456789012.3e1"), ("0.00001", "1E-5"), ("1e400", "10e399"),
      ("9999999999999999999", "9999999999999999999.0"), ("99999999999999999999", "9.9999999999999999999e19"),
    ])
  func equal(_ left: String, _ right: String) throws {
    #expect(try number(left) == number(right))
    #expect(try number(left).hashValue == number(right).hashValue)
    #expect(try !(number(left) < number(right)))
    #expect(try !(number(right) < number(left)))
  }

  @Test(
    "ordered by value",
    arguments: [
      ("-2", "-1"), ("-1", "0"), ("0", "0.0001"), ("9007199254740992", "9007199254740993"),
      ("1", "1.00000000000000000001"),
      ("-1e400", "-1e399"), ("99", "100"), ("0.9", "1"), ("1.5", "1.55"), ("-1.55", "-1.5"), ("1e-400", "1e-399"),
      ("12345678901234567890123", "12345678901234567890124"), ("0.1", "0.10000000000000000000000001"), ("1e18", "1e19"),
      ("9999999999999999999", "99999999999999999999"), ("-1", "1"),
    ])
  func ordered(_ left: String, _ right: String) throws {
    #expect(try number(left) < number(right))
    #expect(try !(number(right) < number(left)))
    #expect(try number(left) != number(right))
  }

  @Test(
    "is nil where the text is no JSON number",
    arguments: [
      "", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "1x", "x", " 1", "1 ", "0x10", "NaN", "1.2.3", "1e5.5",
      "1,0", "--1", "1e1e1",
      "1e99999999999999999999",
    ])
  func notNumbers(_ text: String) {
    #expect(ExactNumber(text) == nil)
  }

  @Test(
    "prints a literal of the same value",
    arguments: [
      ("0", "0"), ("-0.0", "0"), ("12.50", "12.5"), ("1e3", "1000"), ("-1e-3", "-0.001"), ("1e100", "1e100"),
      ("1.25e-30", "1.25e-30"), ("120000000000000000000", "120000000000000000000"), ("123.456e1", "1234.56"),
    ])
  func prints(_ text: String, _ expected: String) throws {
    #expect(try number(text).description == expected)
  }

  @Test(
    "a 64-bit integer where it is whole and fits",
    arguments: [
      ("1.0", 1), ("1e2", 100), ("-9223372036854775808", Int64.min), ("9223372036854775807", .max),
      ("9223372036854775808", nil),
      ("-9223372036854775809", nil), ("0.5", nil), ("1e19", nil), ("1e18", 1_000_000_000_000_000_000), ("0", 0),
      ("1e300", nil),
      ("9999999999999999999", nil), ("12345678901234567890123", nil),
    ] as [(String, Int64?)])
  func int64(_ text: String, _ expected: Int64?) throws {
    #expect(try number(text).int64 == expected)
  }

  @Test("integers of every width")
  func integers() throws {
    #expect(try ExactNumber(Int64.min) == number("-9223372036854775808"))
    #expect(try ExactNumber(UInt64.max) == number("18446744073709551615"))
    #expect(try ExactNumber(Int128.min) == number("-170141183460469231731687303715884105728"))
    #expect(try ExactNumber(1000) == number("1e3"))
    #expect(ExactNumber(0).isZero)
    #expect(ExactNumber(-5).isNegative)
    #expect(try number("1e3").isWhole)
    #expect(try !number("1e-3").isWhole)
    #expect(try number("0.0").isWhole)
  }

  @Test("is within the doubles exactly where a double holds it, at the edges")
  func edges() throws {
    for text in [
      "1.7976931348623157e308", "-1.7976931348623157e308", "4.9406564584124654e-324", "1e308", "5e-324", "0e9999",
    ] {
      #expect(try number(text).isWithinDoubles, "\(text)")
    }
    for text in ["1.7976931348623158e308", "1e309", "-1e309", "4.94e-324", "1e-324", "1e400", "1e-400", "2e308"] {
      #expect(try !number(text).isWithinDoubles, "\(text)")
    }
  }

  @Test("agrees with doubles where they are exact", arguments: 0..<4)
  func doubles(_ seed: UInt64) throws {
    var random = Random(seed: seed)
    func whole() -> Double { Double(Int64(truncatingIfNeeded: random.next()) >> Int64(11 + random.below(40))) }
    for _ in 0..<1000 {
      let scale = [1.0, 2, 4, 8, 1024][random.below(5)]
      let left = whole() / scale
      let right = random.chance(1, in: 4) ? left : whole() / scale
      let (exactLeft, exactRight) = (try number("\(left)"), try number("\(right)"))
      #expect((exactLeft < exactRight) == (left < right))
      #expect((exactLeft == exactRight) == (left == right))
      #expect(exactLeft.approximate == left)
      #expect(try number(exactLeft.description) == exactLeft)
    }
  }

  @Test("takes very many digits in one pass")
  func manyDigits() throws {
    let digits = String(repeating: "123456789", count: 20_000)
    let left = try number("0." + digits)
    #expect(try left == number("0." + digits + "000"))
    #expect(try left < number("0." + digits + "0001"))
    #expect(try JSONTape(Array("0.\(digits)".utf8)).root.number == left)
    #expect(throws: JSONError(.numberOutOfRange, at: 0)) { try JSONTape(Array(digits.utf8)) }
  }
}
