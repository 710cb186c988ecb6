import Policy
import Randomness
import Testing
import Wire

@Suite("A judgement")
struct JudgementTests {
  private func limit(
    _ counter: String = "c", max: Int = 30, seconds: Int64 = 60, per: [RateLimit.Partition] = []
  ) -> RateLimit {
    RateLimit(max: max, window: seconds * 1_000_000_000, per: per, counter: counter, place: here)
  }

  private func script(_ number: Int) -> ScriptReference {
    ScriptReference(script: number, parameters: .object([]))
  }

  private func limited(_ name: String, _ counter: String, _ mode: RuleSet.Mode? = nil) -> Rule {
    rule(name) {
      $0.rateLimits = [limit(counter)]
      $0.mode = mode
    }
  }

  @Test("asks for places once everything else has passed, and keeps the reservation")
  func reserve() throws {
    let judgement = try policy(["*": [limited("r", "c")]]).judge(call("t"))
    let asked = try #require(judgement.reservations)
    #expect(asked.map(\.key) == [CounterKey(counter: "c", partition: [])])
    #expect(asked.first?.max == 30)
    #expect(asked.first?.window == 60_000_000_000)
    judgement.resume(with: ReservationAnswer.granted(ReservationID(number: 7)))
    #expect(judgement.decision?.isAllowed == true)
    #expect(judgement.decision?.reservation == .one(ReservationID(number: 7)))
  }

  @Test("says how much is used and when to try again")
  func exhausted() throws {
    let judgement = try policy(["*": [limited("r", "c")]]).judge(call("t"))
    judgement.resume(with: .exhausted(index: 0, used: 30, retryAfter: 11_000_000_001))
    #expect(
      judgement.decision?.refusal
        == Refusal(rule: "r", reason: "30 of 30 used; next in 12 s", retryAfterSeconds: 12, remaining: 0))
  }

  @Test("adds what is used to the rule's own reason, and never says to try again at once")
  func exhaustedReason() throws {
    let rules = try policy([
      "*": [
        try rule("r") {
          $0.rateLimits = [limit(max: 2)]
          $0.reason = try ReasonTemplate("Slowly, {{args.who}}.")
        }
      ]
    ])
    let judgement = try rules.judge(call("t", #"{"who":"ann"}"#))
    judgement.resume(with: .exhausted(index: 0, used: 2, retryAfter: 0))
    #expect(judgement.decision?.refusal?.reason == "Slowly, ann. (2 of 2 used; next in 1 s)")
    #expect(judgement.decision?.refusal?.retryAfterSeconds == 1)
  }

  @Test("refuses where the store cannot be reached, and keeps why to itself")
  func unavailable() throws {
    let judgement = try policy(["*": [limited("r", "c")]]).judge(call("t"))
    judgement.resume(with: .unavailable("connection refused"))
    let refusal = try #require(judgement.decision?.refusal)
    #expect(refusal.rule == "r")
    #expect(refusal.fault == "connection refused")
    #expect(!refusal.reason.contains("connection"))
  }

  @Test("a limit of 0 passes nothing and asks nobody")
  func zero() throws {
    let rules = try policy(["*": [rule("r") { $0.rateLimits = [limit(max: 0)] }]])
    let refusal = try rules.decision(call("t")).refusal
    #expect(refusal?.reason == "the limit is 0: no call passes")
    #expect(refusal?.retryAfterSeconds == nil)
  }

  @Test(
    "a refused call, or one that a person is to decide, costs nothing", arguments: [Rule.Action.deny, .requireApproval])
  func costsNothing(_ action: Rule.Action) throws {
    for rules in [[limited("r", "c"), rule("no", action)], [rule("no", action), limited("r", "c")]] {
      #expect(try policy(["*": rules]).judge(call("t")).decision != nil)
    }
  }

  @Test("a rule whose checks fail, or that does not apply, takes no place")
  func ownChecks() throws {
    let rules = try policy([
      "*": [
        try rule("r") {
          $0.when = try test("args.x", ["eq": "1"])
          $0.rateLimits = [limit()]
        }
      ]
    ])
    #expect(try rules.judge(call("t", #"{"x":2}"#)).decision?.isAllowed == true)
    #expect(try rules.judge(call("t", #"{"x":1}"#)).reservations?.count == 1)
  }

  @Test("counts by whom the limit says, and confuses none with another")
  func partitions() throws {
    func key(_ per: [RateLimit.Partition], _ call: Call) throws -> [UInt8]? {
      try policy(["*": [rule { $0.rateLimits = [limit(per: per)] }]]).judge(call)
        .reservations?.first?.key.partition
    }
    let value = RateLimit.Partition.value(try Path("args.u"))
    let other = RateLimit.Partition.value(try Path("args.v"))
    func arguments(_ text: String) throws -> Call { try call("t", text) }
    let all = [
      try key([value], arguments(#"{"u":"5"}"#)), try key([value], arguments(#"{"u":"05"}"#)),
      try key([value], arguments(#"{"u":true}"#)), try key([value], arguments(#"{"u":false}"#)),
      try key([value], arguments(#"{"u":""}"#)), try key([value, other], arguments(#"{"u":"a","v":"b"}"#)),
      try key([value, other], arguments(#"{"u":"ab","v":""}"#)),
      try key([value, other], arguments(#"{"u":"","v":"ab"}"#)),
      try key([], arguments("{}")), try key([.session], arguments("{}")), try key([.tool], arguments("{}")),
      try key([.client], arguments("{}")),
    ]
    #expect(all.allSatisfy { $0 != nil })
    #expect(Set(all).count == all.count)
    #expect(try key([value], arguments(#"{"u":5}"#)) == key([value], arguments(#"{"u":"5"}"#)))
    #expect(try key([value], arguments(#"{"u":true}"#)) == key([value], arguments(#"{"u":"true"}"#)))
    #expect(try key([value], arguments(#"{"u":1.0}"#)) == key([value], arguments(#"{"u":1e0}"#)))
    #expect(try key([value], arguments(#"{"u":"a"}"#)) == key([value], arguments(#"{"u":"\u0061"}"#)))
  }

  @Test("counts all that are not known as one, apart from any that is")
  func unknownPartitions() throws {
    for per in [RateLimit.Partition.client, .principal, .server] {
      func key(_ context: (inout Call.Context) throws -> Void) throws -> CounterKey? {
        try policy(["*": [rule { $0.rateLimits = [limit(per: [per])] }]])
          .judge(call("t", context: context)).reservations?.first?.key
      }
      let nobody = try key { _ in }
      let odd = try key {
        $0.client = try value(#"{"name":5}"#)
        $0.server = try value("{}")
        $0.principal = try value(#"{"subject":null}"#)
      }
      let blank = try key {
        $0.client = try value(#"{"name":""}"#)
        $0.server = try value(#"{"name":""}"#)
        $0.principal = try value(#"{"subject":""}"#)
      }
      #expect(nobody != nil)
      #expect(nobody == odd)
      #expect(nobody != blank)
    }
  }

  @Test(
    "refuses a call that cannot be counted by its value",
    arguments: ["{}", #"{"u":null}"#, #"{"u":[1]}"#, #"{"u":{}}"#, #"{"u":"\#(String(repeating: "x", count: 2000))"}"#])
  func uncountable(_ arguments: String) throws {
    let rules = try policy(["*": [try rule("r") { $0.rateLimits = [limit(per: [.value(try Path("args.u"))])] }]])
    let refusal = try #require(try rules.decision(call("t", arguments)).refusal)
    #expect(refusal.rule == "r")
    #expect(refusal.reason.hasPrefix("args.u must be "))
  }

  @Test("asks validators in the order of their rules, with what they need")
  func scripts() throws {
    let rules = try policy([
      "a*": [rule("one") { $0.script = script(3) }], "a": [rule("two") { $0.script = script(1) }],
    ]) { $0.limits.scriptMemory = 99 }
    let judgement = try rules.judge(call("a"))
    let questions = try #require(judgement.questions)
    #expect(questions.map(\.rule) == ["one", "two"])
    #expect(questions.map(\.reference.script) == [3, 1])
    #expect(questions.allSatisfy { $0.moment == noon && $0.limits.scriptMemory == 99 && $0.call.name == "a" })
    judgement.resume(with: [ScriptAnswer(verdict: .pass), ScriptAnswer(verdict: .pass)])
    #expect(judgement.decision?.isAllowed == true)
  }

  @Test("asks no validator of a call that is refused anyway")
  func noScripts() throws {
    let rules = try policy(["*": [rule { $0.script = script(0) }, rule("no", .deny)]])
    #expect(try rules.decision(call("t")).refusal?.rule == "no")
  }

  @Test("carries out what a validator says")
  func answers() throws {
    func answer(_ verdict: ScriptAnswer.Verdict, reason: String? = nil) throws -> Decision? {
      let rules = try policy([
        "*": [
          try rule("r") {
            $0.script = script(0)
            $0.reason = try reason.map { try ReasonTemplate($0) }
          }
        ]
      ])
      let judgement = try rules.judge(call("t"))
      judgement.resume(with: [ScriptAnswer(verdict: verdict)])
      return judgement.decision
    }
    #expect(
      try answer(.refuse(reason: "too red", retryAfterSeconds: 5))?.refusal
        == Refusal(rule: "r", reason: "too red", retryAfterSeconds: 5))
    #expect(
      try answer(.refuse(reason: "too red", retryAfterSeconds: nil), reason: "No.")?.refusal?.reason == "No. (too red)")
    #expect(try answer(.refuse(reason: nil, retryAfterSeconds: nil), reason: "No.")?.refusal?.reason == "No.")
    #expect(
      try answer(.refuse(reason: nil, retryAfterSeconds: nil))?.refusal?.reason == "the rule's script refuses this call"
    )
    #expect(
      try answer(.ask(reason: "big"))?.question?.reason
        == "needs a person's approval, and no way to ask is set up (big)")
    let fault = try #require(try answer(.fault(summary: "a.lua:3: nil", traceback: "at check"), reason: "No.")?.refusal)
    #expect(fault.fault == "a.lua:3: nil\nat check")
    #expect(!fault.reason.contains("a.lua") && !fault.reason.contains("No."))
  }

  @Test("a refusal by one validator outranks another's question")
  func refusalOutranks() throws {
    let rules = try policy(["*": [rule("one") { $0.script = script(0) }, rule("two") { $0.script = script(1) }]])
    let ask = ScriptAnswer(verdict: .ask(reason: nil))
    let refuse = ScriptAnswer(verdict: .refuse(reason: nil, retryAfterSeconds: nil))
    for answers in [[ask, refuse], [refuse, ask]] {
      let judgement = try rules.judge(call("t"))
      judgement.resume(with: answers)
      #expect(judgement.decision?.refusal != nil)
    }
  }

  @Test("a validator that does not answer refuses")
  func missingAnswer() throws {
    let rules = try policy(["*": [rule("one") { $0.script = script(0) }, rule("two") { $0.script = script(1) }]])
    let judgement = try rules.judge(call("t"))
    judgement.resume(with: [ScriptAnswer(verdict: .pass)])
    #expect(judgement.decision?.refusal?.rule == "two")
    #expect(judgement.decision?.refusal?.fault != nil)
  }

  @Test("asks for places after the validators, and for none if one refuses")
  func scriptsThenPlaces() throws {
    let rules = try policy(["*": [rule("one") { $0.script = script(0) }, limited("r", "c")]])
    let judgement = try rules.judge(call("t"))
    let refused = try rules.judge(call("t"))
    refused.resume(with: [ScriptAnswer(verdict: .refuse(reason: nil, retryAfterSeconds: nil))])
    #expect(refused.decision?.refusal?.rule == "one")
    judgement.resume(with: [ScriptAnswer(verdict: .pass)])
    #expect(judgement.reservations?.count == 1)
  }

  @Test("an answer that was not asked for changes nothing")
  func unasked() throws {
    let judgement = try policy(["*": [limited("r", "c")]]).judge(call("t"))
    judgement.resume(with: [ScriptAnswer(verdict: .refuse(reason: nil, retryAfterSeconds: nil))])
    #expect(judgement.reservations != nil)
    judgement.resume(with: ReservationAnswer.granted(ReservationID(number: 1)))
    judgement.resume(with: .exhausted(index: 0, used: 1, retryAfter: 1))
    #expect(judgement.decision?.isAllowed == true)
  }

  @Test("an observing rule's validator is asked, and what it says is recorded")
  func observedScript() throws {
    let rules = try policy([
      "*": [
        rule("watch") {
          $0.script = script(0)
          $0.mode = .observe
        }, limited("r", "enforced"), limited("w", "observed", .observe),
      ]
    ])
    let judgement = try rules.judge(call("t"))
    #expect(judgement.questions?.count == 1)
    judgement.resume(with: [ScriptAnswer(verdict: .fault(summary: "broken", traceback: ""))])
    // Under enforce the call would have cost the observing rule's count nothing.
    #expect(judgement.reservations?.map(\.key.counter) == ["enforced"])
    judgement.resume(with: ReservationAnswer.granted(ReservationID(number: 1)))
    #expect(judgement.decision?.isAllowed == true)
    #expect(judgement.decision?.observed.map(\.rule) == ["watch"])
  }

  @Test("observed limits count as they would under enforce, and refuse nothing")
  func observedLimits() throws {
    let rules = try policy(["*": [limited("w", "observed", .observe), limited("r", "enforced")]])
    let judgement = try rules.judge(call("t"))
    #expect(judgement.reservations?.map(\.key.counter) == ["enforced", "observed"])
    let granted = try rules.judge(call("t"))
    granted.resume(with: ReservationAnswer.granted(ReservationID(number: 2)))
    #expect(granted.decision?.observed.isEmpty == true)
    let refused = try rules.judge(call("t"))
    refused.resume(with: .exhausted(index: 0, used: 30, retryAfter: 1))
    #expect(refused.decision?.refusal?.rule == "r")
    judgement.resume(with: .exhausted(index: 1, used: 30, retryAfter: 1))
    #expect(judgement.reservations?.map(\.key.counter) == ["enforced"])
    judgement.resume(with: ReservationAnswer.granted(ReservationID(number: 3)))
    #expect(judgement.decision?.isAllowed == true)
    #expect(judgement.decision?.reservation == .one(ReservationID(number: 3)))
    #expect(judgement.decision?.observed.map(\.reason) == ["30 of 30 used; next in 1 s"])
  }

  @Test("where everything observes, a full limit or a lost store forwards")
  func observedAlone() throws {
    let rules = try policy(["*": [limited("w", "observed", .observe)]])
    for answer in [ReservationAnswer.exhausted(index: 0, used: 30, retryAfter: 1), .unavailable("gone")] {
      let judgement = try rules.judge(call("t"))
      judgement.resume(with: answer)
      #expect(judgement.decision?.isAllowed == true)
      #expect(judgement.decision?.observed.count == 1)
    }
  }

  @Test("a store that is lost is asked again without what only observes, which refuses nothing")
  func observedBesideLost() throws {
    let rules = try policy(["*": [limited("r", "enforced"), limited("w", "observed", .observe)]])
    let judgement = try rules.judge(call("t"))
    judgement.resume(with: .unavailable("gone"))
    #expect(judgement.reservations?.map(\.key.counter) == ["enforced"])
    judgement.resume(with: ReservationAnswer.granted(ReservationID(number: 3)))
    #expect(judgement.decision?.isAllowed == true)
    #expect(judgement.decision?.observed.map(\.rule) == ["w"])
    let lost = try rules.judge(call("t"))
    for _ in 0..<2 { lost.resume(with: .unavailable("gone")) }
    #expect(lost.decision?.refusal?.rule == "r")
  }

  @Test("explains itself only when asked to, with every rule, every condition and the value it saw")
  func explains() throws {
    let rules = try policy([
      "*": [
        try rule("one") {
          $0.when = .any([try test("args.a", ["eq": "1"]), .not(try test("args.b", ["exists": "true"]))])
          $0.require = try test("args.b", ["length": #"{"lte":3}"#], optional: .absentOrNull)
        }, rule("two", .deny) { $0.mode = .observe },
      ]
    ])
    let made = try call("t", #"{"a":2}"#)
    #expect(try rules.decision(made).trace.isEmpty)
    let trace = try #require(rules.judge(made, at: noon, explain: true).decision?.trace)
    #expect(
      trace.map { String(repeating: "  ", count: $0.depth) + $0.text } == [
        "one (evaluate)", "  when: holds", "    any: holds", "      args.a eq: fails (2)", "      not: holds",
        "        args.b exists: fails (absent)", "  require: holds", "    args.b is optional: holds (absent)",
        "two (deny, observing)", "  would refuse: the policy denies this call", "allowed",
      ])
    #expect(trace.dropLast().allSatisfy { $0.rule != nil })
  }

  @Test("scripts are asked in an order of their own, wherever their rules stand; what they say is told in the rules'")
  func askedInOrder() throws {
    func scripted(_ name: String, _ identity: Name, _ parameters: Int64, _ mode: RuleSet.Mode? = nil) -> Rule {
      rule(name) {
        $0.script = ScriptReference(
          script: 0, parameters: .object([("n", .number(ExactNumber(parameters)))]), identity: identity)
        $0.mode = mode
      }
    }
    var rules = [
      scripted("observed", "a", 1, .observe), scripted("enforced", "a", 1), scripted("other with", "a", 2),
      scripted("other script", "b", 1),
    ]
    var random = Random(seed: 1)
    for _ in 0..<24 {
      rules.shuffle(using: &random)
      let judging = try policy(["*": rules]).judge(try call())
      let asked = try #require(judging.questions).map(\.rule)
      #expect(asked == ["enforced", "observed", "other with", "other script"])
      judging.resume(with: asked.map { ScriptAnswer(verdict: .refuse(reason: $0, retryAfterSeconds: nil)) })
      let refusal = try #require(judging.decision?.refusal)
      #expect(refusal.rule == rules.first { $0.mode == nil }?.name && refusal.reason == refusal.rule)
    }
  }
}
