import Policy
import Randomness
import Testing
import Wire

/// The message of a call of a tool, as a client sends it.
func message(_ tool: String, _ arguments: String?) throws -> Message {
  let member = arguments.map { #","arguments":\#($0)"# } ?? ""
  let line = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\#(tool)"\#(member)}}"#
  guard case .single(let message) = try MessageReader(side: .client).read(Array(line.utf8)) else { throw NoMessage() }
  return message
}

struct NoMessage: Error {}

func replace(_ text: String) throws -> ScriptAnswer.Verdict {
  .replace(try #require(NewArguments(Array(text.utf8))))
}

@Suite("A call whose arguments validators replace")
struct RewritingTests {
  /// Drives a judgement of a call: `answers` are the validators', by rule and by the arguments they are asked about.
  private struct Drive {
    var message: Message
    var decision: Decision
    var released: [ReservationID] = []
    var asked: [[String]] = []

    init(
      _ rules: RuleSet, _ arguments: String?, explain: Bool = false,
      _ answers: (_ rule: String, _ arguments: String) throws -> ScriptAnswer
    ) throws {
      message = try PolicyTests.message("t", arguments)
      let call = try #require(try message.call(in: Call.Context(session: "s")))
      var judgement = rules.decide(call, at: noon, explain: explain)
      while true {
        switch judgement.step {
        case .decided(let decision):
          self.decision = decision
          return
        case .ask(let questions):
          asked.append(questions.map(\.rule))
          judgement.resume(
            with: try questions.map {
              try answers($0.rule, String(decoding: $0.call.arguments?.source ?? [], as: UTF8.self))
            })
        case .rewrite(let ids):
          released += ids
          message = judgement.resume(rewriting: message) ?? message
        case .reserve:
          judgement.resume(with: ReservationAnswer.granted(ReservationID(number: 99)))
        }
      }
    }

    var arguments: String {
      String(decoding: message.params?["arguments"]?.source ?? [], as: UTF8.self)
    }
  }

  private func asking(_ names: String...) throws -> RuleSet {
    try policy(["*": names.enumerated().map { position, name in scripted(name, position) }])
  }

  private func scripted(_ name: String, _ position: Int = 0, _ mode: RuleSet.Mode? = nil) -> Rule {
    rule(name) {
      $0.script = ScriptReference(script: position, parameters: .object([]))
      $0.mode = mode
    }
  }

  @Test("is judged once more by every rule, as it will be sent, and sent so")
  func rewritten() throws {
    let limit = rule("limit") {
      $0.rateLimits = [RateLimit(max: 3, window: 1, per: [], counter: "c", place: here)]
    }
    let rules = try policy(["*": [scripted("cap"), scripted("look", 1), limit]])
    let drive = try Drive(rules, #"{"n": 900}"#) { rule, arguments in
      ScriptAnswer(verdict: rule == "cap" && arguments != #"{"n":50}"# ? try replace(#"{"n":50}"#) : .pass)
    }
    #expect(drive.decision.isAllowed)
    #expect(drive.asked == [["cap", "look"], ["cap", "look"]])
    #expect(drive.arguments == #"{"n":50}"#)
    #expect(drive.decision.reservation == .one(ReservationID(number: 99)), "places are taken once, at the end")
    #expect(drive.decision.rewrites.map(\.rule) == ["cap"])
  }

  @Test("is refused if a rule objects to it as it was, or as it became")
  func objections() throws {
    let cap = scripted("cap")
    let most = try rule("most") { $0.require = try test("args.n", ["lte": "100"]) }
    let before = try Drive(policy(["*": [cap, most]]), #"{"n":900}"#) { _, _ in
      ScriptAnswer(verdict: try replace(#"{"n":50}"#))
    }
    #expect(before.decision.refusal?.rule == "most" && before.asked.isEmpty)
    let after = try Drive(policy(["*": [cap, most]]), #"{"n":9}"#) { _, _ in
      ScriptAnswer(verdict: try replace(#"{"n":500}"#))
    }
    #expect(after.decision.refusal?.rule == "most" && after.asked.count == 1)
    let alias = try Drive(policy(["*": [cap, most]]), #"{"n":9}"#) { _, _ in
      ScriptAnswer(verdict: try replace(#"{"n":9,"other":{"N":1,"x":2}}"#))
    }
    #expect(alias.decision.isAllowed == false || alias.asked.count == 2)
    let ambiguous = try Drive(policy(["*": [cap, most]]), #"{"n":9}"#) { _, _ in
      ScriptAnswer(verdict: try replace(#"{"N":9}"#))
    }
    #expect(ambiguous.decision.refusal?.reason.contains("ambiguous") == true)
  }

  @Test("what refuses or asks a person about the call as it was stands: a rewriting never helps a call")
  func neverHelps() throws {
    for verdict in [ScriptAnswer.Verdict.ask(reason: nil), .refuse(reason: nil, retryAfterSeconds: nil)] {
      for names in [["cap", "no"], ["no", "cap"]] {
        let drive = try Drive(asking(names[0], names[1]), #"{"n":900}"#) { rule, _ in
          ScriptAnswer(verdict: rule == "cap" ? try replace(#"{"n":50}"#) : verdict)
        }
        #expect(!drive.decision.isAllowed && drive.asked.count == 1)
      }
    }
  }

  @Test(
    "what is handed back unchanged changes nothing, not even a spelling",
    arguments: [
      (#"{"a": 1.50, "b": "\u0061"}"#, #"{"a":1.5,"b":"a"}"#), (#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#), ("{ }", "{}"),
      (nil, "{}"),
    ] as [(String?, String)])
  func unchanged(_ arguments: String?, _ back: String) throws {
    let drive = try Drive(asking("same"), arguments) { _, _ in ScriptAnswer(verdict: try replace(back)) }
    #expect(drive.decision.isAllowed && drive.asked.count == 1)
    #expect(drive.arguments == arguments ?? "" && drive.decision.rewrites.isEmpty)
  }

  @Test("a call without arguments gets some")
  func absent() throws {
    let drive = try Drive(asking("add"), nil) { _, _ in ScriptAnswer(verdict: try replace(#"{"a":1}"#)) }
    #expect(drive.decision.isAllowed && drive.arguments == #"{"a":1}"#)
  }

  @Test("is not rewritten a second time: that is an objection")
  func twice() throws {
    let drive = try Drive(asking("grow"), #"{"s":"a"}"#) { _, arguments in
      ScriptAnswer(verdict: try replace(arguments.replacing("a\"", with: "aa\"")))
    }
    #expect(drive.decision.refusal?.rule == "grow")
    #expect(
      drive.decision.refusal?.reason == "this call was rewritten, and the rule's script would rewrite it once more")
    #expect(drive.asked.count == 2)
  }

  @Test("two rules that want different things sent refuse it, and both are named; the same thing, they do not")
  func conflict() throws {
    for order in [["one", "two"], ["two", "one"]] {
      let different = try Drive(asking(order[0], order[1]), "{}") { rule, _ in
        ScriptAnswer(verdict: try replace(#"{"by":"\#(rule)"}"#))
      }
      let reason = try #require(different.decision.refusal?.reason)
      #expect(reason.contains("\"one\"") && reason.contains("\"two\""))
      let spelling = try Drive(asking(order[0], order[1]), "{}") { rule, _ in
        ScriptAnswer(verdict: try replace(rule == "one" ? #"{"n":1}"# : #"{"n":1.0}"#))
      }
      #expect(spelling.decision.refusal != nil, "which of them was sent would hang on the order of the rules")
    }
    let same = try Drive(asking("one", "two"), "{}") { _, _ in ScriptAnswer(verdict: try replace(#"{"n":1}"#)) }
    #expect(same.decision.isAllowed && same.decision.rewrites.map(\.rule) == ["one", "two"])
  }

  @Test("an observing rule rewrites nothing, and is recorded")
  func observed() throws {
    let drive = try Drive(policy(["*": [scripted("watch", 0, .observe)]]), #"{"n":1}"#) { _, _ in
      ScriptAnswer(verdict: try replace(#"{"n":2}"#))
    }
    #expect(drive.decision.isAllowed && drive.arguments == #"{"n":1}"# && drive.asked.count == 1)
    #expect(drive.decision.rewrites.map(\.isObserved) == [true] && drive.decision.observed.isEmpty)
    for rules in [
      [scripted("watch", 0, .observe), scripted("cap", 1)], [scripted("cap", 1), scripted("watch", 0, .observe)],
    ] {
      let both = try Drive(policy(["*": rules]), #"{"n":1}"#) { rule, arguments in
        ScriptAnswer(verdict: arguments == #"{"n":3}"# ? .pass : try replace(rule == "cap" ? #"{"n":3}"# : #"{"n":2}"#))
      }
      #expect(both.decision.isAllowed && both.arguments == #"{"n":3}"#)
      #expect(both.decision.observed.map(\.rule) == ["watch"], "enforced, the two would refuse the call")
    }
  }

  @Test("what an observing rule objects to twice is told once")
  func observedOnce() throws {
    let watch = rule("watch", .deny) { $0.mode = .observe }
    let drive = try Drive(policy(["*": [watch, scripted("cap")]]), #"{"n":1}"#) { _, arguments in
      ScriptAnswer(verdict: arguments == #"{"n":2}"# ? .pass : try replace(#"{"n":2}"#))
    }
    #expect(drive.decision.isAllowed && drive.decision.observed.map(\.rule) == ["watch"])
  }

  @Test(
    "arguments that could not be sent are a fault of the script",
    arguments: [#"{"a":1,"A":2}"#, "{\"a\":\n1}", #"{"s":"\#(String(repeating: "x", count: 2000))"}"#])
  func unsendable(_ arguments: String) throws {
    let rules = try policy(["*": [scripted("bad")]]) { $0.limits.messageBytes = 1000 }
    let drive = try Drive(rules, "{}") { _, _ in ScriptAnswer(verdict: try replace(arguments)) }
    let refusal = try #require(drive.decision.refusal)
    #expect(refusal.rule == "bad" && refusal.fault?.hasPrefix("check returned replace(…), but ") == true)
    #expect(refusal.reason == "this call could not be checked: the rule's script failed")
  }

  @Test("what scripts reserved for the call as it was is given back before it is judged again")
  func reservations() throws {
    var number: UInt64 = 0
    let drive = try Drive(asking("one", "two"), "{}") { rule, arguments in
      number += 1
      let verdict = rule == "one" && arguments == "{}" ? try replace(#"{"n":1}"#) : .pass
      return ScriptAnswer(verdict: verdict, reservations: [ReservationID(number: number)])
    }
    #expect(drive.released.map(\.number) == [1, 2])
    #expect(drive.decision.reservation == .several([ReservationID(number: 3), ReservationID(number: 4)]))
    #expect(drive.decision.released.isEmpty)
  }

  @Test(
    "what scripts reserved is given back where anything refuses, and what an observing rule's did where one objects")
  func refusedReservations() throws {
    func decide(_ rules: RuleSet, _ verdicts: [String: ScriptAnswer.Verdict]) throws -> Decision {
      try Drive(rules, "{}") { rule, _ in
        ScriptAnswer(
          verdict: verdicts[rule] ?? .pass, reservations: [ReservationID(number: rule == "one" ? 1 : 2)])
      }.decision
    }
    for verdict in [ScriptAnswer.Verdict.refuse(reason: nil, retryAfterSeconds: nil), .ask(reason: nil)] {
      let refused = try decide(asking("one", "two"), ["two": verdict])
      #expect(refused.reservation == nil && refused.released.map(\.number) == [1, 2])
    }
    let rules = try policy(["*": [scripted("one"), scripted("two", 1, .observe)]])
    #expect(try decide(rules, [:]).reservation == .several([ReservationID(number: 1), ReservationID(number: 2)]))
    let objecting = try decide(rules, ["two": .refuse(reason: nil, retryAfterSeconds: nil)])
    #expect(objecting.reservation == .one(ReservationID(number: 1)) && objecting.released.map(\.number) == [2])
  }

  @Test("an explanation tells of both judgements, and of what the scripts logged and where they failed")
  func explains() throws {
    let drive = try Drive(asking("cap", "broken"), #"{"n":9}"#, explain: true) { rule, arguments in
      if rule == "cap" { return ScriptAnswer(verdict: try replace(#"{"n":1}"#), log: ["capped"]) }
      let fault = ScriptAnswer.Verdict.fault(summary: "a.lua:2: oops", traceback: "a.lua:2: in f\na.lua:5: in check")
      return ScriptAnswer(verdict: arguments == #"{"n":1}"# ? fault : .pass)
    }
    #expect(
      drive.decision.trace.map { String(repeating: "  ", count: $0.depth) + $0.text } == [
        "cap (evaluate)", "broken (evaluate)", "  log: capped", #"  the script replaces the arguments: {"n":1}"#,
        "  the script has no objection", "the call is judged once more, with these arguments", "cap (evaluate)",
        "broken (evaluate)", "  log: capped", "  the script has no objection, and changes nothing",
        "  fault: a.lua:2: oops", "  fault: a.lua:2: in f", "  fault: a.lua:5: in check",
        "  refuses: this call could not be checked: the rule's script failed", "refused by broken",
      ])
  }

  @Test("which rule stands first changes no verdict and nothing that is sent", arguments: UInt64(0)..<200)
  func orderFree(_ seed: UInt64) throws {
    var random = Random(seed: seed)
    let choices = [#"{"n":1}"#, #"{"n":2}"#, #"{"n":1.0}"#, "{}"]
    var behaviours: [String: [String: ScriptAnswer.Verdict]] = [:]
    let names = ["one", "two", "three"].prefix(Int.random(in: 1...3, using: &random))
    for name in names {
      for arguments in choices {
        let verdict: ScriptAnswer.Verdict =
          switch Int.random(in: 0..<10, using: &random) {
          case 0: .refuse(reason: nil, retryAfterSeconds: nil)
          case 1: .ask(reason: nil)
          case 2, 3, 4: try replace(choices.randomElement(using: &random) ?? "{}")
          default: .pass
          }
        behaviours[name, default: [:]][arguments] = verdict
      }
    }
    var rules = names.enumerated().map { scripted($1, $0, Bool.random(using: &random) ? .observe : nil) }
    var seen: Set<String> = []
    for _ in 0..<4 {
      rules.shuffle(using: &random)
      let drive = try Drive(policy(["*": rules]), choices[0]) { rule, arguments in
        ScriptAnswer(verdict: behaviours[rule]?[arguments] ?? .pass)
      }
      let word =
        drive.decision.isAllowed ? "allowed \(drive.arguments)" : drive.decision.refusal == nil ? "asks" : "refused"
      seen.insert(word)
    }
    #expect(seen.count == 1, "\(seen), seed \(seed)")
  }
}
