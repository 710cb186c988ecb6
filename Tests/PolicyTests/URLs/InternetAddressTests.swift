import Testing
import Wire

@testable import Policy

@Suite("IP addresses")
struct InternetAddressTests {
  func address(_ text: String) -> InternetAddress? {
    Array(text.utf8).withUnsafeBufferPointer { InternetAddress($0) }
  }

  func range(_ text: String) throws(AddressRange.Problem) -> AddressRange {
    try Array(text.utf8).withUnsafeBufferPointer { bytes in
      Result { () throws(AddressRange.Problem) in try AddressRange(bytes) }
    }.get()
  }

  @Test(
    "have one spelling each",
    arguments: [
      ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("::", "::"), ("::1", "::1"), ("[::1]", "::1"),
      ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
      ("1::", "1::"), ("1:0:0:4:5:6:0:0", "1::4:5:6:0:0"), ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
      ("::ffff:a00:1", "::ffff:10.0.0.1"), ("::a00:1", "::a00:1"), ("fe80:0:0:0:0:0:0:0", "fe80::"),
    ])
  func canonical(_ text: String, _ expected: String) {
    #expect(address(text)?.description == expected)
    #expect(address(expected) == address(text))
  }

  @Test(
    "are not these",
    arguments: [
      "", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "0x7f.0.0.1", "256.1.1.1", "1.2.3.4 ", "[1.2.3.4]", "[::1", "::1]",
      "[]",
      "fe80::1%eth0", ":::", "1::2::3", "2130706433", "localhost", "\u{FF11}.1.1.1",
    ])
  func none(_ text: String) {
    #expect(address(text) == nil)
  }

  @Test(
    "lie in ranges or do not",
    arguments: [
      ("10.1.2.3", "10.0.0.0/8", true), ("11.0.0.0", "10.0.0.0/8", false), ("1.2.3.4", "0.0.0.0/0", true),
      ("1.2.3.4", "1.2.3.4/32", true), ("1.2.3.5", "1.2.3.4/32", false), ("2001:db8::5", "2001:db8::/32", true),
      ("2001:db9::5", "2001:db8::/32", false), ("::1", "::/0", true), ("::1", "::1/128", true),
      ("::2", "::1/128", false),
      ("2001:db8:0:0:8000::1", "2001:db8:0:0:8000::/65", true), ("2001:db8::1", "2001:db8:0:0:8000::/65", false),
      ("10.0.0.1", "::/0", false), ("::1", "0.0.0.0/0", false), ("::ffff:10.0.0.1", "10.0.0.0/8", true),
      ("::ffff:11.0.0.1", "10.0.0.0/8", false), ("::ffff:10.0.0.1", "::ffff:0:0/96", true),
    ])
  func ranges(_ text: String, _ cidr: String, _ expected: Bool) throws {
    #expect(try range(cidr).contains(#require(self.address(text))) == expected)
  }

  @Test(
    "and these are no ranges",
    arguments: [
      "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0.0/8/8", "x/8", "/8", "::/129",
      "::/1000",
      "10.0.0.1/8", "2001:db8::1/32",
    ])
  func noRange(_ text: String) {
    #expect(throws: AddressRange.Problem.self) { try range(text) }
  }

  @Test("a range with bits set beyond it is told what it may have meant")
  func hint() {
    #expect(throws: AddressRange.Problem.self) { try range("192.168.1.77/24") }
    do throws(AddressRange.Problem) {
      _ = try range("192.168.1.77/24")
    } catch {
      #expect(error.description == "has bits set beyond the first 24: 192.168.1.0/24 is the range around it")
    }
  }

  @Test(
    "are special exactly where the url operator says so",
    arguments: [
      "127.0.0.1", "8.8.8.8", "::1", "2606:4700::1", "::ffff:8.8.8.8", "169.254.169.254", "100.64.0.1", "4000::",
    ])
  func special(_ text: String) throws {
    let address = try #require(self.address(text))
    let host = address.width == 32 ? text : "[\(text)]"
    let objection = try URLAllowlist(operand: .object([])).objection(to: "https://\(host)/")
    #expect((address.special != nil) == (objection != nil))
    if let special = address.special { #expect(objection?.hasSuffix(special) == true) }
  }
}
