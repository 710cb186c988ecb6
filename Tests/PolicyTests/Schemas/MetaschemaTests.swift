import Testing
import Wire

@testable import Policy

@Suite("A schema that refers to the metaschema")
struct MetaschemaTests {
  private func isValid(
    _ value: String, _ schema: String, _ reading: Schema.Reading = .strict
  ) throws -> SchemaFinding {
    try Schema(try JSONTape(Array(schema.utf8)).root.tree, reading).judge(try JSONTape(Array(value.utf8)).root)
  }

  private static let addresses = [
    "https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#",
    "http://json-schema.org/draft-07/schema",
  ]

  @Test("takes schemas, and nothing else", arguments: addresses, [Schema.Reading.strict, .lenient])
  func judged(address: String, reading: Schema.Reading) throws {
    let schema = #"{"properties":{"format":{"$ref":"\#(address)"}}}"#
    for good in [
      "true", "{}", #"{"type":["string","null"],"properties":{"a":{"minLength":3,"pattern":"^a"}},"x":1}"#,
      #"{"allOf":[{"required":["a","b"]},false],"not":{"enum":[1]}}"#,
    ] {
      #expect(try isValid(#"{"format":\#(good)}"#, schema, reading) == .valid, "\(good)")
    }
    for bad in [
      "7", #"{"type":"text"}"#, #"{"minLength":-1}"#, #"{"properties":{"a":{"items":{"maximum":"7"}}}}"#,
      #"{"anyOf":[]}"#, #"{"required":["a","a"]}"#, #"{"pattern":"("}"#, #"{"patternProperties":{"(":true}}"#,
      #"{"if":{"not":{"then":1}}}"#,
    ] {
      guard case .invalid = try isValid(#"{"format":\#(bad)}"#, schema, reading) else {
        Issue.record("\(bad) counts as a schema")
        continue
      }
    }
  }

  @Test("may extend it: a dynamic reference within leads to what extends it")
  func extended() throws {
    let schema = """
      {"$id": "https://example.com/mine", "$dynamicAnchor": "meta", "required": ["title"],
       "$ref": "https://json-schema.org/draft/2020-12/schema"}
      """
    #expect(try isValid(#"{"title":"a","items":{"title":"b"}}"#, schema) == .valid)
    guard case .invalid = try isValid(#"{"title":"a","items":{}}"#, schema) else {
      Issue.record("what is within is judged by the metaschema alone")
      return
    }
  }

  @Test("that it has itself means that one, and parts of the metaschema are not to be had")
  func own() throws {
    let own = """
      {"$ref": "http://json-schema.org/draft-07/schema",
       "$defs": {"a": {"$id": "http://json-schema.org/draft-07/schema", "const": 5}}}
      """
    #expect(try isValid("5", own) == .valid)
    #expect(throws: OperandError.self) {
      try isValid("5", #"{"$ref":"https://json-schema.org/draft/2020-12/meta/core"}"#)
    }
  }
}
