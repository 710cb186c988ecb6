import Policy
import Testing
import Wire

@Suite("Ambiguous argument names")
struct UsedNamesTests {
  private func rules() throws -> RuleSet {
    try policy([
      "*": [
        try rule("watch") {
          $0.require = try test("args.callback_url", ["type": #"["string","absent"]"#])
          $0.when = try test("args.items[0].Größe", ["exists": "false"])
          $0.unless = try test("meta.trace", ["exists": "true"])
        }
      ]
    ])
  }

  @Test(
    "refuse a call, under the rule that uses the name",
    arguments: [
      #"{"Callback_URL":"x"}"#, #"{"callback_url":"x","CALLBACK_URL":"y"}"#, #"{"callback_url\u200b":"x"}"#,
      #"{"\u0000callback_url":"x"}"#, #"{"callback_url ":"x"}"#, #"{"ｃallback_url":"x"}"#,
      #"{"callbac\u212a_url":"x"}"#, #"{"\u0043allback_url":"x"}"#, #"{"Items":[]}"#, #"{"items":[{"größe":1}]}"#,
      #"{"items":[{"GRÖSSE":1}]}"#, #"{"items":[{"Gro\u0308ße":1}]}"#,
    ])
  func refused(_ arguments: String) throws {
    let refusal = try #require(try rules().decision(call("t", arguments)).refusal)
    #expect(refusal.rule == "watch")
    #expect(refusal.reason.hasPrefix("ambiguous: "))
    #expect(refusal.reason.contains("write exactly"))
  }

  @Test(
    "are none where nothing can be taken for anything else",
    arguments: [
      "{}", #"{"callback_url":"x"}"#, #"{"c\u0061llback_url":"x"}"#, #"{"callback-url":"x"}"#, #"{"callbackurl":"x"}"#,
      #"{"items":[{"Größe":1}]}"#, #"{"items":[{},{"größe":1}]}"#, #"{"items":{"größe":1}}"#,
      #"{"x":{"CALLBACK_URL":1}}"#,
    ])
  func passed(_ arguments: String) throws {
    #expect(try rules().decision(call("t", arguments)).isAllowed)
  }

  @Test("are found in _meta too, and where there are no arguments")
  func meta() throws {
    #expect(try rules().decision(call("t", nil)).isAllowed)
    #expect(try rules().decision(call("t", "{}", meta: #"{"Trace":1}"#)).refusal?.rule == "watch")
    #expect(try rules().decision(call("t", "{}", meta: #"{"trace":1}"#)).isAllowed)
  }

  @Test("are those of reasons and of what calls are counted by as well")
  func others() throws {
    let template = try policy(["*": [try rule("r") { $0.reason = try ReasonTemplate("{{args.who}}") }]])
    #expect(try template.decision(call("t", #"{"Who":1}"#)).refusal?.rule == "r")
    let counted = try policy([
      "*": [
        try rule("r") {
          $0.rateLimits = [
            RateLimit(max: 1, window: 1, per: [.value(try Path("args.who"))], counter: "c", place: here)
          ]
        }
      ]
    ])
    #expect(try counted.decision(call("t", #"{"who":"a","Who":"b"}"#)).refusal?.rule == "r")
  }

  @Test("are those of rules for other tools for other tools alone")
  func otherTools() throws {
    let rules = try policy(["a": [try rule("r") { $0.when = try test("args.x", ["eq": "1"]) }], "b": []])
    #expect(try rules.decision(call("b", #"{"X":1}"#)).isAllowed)
    #expect(try rules.decision(call("a", #"{"X":1}"#)).refusal?.rule == "r")
  }

  @Test("only recorded where the rule that uses the name observes")
  func observed() throws {
    let rules = try policy([
      "*": [
        try rule("watch") {
          $0.when = try test("args.x", ["eq": "1"])
          $0.mode = .observe
        }, try rule("other") { $0.require = try test("args.y", ["type": #"["number","absent"]"#]) },
      ]
    ])
    let decision = try rules.decision(call("t", #"{"X":1}"#))
    #expect(decision.isAllowed)
    #expect(decision.observed.map(\.rule) == ["watch"])
  }
}
