import Testing
import Wire

@Suite("JSON")
struct JSONTests {
  private let value = JSON.object([
    ("b", .array([.null, .bool(true), .bool(false)])), ("a\"\n", .string("\u{1}\u{7F}é\t\r\\")),
    ("n", .number(ExactNumber("1.5") ?? 0)),
    ("o", .object([])),
  ])

  @Test("is written compactly, members in order, numbers with all their digits")
  func encoded() throws {
    #expect(
      String(decoding: value.encoded(), as: UTF8.self)
        == #"{"b":[null,true,false],"a\"\n":"\u0001\u007fé\t\r\\","n":1.5,"o":{}}"#)
    let long = try #require(ExactNumber("123456789012345678901234567890.5"))
    #expect(String(decoding: JSON.number(long).encoded(), as: UTF8.self) == "123456789012345678901234567890.5")
  }

  @Test("members by code point")
  func members() {
    #expect(value["n"] == .number(ExactNumber("1.5") ?? 0))
    #expect(value["x"] == nil)
    #expect(JSON.null["n"] == nil)
    #expect(value.kind == .object)
    #expect(
      [JSON.null, .bool(true), .number(1), .string(""), .array([])].map(\.kind) == [
        .null, .bool, .number, .string, .array,
      ])
  }

  @Test("equal as JSON means it")
  func equality() {
    #expect(JSON.object([("a", .null), ("b", .number(1))]) == .object([("b", .number(ExactNumber(1))), ("a", .null)]))
    #expect(JSON.object([("a", .null), ("b", .number(1))]) != .object([("b", .number(1)), ("c", .null)]))
    #expect(JSON.object([("a", .number(1))]) != .object([("a", .number(1)), ("b", .number(1))]))
    #expect(JSON.string("\u{E9}") != .string("e\u{301}"))
    #expect(JSON.array([.number(1), .null]) != .array([.null, .number(1)]))
    #expect(JSON.bool(false) != .null)
  }

  @Test("what cannot be a message cannot be a tape")
  func tapes() throws {
    #expect(throws: JSONError.self) { try JSON.object([("a", .null), ("a", .null)]).tape() }
    #expect(throws: JSONError.self) { try JSON.number(#require(ExactNumber("1e400"))).tape() }
    #expect(try value.tape().root.tree == value)
  }
}
