import Randomness
import Testing
import Wire

@testable import Policy

@Suite("A JSON Schema")
struct SchemaTests {
  private func judge(
    _ schema: String, _ text: String, _ reading: Schema.Reading = .strict, onlyNamed: Bool = false
  ) throws -> SchemaFinding {
    try Schema(value(schema).tree, reading).judge(value(text), onlyNamed: onlyNamed)
  }

  private func complaints(_ schema: String, _ text: String, onlyNamed: Bool = false) throws -> [String] {
    guard case .invalid(let violations) = try judge(schema, text, onlyNamed: onlyNamed) else { return [] }
    return violations.map { "\($0.path) \($0.demand)" }
  }

  @Test(
    "says what is wrong, and where",
    arguments: [
      (#"{"properties":{"a":{"maximum":10}}}"#, #"{"a":12}"#, [".a must be at most 10; it is 12"]),
      (
        #"{"items":{"type":"string"}}"#, #"["a",1,"b",null]"#,
        ["[1] must be a string; it is 1", "[3] must be a string; it is null"]
      ),
      (#"{"required":["a","b"]}"#, "{}", [#" must have "a" and 1 more"#]),
      (#"{"additionalProperties":false}"#, #"{"odd name":1}"#, ["['odd name'] must not be there"]),
      (#"{"enum":["a","b"]}"#, #""c""#, [#" must be one of "a", "b"; it is "c""#]),
      (#"{"const":[1]}"#, "[2]", [" must be [1]; it is an array"]),
      (#"{"format":"date"}"#, #""tomorrow""#, [#" must be a date, such as 2026-12-31; it is "tomorrow""#]),
      (#"{"multipleOf":0.1}"#, "0.35", [" must be a multiple of 0.1; it is 0.35"]),
      (#"{"minLength":3}"#, #""äö""#, [" must be at least 3 characters long; it has 2"]),
      (
        #"{"uniqueItems":true}"#, #"[{"a":1,"b":2},{"b":2.0,"a":1}]"#,
        [" must have no element twice; [0] and [1] are equal"]
      ),
      (
        #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, "5",
        [" must fit one of 2 alternatives of its schema; it is 5"]
      ),
      (#"{"exclusiveMaximum":true,"maximum":5}"#, "5", [" must be less than 5; it is 5"]),
      (
        #"{"unevaluatedProperties":false,"allOf":[{"properties":{"a":true}}]}"#, #"{"a":1,"b":2}"#,
        [".b must not be there"]
      ),
    ] as [(String, String, [String])])
  func violations(_ schema: String, _ text: String, _ expected: [String]) throws {
    #expect(try complaints(schema, text) == expected)
  }

  @Test("tells the first things that are wrong, each on one line")
  func bounded() throws {
    let texts = (0..<50).map { "\"\($0)\\n\\u202e\"" }.joined(separator: ",")
    let found = try complaints(#"{"items":{"type":"number"}}"#, "[\(texts)]")
    #expect(found.count == SchemaRun.mostViolations)
    for text in found { #expect(text.unicodeScalars.allSatisfy { Excerpt.isPlain($0) }) }
  }

  @Test("wants only members that it names, where it is asked to")
  func named() throws {
    let schema = #"""
      {"properties":{"a":true},"patternProperties":{"^x-":true},"additionalProperties":{"type":"number"},
       "allOf":[{"$ref":"#/$defs/b"}],"$defs":{"b":{"properties":{"b":true}}}}
      """#
    #expect(try judge(schema, #"{"a":1,"b":2,"x-c":3}"#, onlyNamed: true) == .valid)
    #expect(try judge(schema, #"{"a":1,"d":2}"#) == .valid)
    #expect(
      try complaints(schema, #"{"a":1,"d":2}"#, onlyNamed: true) == [
        ".d must not be there: the tool's schema does not name it"
      ])
  }

  @Test("ends, whatever leads to what")
  func ends() throws {
    #expect(try judge(##"{"$ref":"#"}"##, "1") == .stopped(.tooDeep))
    #expect(try judge(##"{"not":{"$ref":"#"}}"##, "1") == .stopped(.tooDeep))
    let doubling = (0..<40).map {
      ##""d\##($0)":{"allOf":[{"$ref":"#/$defs/d\##($0 + 1)"},{"$ref":"#/$defs/d\##($0 + 1)"}]}"##
    }
    let schema = ##"{"$ref":"#/$defs/d0","$defs":{\##(doubling.joined(separator: ",")),"d40":true}}"##
    #expect(try judge(schema, "1") == .stopped(.tooMuchWork))
  }

  @Test("of a tree follows it as deep as messages are")
  func deep() throws {
    let schema = ##"{"type":["array","number"],"items":{"anyOf":[{"type":"number"},{"$ref":"#"}]}}"##
    let text = String(repeating: "[", count: 64) + "1" + String(repeating: "]", count: 64)
    #expect(try judge(schema, text) == .valid)
  }

  @Test("of a server refuses only what comes to a part that cannot be judged")
  func lenient() throws {
    let schema = #"{"properties":{"a":{"pattern":"^(?=.*x)"},"b":{"$ref":"https://example.com/b"}},"somethingNew":5}"#
    #expect(throws: OperandError.self) { try Schema(value(schema).tree) }
    #expect(try judge(schema, #"{"a":5,"c":1}"#, .lenient) == .valid)
    for text in [#"{"a":"x"}"#, #"{"b":1}"#] {
      guard case .stopped(.unjudgeable) = try judge(schema, text, .lenient) else {
        Issue.record("\(text) was judged")
        continue
      }
    }
    // What cannot be judged is not true because it is not false.
    guard case .stopped = try judge(#"{"not":{"pattern":"(?!x)"}}"#, #""x""#, .lenient) else {
      Issue.record("it was judged")
      return
    }
    #expect(try judge(#"{"format":"int32"}"#, #""x""#, .lenient) == .valid)
  }

  @Test("takes a bounded number of schemas and expressions, and of a server's expressions only modest ones")
  func sizes() throws {
    func patterns(_ count: Int) -> JSON {
      .object([("allOf", .array((0..<count).map { .object([("pattern", .string("a\($0)"))]) }))])
    }
    _ = try Schema(patterns(SchemaPattern.most))
    #expect(throws: OperandError.self) { try Schema(patterns(SchemaPattern.most + 1)) }
    let many = JSON.object([("allOf", .array(Array(repeating: .bool(true), count: SchemaDocument.mostSchemas + 1)))])
    #expect(throws: OperandError.self) { try Schema(many) }
    guard case .stopped(.unjudgeable) = try Schema(many, .lenient).judge(value("1")) else {
      Issue.record("it was judged")
      return
    }
    let large = #"{"pattern":"^\\p{L}{200}$"}"#
    #expect(try judge(large, #""b""#) != .valid)
    guard case .stopped(.unjudgeable) = try judge(large, #""b""#, .lenient) else {
      Issue.record("it was judged")
      return
    }
  }

  @Test("takes no member that the server could take for one that it names")
  func ambiguous() throws {
    let stop = SchemaStop.ambiguous(member: "\"Amount\"", name: "\"amount\"")
    #expect(try judge(#"{"properties":{"amount":{"maximum":5}}}"#, #"{"amount":1,"Amount":100}"#) == .stopped(stop))
  }

  @Test(
    "finds nothing missing that the server could find under a name like it",
    arguments: [
      (#"{"required":["admin"]}"#, #"{"Admin":1}"#, true),
      (#"{"not":{"required":["admin"]}}"#, #"{"Admin":1}"#, true),
      (#"{"not":{"required":["admin","other"]}}"#, #"{"admin":1,"OTHER":1}"#, true),
      (#"{"dependentRequired":{"a":["b"]}}"#, #"{"A":1}"#, true),
      (#"{"dependentRequired":{"a":["b"]}}"#, #"{"a":1,"B":1}"#, true),
      (#"{"dependentSchemas":{"a":false}}"#, #"{"A":1}"#, true),
      (#"{"dependencies":{"a":["b"]}}"#, #"{"A":1}"#, true),
      (#"{"if":{"required":["kind"]},"then":{"maxProperties":1}}"#, #"{"Kind":"a","n":99}"#, true),
      (#"{"not":{"const":{"admin":1}}}"#, #"{"Admin":1}"#, true),
      (#"{"not":{"enum":[[{"admin":{"x":1}}]]}}"#, #"[{"admin":{"X":1}}]"#, true),
      (#"{"not":{"const":{"admin":1}}}"#, #"{"admin":2}"#, false),
      (#"{"not":{"const":["5"]}}"#, #"[5]"#, false),
      (#"{"not":{"required":["admin"]}}"#, #"{"administrator":1}"#, false),
      (#"{"dependentSchemas":{"a":false}}"#, #""A""#, false),
    ])
  func missing(_ schema: String, _ text: String, _ stops: Bool) throws {
    let finding = try judge(schema, text)
    if stops, case .stopped(.ambiguous) = finding { return }
    #expect(!stops && finding == .valid, "\(finding)")
  }

  @Test(
    "spells expressions for RE2",
    arguments: [
      (#"^\d+$"#, "12", "a"), (#"^[\d-]+$"#, "1-2", "x"), (#"\u00e4"#, "ä", "a"), (#"^\s$"#, "\u{a0}", "x"),
      (#"^\S+$"#, "ab", "a\u{2003}b"), (#"^[[]$"#, "[", "]"), (#"^(?<year>\d{4})$"#, "2026", "26"),
      (#"^\p{Letter}+$"#, "Ünï", "1"), (#"^\cC$"#, "\u{3}", "C"), (#"^a\/b$"#, "a/b", "ab"),
      (#"^\u{1F600}$"#, "😀", "x"),
      (#"^\ud83d\ude00$"#, "😀", "x"), (#"[\b]"#, "\u{8}", "b"),
    ])
  func patterns(_ pattern: String, _ matching: String, _ other: String) throws {
    let schema = try Schema(.object([("pattern", .string(pattern))]))
    #expect(schema.judge(try JSON.string(matching).tape().root) == .valid)
    #expect(schema.judge(try JSON.string(other).tape().root) != .valid)
  }

  @Test(
    "takes no expression that RE2 lacks or would misread",
    arguments: [#"(?=a)"#, #"(?<!a)b"#, #"(a)\1"#, #"\Z"#, #"\a"#, "(?i)a", "[]", "[^]", "(", #"\Qa\E"#, #"a\"#])
  func badPatterns(_ pattern: String) {
    #expect(throws: OperandError.self) { try Schema(.object([("pattern", .string(pattern))])) }
  }

  @Test("keeps the laws of logic, and judges alike twice")
  func laws() throws {
    var random = Random(seed: 2020)
    var verdicts: Set<Bool> = []
    for _ in 0..<3000 {
      let schema = SchemaTests.anySchema(depth: 3, &random)
      let value = try SchemaTests.anyValue(depth: 3, &random).tape().root
      func holds(_ schema: JSON) throws -> Bool { try Schema(schema).judge(value) == .valid }
      let verdict = try holds(schema)
      verdicts.insert(verdict)
      #expect(try holds(object(["not": schema])) != verdict)
      #expect(try holds(object(["not": object(["not": schema])])) == verdict)
      #expect(try holds(object(["allOf": .array([schema, .bool(true)])])) == verdict)
      #expect(try holds(object(["anyOf": .array([.bool(false), schema])])) == verdict)
      #expect(try holds(object(["oneOf": .array([schema, .bool(false)])])) == verdict)
      #expect(try !holds(object(["oneOf": .array([schema, schema])])))
      #expect(try holds(object(["if": schema, "then": .bool(true), "else": .bool(false)])) == verdict)
      #expect(try holds(object(["$ref": .string("#/$defs/s"), "$defs": object(["s": schema])])) == verdict)
      #expect(try Schema(schema).judge(value) == Schema(schema, .lenient).judge(value))
    }
    #expect(verdicts.count == 2)
  }

  private func object(_ members: KeyValuePairs<Name, JSON>) -> JSON {
    SchemaTests.object(members)
  }

  private static func object(_ members: KeyValuePairs<Name, JSON>) -> JSON {
    .object(members.map { (name: $0.key, value: $0.value) })
  }

  private static func anySchema(depth: Int, _ random: inout Random) -> JSON {
    func inner() -> JSON { anySchema(depth: depth - 1, &random) }
    switch Int.random(in: 0..<(depth > 0 ? 15 : 9), using: &random) {
    case 0: return .bool(Bool.random(using: &random))
    case 1:
      let type = ["string", "integer", "array", "object"].randomElement(using: &random) ?? ""
      return object(["type": .string(type)])
    case 2: return object(["minimum": .number(ExactNumber(Int.random(in: 0..<4, using: &random)))])
    case 3: return object(["const": anyValue(depth: 1, &random)])
    case 4: return object(["multipleOf": .number(2), "maximum": .number(2)])
    case 5: return object(["maxLength": .number(1), "pattern": .string("^a")])
    case 6: return object(["required": .array([.string("a")])])
    case 7: return object(["uniqueItems": .bool(true), "minItems": .number(2)])
    case 8: return object(["maxProperties": .number(1)])
    case 9: return object(["properties": object(["a": inner(), "b": inner()])])
    case 10: return object(["items": inner(), "prefixItems": .array([inner()])])
    case 11: return object(["contains": inner()])
    case 12: return object(["allOf": .array([inner(), inner()]), "unevaluatedProperties": inner()])
    case 13: return object(["additionalProperties": inner()])
    default: return object(["if": inner(), "then": inner(), "else": inner()])
    }
  }

  private static func anyValue(depth: Int, _ random: inout Random) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
    case 0: return .null
    case 1: return .bool(true)
    case 2: return .number(ExactNumber(Int.random(in: 0..<4, using: &random)))
    case 3: return .string(["", "a", "ab", "b"].randomElement(using: &random) ?? "")
    case 4: return .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in anyValue(depth: depth - 1, &random) })
    default:
      let names = ["a", "b", "c"].filter { _ in Bool.random(using: &random) }
      return .object(names.map { (Name($0), anyValue(depth: depth - 1, &random)) })
    }
  }
}
