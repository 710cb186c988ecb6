import Randomness
import Testing
import Wire

@testable import Policy

@Suite("Arguments, held against the server's own schema")
struct InputSchemasTests {
  private static let definition = #"""
    {"name":"search","inputSchema":{"type":"object","properties":{"count":{"type":"integer","maximum":10}},
     "required":["count"]}}
    """#

  private func policy(_ keys: KeyValuePairs<String, ArgumentsCheck>) throws -> RuleSet {
    var rules = RuleSet()
    rules.tools = try keys.map { RuleSet.Section(pattern: try NamePattern($0.key), rules: [], arguments: $0.value) }
    return rules
  }

  private func reason(
    _ check: ArgumentsCheck, _ arguments: String?, definition: String? = InputSchemasTests.definition
  ) throws -> String? {
    let decision = try policy(["search": check]).decision(call("search", arguments, definition: definition))
    if let refusal = decision.refusal { #expect(refusal.rule == "arguments") }
    return decision.refusal?.reason
  }

  @Test("pass where they fit")
  func fit() throws {
    #expect(try reason(.schema, #"{"count":3}"#) == nil)
    #expect(try reason(.schema, #"{"count":3,"more":1}"#) == nil)
    #expect(try reason(.strict, #"{"count":3}"#) == nil)
    #expect(try reason(.any, #"{"count":12}"#) == nil)
    #expect(try reason(.any, "{}", definition: nil) == nil)
    #expect(try reason(.schema, nil, definition: #"{"name":"search","inputSchema":{"type":"object"}}"#) == nil)
  }

  @Test("are refused where they do not, with what is wrong")
  func misfit() throws {
    #expect(try reason(.schema, #"{"count":12}"#) == "args.count must be at most 10; it is 12")
    #expect(try reason(.schema, nil) == #"args must have "count""#)
    #expect(
      try reason(.strict, #"{"count":3,"more":1}"#)
        == "args.more must not be there: the tool's schema does not name it")
    #expect(
      try reason(.schema, #"{"count":3,"COUNT":99}"#)
        == "the arguments cannot be held against the server's schema of this tool: \"COUNT\" can be read as \"count\"; "
        + "write exactly \"count\"")
  }

  @Test("are refused where there is nothing to hold them against")
  func unknown() throws {
    #expect(
      try reason(.schema, "{}", definition: nil)
        == "the server's definition of this tool is not known, so its arguments cannot be checked")
    #expect(
      try reason(.strict, "{}", definition: #"{"name":"search"}"#)
        == "the server lists this tool without an input schema, so its arguments cannot be checked")
    #expect(
      try reason(.schema, "{}", definition: #"{"name":"search","inputSchema":{"$id":5}}"#)
        == "the server's schema of this tool cannot be used: $id needs a string, not a number")
    #expect(
      try reason(.schema, "{}", definition: ##"{"name":"search","inputSchema":{"$ref":"#"}}"##)?
        .hasPrefix("the arguments cannot be held against the server's schema of this tool: ") == true)
  }

  @Test("are held as strictly as the strictest of the keys that match, in whatever order")
  func strictest() throws {
    let odd = try call("search", #"{"count":3,"more":1}"#, definition: InputSchemasTests.definition)
    for first in ArgumentsCheck.allCases {
      for second in ArgumentsCheck.allCases {
        let isRefused = first == .strict || second == .strict
        #expect(try policy(["search": first, "se*": second]).decision(odd).isAllowed == !isRefused)
        #expect(try policy(["*": second, "search": first, "x": .strict]).decision(odd).isAllowed == !isRefused)
      }
    }
    #expect(ArgumentsCheck.allCases == ArgumentsCheck.allCases.sorted())
  }

  @Test("in observe mode are only told of")
  func observed() throws {
    var rules = try policy(["search": .schema])
    rules.mode = .observe
    let decision = try rules.decision(call("search", "{}", definition: InputSchemasTests.definition))
    #expect(decision.isAllowed && decision.observed.map(\.rule) == ["arguments"])
  }

  @Test("of more definitions than are remembered are judged all the same")
  func many() throws {
    let rules = try policy(["search": .schema])
    var random = Random(seed: 4)
    let calls = try (0..<InputSchemas.most + 40).map { most in
      let schema = #"{"properties":{"count":{"maximum":\#(most)}}}"#
      return try call("search", #"{"count":300}"#, definition: #"{"name":"search","inputSchema":\#(schema)}"#)
    }
    for _ in 0..<2000 {
      let most = Int.random(in: calls.indices, using: &random)
      #expect(try rules.decision(calls[most]).isAllowed == (300 <= most))
    }
  }
}
