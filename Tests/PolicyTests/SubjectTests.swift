import Testing
import Wire

@testable import Policy

@Suite("Resources and prompts are judged by sections of their own")
struct SubjectTests {
  private func rules(_ change: (inout RuleSet) throws -> Void) rethrows -> RuleSet {
    var rules = RuleSet()
    try change(&rules)
    return rules
  }

  private func section(_ pattern: String, _ rules: Rule...) throws -> RuleSet.Section {
    RuleSet.Section(pattern: try NamePattern(pattern), rules: rules)
  }

  private func resource(_ uri: String) throws -> Call { try call(uri, nil, subject: .resource) }

  @Test("resources by URI, and by globs of URIs")
  func resources() throws {
    let rules = try rules {
      $0.resources = [try section("file:///etc/**", rule("no", .deny)), try section("note://a")]
    }
    #expect(try rules.decision(resource("file:///etc/passwd")).refusal?.rule == "no")
    #expect(try rules.decision(resource("file:///home/a")).isAllowed)
    #expect(try rules.decision(call("file:///etc/passwd")).isAllowed, "a tool of that name is another thing")
    #expect(try rules.decision(call("file:///etc/passwd", subject: .prompt)).isAllowed)
  }

  @Test("under default: deny only what a key other than * names")
  func defaultDeny() throws {
    let rules = try rules {
      $0.resources = [try section("note://*"), try section("*")]
      $0.resourceDefault = .deny
      $0.prompts = [try section("greet")]
      $0.promptDefault = .deny
    }
    #expect(try rules.decision(resource("note://today")).isAllowed)
    #expect(try rules.decision(resource("file:///a")).refusal?.reason == "the policy does not name this resource")
    #expect(try rules.decision(call("greet", subject: .prompt)).isAllowed)
    #expect(
      try rules.decision(call("other", subject: .prompt)).refusal?.reason == "the policy does not name this prompt")
    #expect(try rules.decision(call("other")).isAllowed)
  }

  @Test("prompts with their arguments, by conditions")
  func prompts() throws {
    let rules = try rules {
      $0.prompts = [
        try section("review", rule("short") { $0.require = try test("args.text", ["length": #"{"lte":3}"#]) })
      ]
    }
    #expect(try rules.decision(call("review", #"{"text":"abc"}"#, subject: .prompt)).isAllowed)
    #expect(try rules.decision(call("review", #"{"text":"abcd"}"#, subject: .prompt)).refusal?.rule == "short")
    #expect(try rules.decision(call("review", nil, subject: .prompt)).refusal?.rule == "short")
    #expect(try rules.decision(call("review", #"{"Text":"abcd"}"#, subject: .prompt)).refusal?.rule == "short")
  }

  @Test("observe mode records, in the policy and in a rule")
  func observed() throws {
    let all = try rules {
      $0.resources = [try section("a:*", rule("no", .deny))]
      $0.mode = .observe
    }
    #expect(try all.decision(resource("a:b")).observed.map(\.rule) == ["no"])
    let one = try rules { $0.prompts = [try section("*", rule("no", .deny) { $0.mode = .observe })] }
    let decision = try one.decision(call("p", subject: .prompt))
    #expect(decision.isAllowed && decision.observed.map(\.rule) == ["no"])
  }

  @Test("limits count")
  func limits() throws {
    let limit = RateLimit(max: 3, window: 1, per: [], counter: "c", place: here)
    let rules = try rules { $0.resources = [try section("*", rule { $0.rateLimits = [limit] })] }
    #expect(try rules.judge(resource("a:b")).reservations?.count == 1)
  }

  @Test("a URI that is not in its normal form is refused where rules judge resources, and only there")
  func ambiguous() throws {
    let rules = try rules { $0.resources = [try section("file:///etc/**", rule("no", .deny))] }
    let refusal = try #require(try rules.decision(resource("file:///tmp/../etc/passwd")).refusal)
    #expect(refusal.rule == "resources")
    #expect(refusal.reason == "ambiguous: the URI has a segment of dots")
    #expect(try RuleSet().decision(resource("file:///tmp/../etc/passwd")).isAllowed)
  }
}
