import Testing
import Wire

@testable import Policy

@Suite("schema")
struct SchemaTestTests {
  private static let page =
    #"{"type":"object","properties":{"count":{"type":"integer","maximum":10}},"required":["count"]}"#

  @Test(
    "as its schema demands",
    arguments: [
      (page, #"{"count":3}"#, .holds),
      (page, #"{"count":3.0,"more":1}"#, .holds),
      (page, #"{"count":12}"#, .fails),
      (page, #"{}"#, .fails),
      (page, #"[]"#, .fails),
      (page, nil, .unknown),
      (page, #"{"count":3,"Count":12}"#, .unknown),
      ("true", "1", .holds),
      ("false", "1", .fails),
      ("{}", nil, .unknown),
      (##"{"$ref":"#"}"##, "1", .unknown),
    ] as [(String, String?, Truth)])
  func judges(_ operand: String, _ text: String?, _ truth: Truth) throws {
    #expect(try make("schema", operand).judge(try text.map(value)) == truth)
  }

  @Test("** does not pass over what a schema could not be held against")
  func below() throws {
    let condition = try test("args.**", ["schema": #"{"properties":{"price":{"maximum":100}}}"#])
    #expect(try condition.truth(for: call("t", #"{"item":{"price":10},"n":5}"#)) == .holds)
    #expect(try condition.truth(for: call("t", #"{"item":{"price":1000}}"#)) == .fails)
    #expect(try condition.truth(for: call("t", #"{"item":{"Price":1000}}"#)) == .unknown)
  }

  @Test(
    "says what it wants",
    arguments: [
      (page, #"{"count":12}"#, "must fit its schema: .count must be at most 10; it is 12"),
      (page, "{}", #"must have "count""#),
      (page, "5", "must be an object; it is 5"),
      (page, nil, "must fit its schema; it is missing"),
      (
        page, #"{"COUNT":1}"#,
        #"must fit its schema, and is not judged: "COUNT" can be read as "count"; write exactly "count""#
      ),
    ] as [(String, String?, String)])
  func demands(_ operand: String, _ text: String?, _ demand: String) throws {
    #expect(try make("schema", operand).demand(of: try text.map(value)) == demand)
  }

  @Test(
    "refuses an operand that makes no sense, and says where",
    arguments: [
      ("1", []),
      (#"{"type":"text"}"#, [.member("type")]),
      (#"{"properties":{"a":{"tpye":"string"}}}"#, [.member("properties"), .member("a"), .member("tpye")]),
      (#"{"properties":{"a":5}}"#, [.member("properties"), .member("a")]),
      (#"{"anyOf":[true,{"minLength":-1}]}"#, [.member("anyOf"), .element(1), .member("minLength")]),
      (#"{"anyOf":[]}"#, [.member("anyOf")]),
      (#"{"pattern":"(?=a)"}"#, [.member("pattern")]),
      (#"{"patternProperties":{"(":true}}"#, [.member("patternProperties"), .member("(")]),
      (#"{"format":"e-mail"}"#, [.member("format")]),
      (#"{"multipleOf":0}"#, [.member("multipleOf")]),
      (#"{"required":"a"}"#, [.member("required")]),
      (##"{"$ref":"#/$defs/a"}"##, [.member("$ref")]),
      (#"{"$ref":"https://example.com/schema"}"#, [.member("$ref")]),
      (#"{"$anchor":"a","items":{"$anchor":"a"}}"#, [.member("items"), .member("$anchor")]),
    ] as [(String, [OperandError.Step])])
  func mistakes(_ operand: String, _ place: [OperandError.Step]) throws {
    let error = #expect(throws: OperandError.self) { try make("schema", operand) }
    #expect(error?.path == place)
  }
}
