import Policy
import Testing
import Wire

@Suite("Deciding")
struct DecideTests {
  @Test("a policy without rules allows everything")
  func empty() throws {
    for subject in Call.Subject.allCases {
      #expect(try RuleSet().decision(try call(subject: subject)).isAllowed)
    }
  }

  @Test("default: deny passes only a tool that a key other than * names")
  func defaultDeny() throws {
    let rules = try policy(["search": [], "luma_*": [], "*": [rule()], "a\\*b": []]) { $0.defaultVerdict = .deny }
    #expect(try rules.decision(call("search")).isAllowed)
    #expect(try rules.decision(call("luma_x")).isAllowed)
    #expect(try rules.decision(call("a*b")).isAllowed)
    for name in ["other", "Search", "search ", "axb", "e\u{301}"] {
      let refusal = try #require(try rules.decision(call(name)).refusal)
      #expect(refusal.rule == "default")
    }
  }

  @Test("default: deny holds for resources and prompts, each by its own word")
  func defaultOfOthers() throws {
    var rules = try policy(["search": []])
    rules.resourceDefault = .deny
    #expect(try rules.decision(call("search", subject: .resource)).refusal?.rule == "default")
    #expect(try rules.decision(call("search", subject: .prompt)).isAllowed)
    rules.promptDefault = .deny
    #expect(try rules.decision(call("search", subject: .prompt)).refusal?.rule == "default")
    #expect(try rules.decision(call("other")).isAllowed)
  }

  @Test("rules and hide are about tools alone")
  func toolsOnly() throws {
    let rules = try policy(["*": [rule("no", .deny)]]) { $0.hidden = [try NamePattern("*")] }
    #expect(try rules.decision(call("search", subject: .resource)).isAllowed)
    #expect(try rules.decision(call("search", subject: .prompt)).isAllowed)
  }

  @Test("hide refuses by name and by glob")
  func hide() throws {
    let rules = try policy([:]) { $0.hidden = [try NamePattern("secret"), try NamePattern("x_*")] }
    for name in ["secret", "x_1"] {
      #expect(rules.hides(Name(name)))
      #expect(try rules.decision(call(name)).refusal?.rule == "hide")
    }
    #expect(!rules.hides("Secret"))
    #expect(try rules.decision(call("secrets")).isAllowed)
  }

  @Test("a call is judged by every key that matches its name", arguments: ["search", "sea*", "*"])
  func everyKey(_ key: String) throws {
    for other in ["search", "s*", "*"] where other != key {
      let rules = try policy([other: [rule("fine", .allow)], key: [rule("no", .deny)]])
      #expect(try rules.decision(call("search")).refusal?.rule == "no")
    }
  }

  @Test("the first rule in the order of the file is the one that is told")
  func firstTold() throws {
    let rules = try policy(["s*": [rule("one", .deny)], "search": [rule("two", .deny)], "*": [rule("three", .deny)]])
    #expect(try rules.decision(call("search")).refusal?.rule == "one")
    #expect(try rules.decision(call("stop")).refusal?.rule == "one")
    let others = try policy(["search": [rule("two", .deny)], "s*": [rule("one", .deny)]])
    #expect(try others.decision(call("search")).refusal?.rule == "two")
  }

  @Test("deny refuses what when selects, unless it is exempt")
  func deny() throws {
    let rules = try policy([
      "search": [
        try rule("no", .deny) {
          $0.when = try test("args.loop", ["eq": "true"])
          $0.unless = try test("client.name", ["eq": #""ci""#])
        }
      ]
    ])
    let ci: (inout Call.Context) throws -> Void = { $0.client = try value(#"{"name":"ci"}"#) }
    #expect(try rules.decision(call("search", #"{"loop":true}"#)).refusal?.reason == "the policy denies this call")
    #expect(try rules.decision(call("search", #"{"loop":false}"#)).isAllowed)
    #expect(try rules.decision(call("search", #"{"loop":true}"#, context: ci)).isAllowed)
    #expect(try rules.decision(call("search", #"{}"#, context: ci)).isAllowed)
  }

  @Test("what cannot be judged never helps the call")
  func unknown() throws {
    let deny = try policy(["*": [try rule("no", .deny) { $0.when = try test("args.n", ["gt": "5"]) }]])
    #expect(try deny.decision(call("t", "{}")).refusal?.rule == "no")
    #expect(try deny.decision(call("t", #"{"n":"9"}"#)).refusal?.rule == "no")
    #expect(try deny.decision(call("t", #"{"n":1}"#)).isAllowed)
    let unless = try policy(["*": [try rule("no", .deny) { $0.unless = try test("args.n", ["gt": "5"]) }]])
    #expect(try unless.decision(call("t", "{}")).refusal?.rule == "no")
    #expect(try unless.decision(call("t", #"{"n":6}"#)).isAllowed)
    for condition in try [test("args.n", ["gt": "5"]), .not(test("args.n", ["gt": "5"]))] {
      let require = try policy(["*": [rule("no") { $0.require = condition }]])
      #expect(try require.decision(call("t", "{}")).refusal?.rule == "no")
      #expect(try require.decision(call("t", #"{"n":null}"#)).refusal?.rule == "no")
    }
  }

  @Test("the checks of an allow hold like those of any rule, and it lifts no other")
  func allow() throws {
    let rules = try policy([
      "search": [
        try rule("meant", .allow) { $0.require = try test("args.q", ["present": "true"]) }, rule("also", .allow),
      ],
      "*": [try rule("short") { $0.require = try test("args.q", ["length": #"{"lte":3}"#]) }],
    ])
    #expect(try rules.decision(call("search", #"{"q":"abc"}"#)).isAllowed)
    #expect(try rules.decision(call("search", #"{"q":""}"#)).refusal?.rule == "meant")
    #expect(try rules.decision(call("search", #"{"q":"abcd"}"#)).refusal?.rule == "short")
  }

  @Test("require_approval asks, and says that nobody can be asked; a refusal outranks it, wherever it stands")
  func approval() throws {
    let ask = try rule("costly", .requireApproval) { $0.reason = try ReasonTemplate("{{args.n}} dollars") }
    let rules = try policy(["*": [ask]])
    #expect(
      try rules.decision(call("t", #"{"n":5}"#)).question
        == Refusal(
          rule: "costly", reason: "needs a person's approval, and no way to ask is set up (5 dollars)"))
    for order in [[ask, rule("no", .deny)], [rule("no", .deny), ask]] {
      #expect(try policy(["*": order]).decision(call("t")).refusal?.rule == "no")
    }
    let checked = try policy([
      "*": [try rule("costly", .requireApproval) { $0.require = try test("args.n", ["lt": "5"]) }]
    ])
    #expect(try checked.decision(call("t", #"{"n":5}"#)).refusal?.rule == "costly")
    #expect(try checked.decision(call("t", #"{"n":4}"#)).question?.rule == "costly")
  }

  @Test("a default stands in for an absent value, and optional excuses one")
  func absent() throws {
    func allows(_ condition: Condition, _ arguments: String?) throws -> Bool {
      try policy(["*": [rule { $0.require = condition }]]).decision(call("t", arguments)).isAllowed
    }
    let fallback = try test("args.n", ["lt": "5"], fallback: "1")
    #expect(try allows(fallback, "{}"))
    #expect(try allows(fallback, nil))
    #expect(try !allows(fallback, #"{"n":null}"#))
    #expect(try !allows(fallback, #"{"n":7}"#))
    let optional = try test("args.n", ["starts_with": #""a""#], optional: .absentOrNull)
    for (arguments, expected) in [("{}", true), (#"{"n":null}"#, true), (#"{"n":""}"#, false), (#"{"n":"a"}"#, true)] {
      #expect(try allows(optional, arguments) == expected)
    }
    let blank = try test("args.n", ["starts_with": #""a""#], optional: .absentNullOrBlank)
    for (arguments, expected) in [("{}", true), (#"{"n":""}"#, true), (#"{"n":" "}"#, false), (#"{"n":5}"#, false)] {
      #expect(try allows(blank, arguments) == expected)
    }
  }

  @Test("observe forwards what would be refused, and records it")
  func observe() throws {
    let rules = try policy(["*": [rule("no", .deny), rule("ask", .requireApproval)]]) {
      $0.mode = .observe
      $0.defaultVerdict = .deny
      $0.hidden = [try NamePattern("t")]
    }
    let decision = try rules.decision(call("t"))
    #expect(decision.isAllowed)
    #expect(decision.observed.map(\.rule) == ["hide", "no", "ask", "default"])
  }

  @Test("a rule's own mode goes before the policy's")
  func ruleMode() throws {
    let watching = try policy(["*": [rule("no", .deny) { $0.mode = .observe }, rule("fine", .allow)]])
    #expect(try watching.decision(call("t")).isAllowed)
    #expect(try watching.decision(call("t")).observed.map(\.rule) == ["no"])
    let strict = try policy(["*": [rule("no", .deny) { $0.mode = .enforce }]]) { $0.mode = .observe }
    #expect(try strict.decision(call("t")).refusal?.rule == "no")
  }

  @Test("a reason is filled in for the agent")
  func reason() throws {
    let rules = try policy([
      "*": [
        try rule("home") {
          $0.require = try test("args.url", ["url": #"{"hosts":["good.example"]}"#])
          $0.reason = try ReasonTemplate("{{args.url}} is not ours")
        }
      ]
    ])
    let refusal = try rules.decision(call("t", #"{"url":"https://evil.example"}"#)).refusal
    #expect(refusal == Refusal(rule: "home", reason: "https://evil.example is not ours"))
  }
}
