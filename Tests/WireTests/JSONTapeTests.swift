import Testing

@testable import Wire

@Suite("JSON tape")
struct JSONTapeTests {
  private func root(_ text: String) throws -> JSONValue { try JSONTape(Array(text.utf8)).root }

  @Test("knows what each value is")
  func kinds() throws {
    let value = try root(#"[null,true,1,"a",[],{}]"#)
    #expect(value.elements.map(\.kind) == [.null, .bool, .number, .string, .array, .object])
    #expect(value.count == 6)
    #expect(value[0]?.isNull == true)
    #expect(value[1]?.bool == true)
    #expect(value[0]?.bool == nil)
    #expect(value[6] == nil)
    #expect(value[-1] == nil)
    #expect(value["a"] == nil)
  }

  @Test("gives back the bytes of each value, and nothing more")
  func ranges() throws {
    let value = try root(" { \"a\" : [ 1 , \"x\\ny\" ] , \"b\\u0062\" : -1.5e3 } ")
    func source(_ value: JSONValue?) -> String? { value.map { String(decoding: $0.source, as: UTF8.self) } }
    #expect(source(value) == "{ \"a\" : [ 1 , \"x\\ny\" ] , \"b\\u0062\" : -1.5e3 }")
    #expect(source(value["a"]) == "[ 1 , \"x\\ny\" ]")
    #expect(source(value["a"]?[1]) == "\"x\\ny\"")
    #expect(source(value["bb"]) == "-1.5e3")
    #expect(value["a"]?[1]?.string == "x\ny")
  }

  @Test("finds members by code point, however they are written")
  func members() throws {
    let value = try root(#"{"é":1,"e\u0301":2,"\u0061":3,"nested":{"b":4},"b":5,"":6}"#)
    #expect(value["\u{E9}"]?.integer == 1)
    #expect(value["e\u{301}"]?.integer == 2)
    #expect(value["a"]?.integer == 3)
    #expect(value["b"]?.integer == 5)
    #expect(value[""]?.integer == 6)
    #expect(value["c"] == nil)
    #expect(value.members.map { $0.name.string } == ["é", "e\u{301}", "a", "nested", "b", ""])
    #expect(value["é"]?["x"] == nil)
  }

  @Test(
    "an integer is one that is written as one and fits 64 bits",
    arguments: [
      ("0", 0), ("-0", 0), ("7", 7), ("-9223372036854775808", Int64.min), ("9223372036854775807", .max),
      ("9223372036854775808", nil), ("1.0", nil), ("1e0", nil), ("\"1\"", nil),
    ] as [(String, Int64?)])
  func integers(_ text: String, _ expected: Int64?) throws {
    #expect(try root(text).integer == expected)
  }

  @Test("compares a string by code point")
  func equals() throws {
    #expect(try root("\"caf\u{E9}\"").equals("caf\u{E9}"))
    #expect(try !root("\"caf\u{E9}\"").equals("cafe\u{301}"))
    #expect(try root(#""\u0063af\u00e9""#).equals("caf\u{E9}"))
    #expect(try !root("1").equals("1"))
    #expect(try root("\"\"").equals(""))
    #expect(try root("[]").withText { $0.count } == 0)
  }

  @Test("reads every number that was accepted")
  func numbers() throws {
    for text in TextGenerator.numbers {
      let value = try root(text)
      #expect(value.number == ExactNumber(text))
      #expect(value.tree == .number(try #require(ExactNumber(text))))
    }
    #expect(try root("\"1\"").number == nil)
  }

  @Test("a tree goes back to the same tape", arguments: 0..<4)
  func roundTrip(_ seed: UInt64) throws {
    var generator = TextGenerator(seed: seed)
    for _ in 0..<300 {
      guard let value = try? JSONTape(Array(generator.value(depth: 4).utf8)).root else { continue }
      #expect(try value.tree.tape().root.tree == value.tree)
    }
  }
}
