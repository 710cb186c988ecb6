import Policy
import Testing
import Wire

@Suite("The reason that a policy does not give")
struct ConditionWordsTests {
  private func reason(_ condition: Condition, _ arguments: String) throws -> String? {
    try policy(["*": [rule { $0.require = condition }]]).decision(call("t", arguments)).refusal?.reason
  }

  @Test("names the argument, what it must be and what it is")
  func test_() throws {
    let condition = try test("args.prompt", ["length": #"{"lte":5}"#])
    #expect(
      try reason(condition, #"{"prompt":"abcdef"}"#) == "args.prompt must be at most 5 characters long; it has 6")
    #expect(try reason(condition, "{}") == "args.prompt must be at most 5 characters long; it is missing")
  }

  @Test("names the first of all that is not so")
  func all() throws {
    let condition = Condition.all([
      try test("args.a", ["exists": "true"]), try test("args.b", ["type": #""string""#, "length": "2"]),
    ])
    #expect(try reason(condition, "{}") == "args.a must be there; it is missing")
    #expect(try reason(condition, #"{"a":1,"b":"x"}"#) == "args.b must be exactly 2 characters long; it has 1")
  }

  @Test("names the alternatives of any")
  func any() throws {
    let condition = Condition.any([try test("args.a", ["exists": "true"]), try test("args.b", ["eq": "1"])])
    #expect(
      try reason(condition, #"{"b":2}"#)
        == "one of these must be put right: args.a must be there; it is missing, or args.b must be 1; it is 2")
  }

  @Test("turns round under not")
  func not() throws {
    let condition = Condition.not(try test("args.a", ["eq": "1"]))
    #expect(try reason(condition, #"{"a":1}"#) == "args.a must not be 1; it is 1")
    #expect(try reason(condition, #"{"a":"x"}"#) == #"args.a cannot be judged: it must be 1; it is "x""#)
    #expect(
      try reason(.not(.not(try test("args.a", ["neq": "1"]))), #"{"a":1}"#) == "args.a must not be 1")
    #expect(
      try reason(.not(.any([try test("args.a", ["eq": "1"]), try test("args.b", ["eq": "1"])])), #"{"a":2,"b":1}"#)
        == "args.b must not be 1; it is 1")
    #expect(
      try reason(.not(.all([try test("args.a", ["eq": "1"]), try test("args.b", ["eq": "1"])])), #"{"a":1,"b":1}"#)
        == "one of these must be put right: args.a must not be 1; it is 1, or args.b must not be 1; it is 1")
  }

  @Test("names the value that bars a path")
  func barred() throws {
    let condition = try test("args.options.url", ["url": "{}"], optional: .absentOrNull)
    #expect(try reason(condition, #"{"options":"{}"}"#) == #"args.options must be an object; it is "{}""#)
    #expect(
      try reason(.not(condition), #"{"options":[1]}"#)
        == "args.options.url cannot be judged: args.options must be an object; it is [1]")
    #expect(
      try reason(try test("args.l[0].n", ["eq": "1"], fallback: "1"), #"{"l":{"n":1}}"#)
        == #"args.l must be a list; it is {"n":1}"#)
    #expect(
      try reason(try test("args.l[*].n", ["eq": "1"], fallback: "1"), #"{"l":[{},["x"]]}"#)
        == #"args.l[1] must be an object; it is ["x"]"#)
    let rules = try policy(["*": [rule { $0.require = condition }]])
    let trace = try #require(rules.judge(call("t", #"{"options":5}"#), explain: true).decision).trace.map(\.text)
    #expect(trace.contains("args.options.url url: unknown (args.options must be an object; it is 5)"))
  }

  @Test("an empty any never holds")
  func empty() throws {
    #expect(try reason(.any([]), "{}") == "a condition that can never hold")
    #expect(try reason(.all([]), "{}") == nil)
  }

  @Test("is bounded, whatever the agent sends and the policy asks")
  func bounded() throws {
    let long = #"{"a":"\#(String(repeating: "x", count: 100_000))"}"#
    let many = try (0..<100).map { try test("args.a", ["eq": "\($0)"]) }
    let text = try #require(try reason(.any(many), long))
    #expect(text.utf8.count <= 1024)
  }
}
