import Testing
import Wire

@testable import Policy

@Suite("The names that a schema gives to arguments")
struct DescribedArgumentsTests {
  private func missing(_ path: String, in schema: String) throws -> DescribedArguments.Missing? {
    let definition = try JSONTape(Array(#"{"name":"t","inputSchema":\#(schema)}"#.utf8)).root
    return try #require(DescribedArguments(of: definition)).missing(Path(path, wildcards: true))
  }

  @Test(
    "a path that leads to what is described, or may",
    arguments: [
      ("args.a", #"{"properties":{"a":{}}}"#),
      ("args", #"{"properties":{"a":{}}}"#),
      ("args.**", #"{"properties":{"a":{}}}"#),
      ("args.a.**", #"{"properties":{"a":{"type":"string"}}}"#),
      ("tool.name", #"{"properties":{}}"#),
      ("args.a.b.c", #"{"properties":{"a":{"type":"object"}}}"#),
      ("args.a.b", #"{"properties":{"a":{"type":"object","additionalProperties":true}}}"#),
      ("args.a.b", #"{"properties":{"a":{"additionalProperties":{"type":"string"}}}}"#),
      ("args.a.b", ##"{"properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"properties":{"b":{}}}}}"##),
      ("args.a.b", ##"{"properties":{"a":{"$ref":"#a"}},"$defs":{"A":{"$anchor":"a","properties":{"b":{}}}}}"##),
      ("args.a.b", #"{"properties":{"a":{"anyOf":[{"type":"null"},{"properties":{"b":{}}}]}}}"#),
      ("args.a.b", #"{"properties":{"a":{"oneOf":[{"properties":{"c":{}}},{"type":"object"}]}}}"#),
      ("args.b", #"{"allOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}"#),
      ("args.b", #"{"properties":{"a":{}},"if":{"required":["a"]},"then":{"properties":{"b":{}}}}"#),
      ("args.b", #"{"properties":{"a":{}},"dependentSchemas":{"a":{"properties":{"b":{}}}}}"#),
      ("args.x_1", #"{"properties":{"a":{}},"patternProperties":{"^x_":{}}}"#),
      ("args.b", #"{"properties":{"a":{}},"patternProperties":{"(?=b)":{}}}"#),
      ("args.a[*].b", #"{"properties":{"a":{"items":{"properties":{"b":{}}}}}}"#),
      ("args.a[3].b", #"{"properties":{"a":{"items":{"properties":{"b":{}}}}}}"#),
      ("args.a[1].b", #"{"properties":{"a":{"prefixItems":[{},{"properties":{"b":{}}}],"items":false}}}"#),
      ("args.a[*].b", #"{"properties":{"a":{"prefixItems":[{"properties":{"b":{}}}],"items":false}}}"#),
      ("args.a[2].b", #"{"properties":{"a":{"items":[{}],"additionalItems":{"properties":{"b":{}}}}}}"#),
      ("args.a[0]", #"{"properties":{"a":{"type":"array"}}}"#),
      ("args.a", #"{"type":"object"}"#), ("args.a", "true"), ("args.a", "{}"),
      ("args.next.next.next.value", ##"{"properties":{"next":{"$ref":"#"},"value":{}}}"##),
      ("args.a", #"{"properties":{"b":{}},"$ref":"https://example.com/elsewhere"}"#),
    ])
  func there(path: String, schema: String) throws {
    #expect(try missing(path, in: schema) == nil)
  }

  @Test(
    "a path that leads to nothing, where it leaves, and what stands there",
    arguments: [
      ("args.b", #"{"properties":{"a":{},"c":{}}}"#, "args.b", ["a", "c"]),
      ("args.b", #"{"type":"object","properties":{}}"#, "args.b", []),
      ("args.b", #"{"properties":{"a":{}},"additionalProperties":true}"#, "args.b", ["a"]),
      ("args.b", #"{"additionalProperties":false}"#, "args.b", []),
      ("args.a", #"{"properties":{"a":false}}"#, "args.a", ["a"]),
      ("args.a.b.c", #"{"properties":{"a":{"properties":{"d":{}}}}}"#, "args.a.b", ["d"]),
      ("args.a.b", #"{"properties":{"a":{"type":"string"}}}"#, "args.a.b", []),
      ("args.a.b", #"{"properties":{"a":{"type":["string","null"]}}}"#, "args.a.b", []),
      ("args.a.b", #"{"properties":{"a":{"anyOf":[{"properties":{"c":{}}},{"type":"null"}]}}}"#, "args.a.b", ["c"]),
      ("args.b", #"{"properties":{"a":{}},"anyOf":[{"required":["a"]},{"required":["c"]}]}"#, "args.b", ["a"]),
      ("args.b", #"{"allOf":[{"properties":{"a":{}}},{"properties":{"c":{}}}]}"#, "args.b", ["a", "c"]),
      ("args.b", #"{"properties":{"a":{}},"patternProperties":{"^x_":{}}}"#, "args.b", ["a"]),
      ("args.a[*].b", #"{"properties":{"a":{"items":{"properties":{"c":{}}}}}}"#, "args.a[*].b", ["c"]),
      ("args.a[0]", #"{"properties":{"a":{"type":"object"}}}"#, "args.a[0]", []),
      ("args.a[1]", #"{"properties":{"a":{"prefixItems":[{}],"items":false}}}"#, "args.a[1]", []),
      ("args.b", ##"{"properties":{"a":{"$ref":"#"}},"anyOf":[{"$ref":"#"}]}"##, "args.b", ["a"]),
      ("args['odd name']", #"{"properties":{"a":{}}}"#, "args['odd name']", ["a"]),
    ])
  func absent(path: String, schema: String, leaves: String, known: [String]) throws {
    let missing = try #require(try missing(path, in: schema))
    #expect(missing.path == leaves)
    #expect(missing.known == known)
  }

  @Test("a schema that refers to itself without end is given up on, and warned of by nobody")
  func endless() throws {
    let deep = (0..<500).map { ##""d\##($0)":{"$ref":"#/$defs/d\##($0 + 1)"}"## }.joined(separator: ",")
    #expect(try missing("args.a", in: ##"{"$ref":"#/$defs/d0","$defs":{\##(deep)}}"##) == nil)
  }
}
