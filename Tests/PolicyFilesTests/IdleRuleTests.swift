import Testing

@testable import PolicyFiles

@Suite("Rules that load, and cannot do what they look like")
struct IdleRuleTests {
  private static func codes(_ rule: String, tool: String = "a") -> [String] {
    findings("tools:\n  \"\(tool)\":\n    rules:\n      - \(rule)\n").map { String($0.split(separator: " ")[1]) }
  }

  @Test(
    "a rule that can never refuse",
    arguments: [
      "{ action: deny, when: { tool.name: b } }",
      "{ action: deny, unless: { tool.name: a } }",
      "{ rate_limit: 5/hour, when: { tool.name: { starts_with: b } } }",
      "{ action: deny, when: { tool.name: { starts_with: b }, args.x: { exists: true } } }",
      "{ require: { args.x: { exists: true, optional: true } } }",
      "{ require: { args.x: { type: [string, number, boolean, array, object, null, absent] } } }",
      "{ require: { any: [{ args.x: { exists: true } }, { args.x: { exists: false } }] } }",
      "{ when: { args.x: { exists: true } }, require: { args.x: { type: [string, number, boolean, array, object] } } }",
      "{ when: { args.x: { present: true } }, require: [{ args.x: { exists: true } }, { tool.name: a }] }",
      "{ require: { any: [{ args.x: { exists: true } }, { args.y: { exists: true } }], not: { tool.name: b } }, "
        + "unless: { all: [{ args.x: { exists: false } }, { args.y: { exists: false } }] } }",
    ])
  func neverRefuses(rule: String) {
    #expect(IdleRuleTests.codes(rule) == ["MG5007"])
  }

  @Test(
    "a rule that may refuse",
    arguments: [
      "{ action: deny, when: { tool.name: a } }",
      "{ action: deny, when: { tool.name: { starts_with: a } } }",
      "{ require: { args.x: { exists: true } } }",
      "{ require: { args.x: { exists: true, default: 1 } } }",
      "{ require: { args.x: { gte: 0 } } }",
      "{ require: { any: [{ args.x: { exists: true } }, { args.y: { exists: false } }] } }",
      "{ require: { any: [{ args.x: { gt: 1 } }, { not: { args.x: { gt: 1 } } }] } }",
      "{ require: { any: [{ args.x: { exists: true } }, { args.y: { exists: true } }, { args.z: { exists: true } }] } }",
      "{ set: { args.x: 1 }, when: { tool.name: a } }",
      "{ when: { args.x: { exists: true } }, require: { args.x: { present: true } } }",
      "{ require: { \"args.x[*]\": { exists: true, optional: true } } }",
      "{ require: { args.x.y: { exists: true, optional: true } } }",
      "{ action: allow }",
    ])
  func mayRefuse(rule: String) {
    #expect(IdleRuleTests.codes(rule) == [])
  }

  @Test("a rule under a glob is for tools of any name")
  func glob() {
    #expect(IdleRuleTests.codes("{ action: deny, when: { tool.name: b } }", tool: "a*") == [])
  }

  @Test(
    "conditions that exclude each other",
    arguments: [
      "{ args.x: { gt: 5, lt: 3 } }", "{ args.x: { gt: 3, lt: 3 } }", "{ args.x: { gte: 3, lt: 3 } }",
      "{ args.x: { eq: 1, neq: 1 } }", "{ args.x: { in: [a, b], regex: c } }", "{ args.x: { eq: a, gt: 3 } }",
      "{ args.x: { type: string, lt: 3 } }", "{ args.x: { exists: false, eq: 1 } }",
      "{ args.x: { exists: true, type: absent } }",
      "{ args.x: { ends_with: b, glob: \"c*\", eq: acb } }",
      "{ args.x: { length: { lte: 2 } }, all: [{ args.x: { length: 3 } }] }",
      "{ args.x: { length: { lt: 3, gt: 4 }, contains: a } }",
      "[{ args.x: { starts_with: ab } }, { args.x: { starts_with: ac } }]",
      "[{ args.x: { ends_with: ab } }, { args.x: { ends_with: cb } }]",
      "[{ args.x: a }, { args.x: b }]", "[{ args.x: { in: [a, b] } }, { args.y: 1 }, { args.x: { not_in: [a, b] } }]",
      "{ any: [{ args.y: 1 }, { args.x: { gt: 5, lt: 3 } }] }", "{ not: { args.x: { gt: 5, lt: 3 } } }",
      "{ args.x: { type: integer, eq: 1.5 } }", "{ args.x: { length: { gt: 5, lt: 3 } } }", "{ args.x: { in: [] } }",
      "{ args.x: { url: { hosts: [a.example] }, eq: \"https://b.example/\" } }",
    ])
  func exclusive(condition: String) {
    #expect(IdleRuleTests.codes("{ require: \(condition) }") == ["MG5008"])
  }

  @Test(
    "conditions that do not",
    arguments: [
      "{ args.x: { gte: 3, lte: 3 } }", "{ args.x: { gt: 3, lt: 3.1 } }", "{ args.x: { eq: 1, lte: 1 } }",
      "[{ args.x: { starts_with: ab } }, { args.x: { starts_with: abc } }]", "{ args.x: { length: { gt: 2, lt: 4 } } }",
      "[{ args.x: { eq: a, optional: true } }, { args.x: { eq: b, optional: true } }]",
      "[{ args.x: { eq: a, default: a } }, { args.x: { eq: b, default: b } }]",
      "[{ \"args.x[*]\": a }, { \"args.x[*]\": b }]", "{ any: [{ args.x: a }, { args.x: b }] }",
      "[{ args.x: { contains: a } }, { args.x: { contains: b } }]", "{ args.x: { regex: a, glob: \"b*\" } }",
      "[{ path: args.x, op: eq, value: \"5\" }, { path: args.x, op: gt, value: 3 }]",
      "[{ args.x: { length: { lte: 2 } } }, { args.x: { eq: [1] } }]",
    ])
  func compatible(condition: String) {
    #expect(IdleRuleTests.codes("{ require: \(condition) }") == [])
  }

  @Test("everything denied, whatever the default")
  func everythingRefused() {
    #expect(IdleRuleTests.codes("{ action: deny }", tool: "*") == ["MG5009"])
    #expect(IdleRuleTests.codes("{ action: deny, when: { args.x: { exists: true } } }", tool: "*") == [])
    #expect(IdleRuleTests.codes("{ action: deny, mode: observe }", tool: "*") == [])
    #expect(IdleRuleTests.codes("{ action: deny }", tool: "a*") == [])
  }

  @Test("a rule with a mistake is told of that alone")
  func mistake() {
    #expect(IdleRuleTests.codes("{ when: { tool.name: b }, require: { args.x: { gtt: 1 } } }") == ["MG3003"])
  }
}
