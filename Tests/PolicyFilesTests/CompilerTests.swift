import Policy
import Testing
import Wire

@testable import PolicyFiles

@Suite("A policy becomes rules")
struct CompilerTests {
  @Test("an empty map is a policy that allows everything")
  func empty() throws {
    let policy = try load("{}").get()
    #expect(policy.rules.defaultVerdict == .allow)
    #expect(policy.rules.mode == .enforce)
    #expect(policy.rules.tools.isEmpty)
    #expect(policy.files == ["policy.yaml"])
    #expect(policy.warnings.isEmpty)
  }

  @Test("version", arguments: ["version: \"1\"", "version: 1", "version: '1'"])
  func version(text: String) throws {
    #expect(try load(text).get().description == nil)
  }

  @Test("description, default, mode and hide")
  func top() throws {
    let policy = try load("description: Luma\ndefault: deny\nmode: observe\nhide: [a, \"b_*\"]\nlist: all\n").get()
    #expect(policy.description == "Luma")
    #expect(policy.rules.defaultVerdict == .deny)
    #expect(policy.rules.resourceDefault == .deny)
    #expect(policy.rules.promptDefault == .deny)
    #expect(policy.rules.mode == .observe)
    #expect(policy.rules.hidden.map(\.description) == ["a", "b_*"])
  }

  @Test("default may differ by kind")
  func defaults() throws {
    let rules = try load("default: { tools: deny, prompts: deny }").get().rules
    #expect(rules.defaultVerdict == .deny)
    #expect(rules.resourceDefault == .allow)
    #expect(rules.promptDefault == .deny)
  }

  @Test("tools keep their order, and rules theirs")
  func tools() throws {
    let rules = try load(
      """
      tools:
        z: { arguments: any, rules: [{ action: deny }, { name: second, action: allow, stage: call }] }
        "a_*": {}
        "*": { rules: [] }
      """
    ).get().rules
    #expect(rules.tools.map(\.pattern.description) == ["z", "a_*", "*"])
    #expect(rules.tools[0].rules.map(\.name) == ["rule 1", "second"])
    #expect(rules.tools[0].rules.map(\.action) == [.deny, .allow])
    #expect(rules.tools[0].rules[1].place == Place(file: "policy.yaml", line: 2, column: 50))
  }

  @Test("a rule's action, mode and reason", arguments: Rule.Action.allCases)
  func action(action: Rule.Action) throws {
    let check = action == .evaluate ? "rate_limit: 1/day\n" : ""
    let rule = try rule("action: \(action.rawValue)\nmode: observe\nreason: no\n\(check)")
    #expect(rule.action == action)
    #expect(rule.mode == .observe)
    #expect(rule.reason != nil)
  }

  @Test("unknown keys are offered the nearest spelling")
  func nearest() {
    #expect(hints("defualt: deny") == ["did you mean \"default\"?"])
    #expect(hints("Tools: {}") == ["did you mean \"tools\"?"])
    #expect(hints("tools: { a: { ruels: [] } }") == ["did you mean \"rules\"?"])
    #expect(hints("tools: { a: { rules: [{ ratelimit: 5/hour }] } }") == ["did you mean \"rate_limit\"?"])
  }

  @Test("what an alias repeats is reported once")
  func aliases() {
    let text = "tools: { a: { rules: &r [{ acton: deny }] }, b: { rules: *r }, c: { rules: *r } }"
    #expect(findings(text).count == 1)
  }

  @Test("a policy of nothing but mistakes is cut short, and says so")
  func flood() {
    let lines = (0..<5_000).map { "key_\($0): 1" }.joined(separator: "\n")
    let found = findings(lines)
    #expect(found.count == 201)
    #expect(found.last?.hasSuffix("too many mistakes; the rest is not shown") == true)
  }

  @Test("the digest is of the contents alone")
  func digest() throws {
    let one = try load("tools: {}").get().digest
    #expect(one == (try load("tools: {}").get().digest))
    #expect(one != (try load("tools: {} ").get().digest))
    #expect(one.utf8.count == 64)
  }

  @Test(
    "a policy file that cannot be read is a located error",
    arguments: [".", "/nonexistent/policy.yaml", "", "/dev/null"])
  func unreadable(path: String) {
    #expect(throws: PolicyProblems.self) { try PolicyFile.load(path) }
    do throws(PolicyProblems) {
      _ = try PolicyFile.load(path)
    } catch {
      #expect(error.diagnostics.map(\.code) == ["MG1001"])
      #expect(error.files == [path])
    }
  }
}
