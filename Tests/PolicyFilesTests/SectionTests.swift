import Policy
import Testing
import Wire

@testable import PolicyFiles

@Suite("The sections beside tools")
struct SectionTests {
  @Test("resources and prompts have keys and rules as tools have")
  func keys() throws {
    let rules = try load(
      """
      resources:
        "file:///etc/**": { rules: [{ action: deny, reason: "system files are off limits" }] }
        "*": {}
      prompts:
        review: { rules: [{ require: [{ args.style: { in: [short, long] } }] }] }
      """
    ).get().rules
    #expect(rules.resources.map(\.pattern.description) == ["file:///etc/**", "*"])
    #expect(rules.resources[0].rules.map(\.action) == [.deny])
    #expect(rules.prompts.map(\.pattern.description) == ["review"])
    #expect(rules.tools.isEmpty)
  }

  @Test("rules of one name under one key, for different things, count apart")
  func counters() throws {
    let section = "  \"*\": { rules: [{ name: limit, rate_limit: 5/hour }] }\n"
    let rules = try load("tools:\n\(section)resources:\n\(section)prompts:\n\(section)").get().rules
    let all = [rules.tools, rules.resources, rules.prompts].flatMap { $0 }.flatMap(\.rules).flatMap(\.rateLimits)
    #expect(Set(all.map(\.counter)).count == 3)
  }

  @Test("methods are allowed or denied by name or glob")
  func methods() throws {
    let rules = try load("methods: { allow: [\"completion/*\"], deny: [completion/secret] }\n").get().rules
    #expect(rules.objection(to: "completion/complete") == nil)
    #expect(rules.objection(to: "completion/secret")?.rule == "methods")
    #expect(rules.objection(to: "logging/setLevel")?.rule == "methods")
    #expect(try load("methods: { deny: [] }\n").get().rules.objection(to: "logging/setLevel") == nil)
    #expect(try load("methods: { allow: [] }\n").get().rules.objection(to: "logging/setLevel") != nil)
  }

  @Test("an order of sections changes nothing, nor does what is set last")
  func order() throws {
    let parts = [
      "mode: enforce\n", "hide: [secret]\n", "tools: { a: { rules: [{ action: deny }] } }\n",
      "resources: { \"a:b\": { rules: [{ action: deny }] } }\n", "prompts: { p: { rules: [{ action: deny }] } }\n",
      "methods: { deny: [x/y] }\n",
    ]
    for text in [parts.joined(), parts.reversed().joined()] {
      let rules = try load(text).get().rules
      #expect(rules.hides("secret"))
      #expect([rules.tools.count, rules.resources.count, rules.prompts.count] == [1, 1, 1])
      #expect(rules.objection(to: "x/y") != nil)
    }
  }
}
