import Policy
import Randomness
import Testing
import Wire

@Suite("A call whose arguments rules set and remove")
struct SettingTests {
  private struct Outcome {
    let decision: Decision
    let arguments: String
    let rewritings: Int
  }

  /// Drives a judgement of a call, in which every script says `answer`.
  private func decide(
    _ rules: RuleSet, _ arguments: String?, explain: Bool = false,
    _ answer: (ScriptQuestion) throws -> ScriptAnswer.Verdict = { _ in .pass }
  ) throws -> Outcome {
    var message = try PolicyTests.message("t", arguments)
    let call = try #require(try message.call(in: Call.Context(session: "s")))
    var judgement = rules.decide(call, at: noon, explain: explain)
    var rewritings = 0
    while true {
      switch judgement.step {
      case .decided(let decision):
        let sent = String(decoding: message.params?["arguments"]?.source ?? [], as: UTF8.self)
        return Outcome(decision: decision, arguments: sent, rewritings: rewritings)
      case .ask(let questions):
        judgement.resume(with: try questions.map { ScriptAnswer(verdict: try answer($0)) })
      case .rewrite:
        rewritings += 1
        message = judgement.resume(rewriting: message) ?? message
      case .reserve: judgement.resume(with: ReservationAnswer.granted(ReservationID(number: 1)))
      }
    }
  }

  private func editing(_ name: String, _ edits: Edit..., change: (inout Rule) throws -> Void = { _ in }) rethrows
    -> Rule
  {
    try rule(name) {
      $0.edits = edits
      try change(&$0)
    }
  }

  private func scripted(_ name: String) -> Rule {
    rule(name) { $0.script = ScriptReference(script: 0, parameters: .object([])) }
  }

  @Test("is sent as they want it, everything else as it was")
  func rewritten() throws {
    let rules = try policy([
      "*": [try editing("fix", edit("args.timeout", "300"), edit("args.debug"))],
      "t": [try editing("more", edit("args.options.safe", "true"))],
    ])
    let outcome = try decide(rules, #"{"timeout": 900,"debug":true,"n":1.0}"#)
    #expect(outcome.decision.isAllowed)
    #expect(outcome.arguments == #"{"timeout":300,"n":1.0,"options":{"safe":true}}"#)
    #expect(outcome.decision.rewrites.map(\.rule) == ["fix", "more"])
    #expect(try decide(rules, nil).arguments == #"{"options":{"safe":true},"timeout":300}"#)
  }

  @Test("is not touched where it is so already")
  func untouched() throws {
    let rules = try policy(["*": [try editing("fix", edit("args.timeout", "300"), edit("args.debug"))]])
    let outcome = try decide(rules, #"{ "timeout" : 3e2 }"#)
    #expect(outcome.arguments == #"{ "timeout" : 3e2 }"#)
    #expect(outcome.rewritings == 0 && outcome.decision.rewrites.isEmpty)
  }

  @Test("is rewritten only where the rule applies and its checks hold")
  func conditions() throws {
    let capped = try editing("cap", edit("args.n", "50")) {
      $0.when = try test("args.n", ["gt": "50"], fallback: "0")
      $0.require = try test("args.id", ["exists": "true"])
    }
    let rules = try policy(["*": [capped]])
    #expect(try decide(rules, #"{"n":90,"id":1}"#).arguments == #"{"n":50,"id":1}"#)
    #expect(try decide(rules, #"{"n":9}"#).arguments == #"{"n":9}"#)
    #expect(try decide(rules, #"{"n":90}"#).decision.refusal?.rule == "cap")
  }

  @Test("is judged as it came, and once more as it will be sent, by every rule")
  func judgedTwice() throws {
    let fix = try editing("fix", edit("args.n", "50"))
    let most = try rule("most") { $0.require = try test("args.n", ["lte": "100"]) }
    let least = try rule("least") { $0.require = try test("args.n", ["gte": "60"]) }
    #expect(try decide(policy(["*": [fix, most]]), #"{"n":900}"#).decision.refusal?.rule == "most")
    #expect(try decide(policy(["*": [fix, least]]), #"{"n":70}"#).decision.refusal?.rule == "least")
    #expect(try decide(policy(["*": [fix, most]]), #"{"n":70}"#).decision.isAllowed)
  }

  @Test("is refused where a rule would rewrite what it has become")
  func onceMore() throws {
    let first = try editing("first", edit("args.a", "1"))
    let second = try editing("second", edit("args.b", "2")) { $0.when = try test("args.a", ["eq": "1"], fallback: "0") }
    let rules = try policy(["*": [first, second]])
    let refusal = try decide(rules, "{}").decision.refusal
    #expect(refusal?.rule == "second" && refusal?.reason.contains("once more") == true)
    #expect(try decide(rules, #"{"a":1}"#).arguments == #"{"a":1,"b":2}"#)
  }

  @Test("is refused where two rules want different things, and both are named", arguments: [false, true])
  func conflict(_ isReversed: Bool) throws {
    let one = try editing("one", edit("args.a", "1"))
    let two = try editing("two", edit("args.a", "2"))
    let refusal = try decide(policy(["*": isReversed ? [two, one] : [one, two]]), "{}").decision.refusal
    #expect(refusal?.reason.contains(#""one""#) == true && refusal?.reason.contains(#""two""#) == true)
    #expect(refusal?.reason.hasSuffix("rewrite args.a in different ways") == true)
  }

  @Test("is refused where something stands in the way")
  func blocked() throws {
    let rules = try policy(["*": [try editing("fix", edit("args.options.safe", "true"))]])
    let refusal = try decide(rules, #"{"options":"fast"}"#).decision.refusal
    #expect(refusal?.rule == "fix")
    #expect(
      refusal?.reason
        == #"args.options must be an object for the policy to set what is in it; it is "fast""#)
  }

  @Test("is refused where something stands in the way of one rule, though another would clear it")
  func blockedAlone() throws {
    let part = try editing("part", edit("args.b.c", "1"))
    let whole = try editing("whole", edit("args.b", #"{"c":1}"#))
    for rules in [[part, whole], [whole, part]] {
      #expect(try decide(policy(["*": rules]), #"{"b":5}"#).decision.refusal?.rule == "part")
      #expect(try decide(policy(["*": rules]), #"{"b":{"d":2}}"#).arguments == #"{"b":{"c":1}}"#)
    }
  }

  @Test("is refused where a name could be taken for one that is set or removed")
  func ambiguous() throws {
    let rules = try policy(["*": [try editing("fix", edit("args.timeout", "300"), edit("args.debug"))]])
    for arguments in [#"{"Timeout":1}"#, #"{"DEBUG":1}"#] {
      #expect(try decide(rules, arguments).decision.refusal?.reason.hasPrefix("ambiguous") == true)
    }
  }

  @Test("is left alone in observe mode, where what would be done is recorded")
  func observed() throws {
    let watch = try editing("watch", edit("args.a", "1")) { $0.mode = .observe }
    let fix = try editing("fix", edit("args.a", "2"))
    let alone = try decide(policy(["*": [watch]]), "{}")
    #expect(alone.decision.isAllowed && alone.arguments == "{}")
    #expect(alone.decision.rewrites.map(\.isObserved) == [true])
    #expect(alone.decision.rewrites.map(\.arguments.text) == [#"{"a":1}"#])
    let both = try decide(policy(["*": [watch, fix]]), "{}")
    #expect(both.arguments == #"{"a":2}"#)
    #expect(both.decision.isAllowed && both.decision.rewrites.map(\.isObserved) == [true, false])
  }

  @Test("has what scripts hand back too, where they do not disagree")
  func scripts() throws {
    let rules = try policy(["*": [scripted("lua"), try editing("fix", edit("args.t", "300"))]])
    let agreed = try decide(rules, #"{"n":90,"t":1}"#) { question in
      question.call.arguments?["n"]?.integer == 90 ? try replace(#"{"n":50,"t":1}"#) : .pass
    }
    #expect(agreed.arguments == #"{"n":50,"t":300}"#)
    #expect(agreed.decision.isAllowed && agreed.rewritings == 1)
    let disagreed = try decide(rules, #"{"n":90,"t":1}"#) { _ in try replace(#"{"n":50,"t":2}"#) }
    #expect(disagreed.decision.refusal?.reason == #"the script of "lua" and "fix" rewrite args.t in different ways"#)
    let stubborn = try decide(rules, #"{"n":90,"t":1}"#) { _ in try replace(#"{"n":90,"t":1,"x":0}"#) }
    #expect(stubborn.decision.refusal?.rule == "lua", "the script would take the setting back")
  }

  @Test("comes to the same, to the byte, in whichever order the rules stand; and no rule more helps it")
  func promises() throws {
    var random = Random(seed: 90)
    let pool = try [
      editing("a1", edit("args.a", "1")), editing("a2", edit("args.a", "2")), editing("no a", edit("args.a")),
      editing("b", edit("args.b.c", "1"), edit("args.b.d", "[]")),
      editing("whole b", edit("args.b", #"{"c":1,"d":[]}"#)),
      editing("after", edit("args.e", "true")) { $0.when = try test("args.a", ["eq": "1"], fallback: "0") },
      editing("watch", edit("args.f", "1")) { $0.mode = .observe },
      rule("list") { $0.require = try test("args.list[*]", ["lte": "5"], optional: .absentOrNull) },
      rule("all") { $0.require = try test("args.**", ["lt": "9"]) },
    ]
    let samples = [
      "{}", #"{"a":1}"#, #"{"a":2,"z":8}"#, #"{"a":9}"#, #"{"b":{}}"#, #"{"b":5}"#, #"{"list":[1,6]}"#,
      #"{"list":"x"}"#,
      #"{"e":true,"a":1,"b":{"d":[]}}"#,
    ]
    for _ in 0..<150 {
      let chosen = pool.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
      let arguments = samples.randomElement(using: &random) ?? "{}"
      let one = try decide(policy(["*": chosen]), arguments)
      let other = try decide(policy(["*": chosen.shuffled(using: &random)]), arguments)
      #expect(one.decision.isAllowed == other.decision.isAllowed, "\(chosen.map(\.name)) \(arguments)")
      #expect(!one.decision.isAllowed || one.arguments == other.arguments)
      guard !one.decision.isAllowed, let more = pool.randomElement(using: &random) else { continue }
      guard !chosen.contains(where: { $0.name == more.name }) else { continue }
      #expect(
        try !decide(policy(["*": chosen + [more]]), arguments).decision.isAllowed, "\(more.name) helps \(arguments)")
    }
  }

  @Test("is explained")
  func explained() throws {
    let rules = try policy(["*": [try editing("fix", edit("args.t", #""x""#), edit("args.d"))]])
    let lines = try decide(rules, #"{"d":1}"#, explain: true).decision.trace.map(\.text)
    #expect(lines.contains(#"sets args.t to "x""#) && lines.contains("removes args.d"))
    #expect(lines.contains("the call is judged once more, with these arguments"))
  }
}
