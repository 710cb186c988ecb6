import Testing
import Wire

@testable import Policy

@Suite("Lists of methods")
struct MethodListsTests {
  private func rules(allow: [String]? = nil, deny: [String] = []) throws -> RuleSet {
    var rules = RuleSet()
    rules.methods = MethodLists(
      allowed: try allow.map { try $0.map { try NamePattern($0) } }, denied: try deny.map { try NamePattern($0) })
    return rules
  }

  @Test("let everything pass where there are none")
  func none() throws {
    #expect(RuleSet().objection(to: "x/anything") == nil)
  }

  @Test("deny by name and glob, whatever is allowed")
  func denied() throws {
    let rules = try rules(allow: ["*"], deny: ["completion/complete", "x/*", "notifications/initialized"])
    for method in ["completion/complete", "x/a", "X/a", "x/", "notifications/initialized"] {
      #expect(rules.objection(to: Name(method))?.rule == "methods")
    }
    for method in ["completion/other", "xx/a", "ping"] { #expect(rules.objection(to: Name(method)) == nil) }
  }

  @Test(
    "deny in the spellings that a server might take for the denied one", arguments: ["Acme/RUN", "acme/run\u{200B}"])
  func spellings(_ method: String) throws {
    #expect(try rules(deny: ["acme/Run"]).objection(to: Name(method)) != nil)
  }

  @Test("that allow refuse all others but what a session cannot do without")
  func allowed() throws {
    let rules = try rules(allow: ["tools/list"])
    #expect(rules.objection(to: "tools/list") == nil)
    #expect(rules.objection(to: "prompts/list")?.reason == #"the policy does not allow the method "prompts/list""#)
    for method in MethodLists.essential { #expect(rules.objection(to: method.name) == nil) }
  }

  @Test("say nothing of calls, which rules judge")
  func calls() throws {
    let rules = try rules(allow: [], deny: ["*"])
    for method in ["tools/call", "resources/read", "prompts/get"] { #expect(rules.objection(to: Name(method)) == nil) }
  }
}
