import Testing
import Wire

@testable import Policy

@Suite("Judging by counts, whatever a store answers")
struct CountingJudgementTests {
  private static let counter = StateCounter(path: "state.t.c", counter: "c", window: 60_000_000_000, algorithm: .fixed)

  private static func most(_ value: Int) throws -> Condition {
    let operand = JSON.number(ExactNumber(value))
    return .count(try CountTest(counter, [("lte", operand)], dialect: .intercept, place: here))
  }

  private func judging(_ rules: Rule...) throws -> Judging {
    var set = RuleSet()
    set.tools = [RuleSet.Section(pattern: try NamePattern("*"), rules: rules)]
    return try set.judge(call("t", #"{"a":1}"#))
  }

  private static let counting = rule("tally") { $0.state = StateIncrement(counter: counter, cost: .fixed(2)) }

  @Test("a claim has what rules add and what they look at, and then what they demand")
  func claim() throws {
    let judging = try judging(
      rule("cap") { $0.require = try CountingJudgementTests.most(5) }, CountingJudgementTests.counting)
    let claim = try #require(judging.claim)
    #expect(claim.reservations.map(\.amount) == [0, 2])
    #expect(claim.reservations.allSatisfy { $0.max == nil && $0.key.counter == "c" })
    #expect(claim.demands == [.comparison(Demand.Comparison(index: 0, relation: .lte, value: 5))])
    #expect(!claim.wantsCounts)
    judging.resume(with: ReservationAnswer.granted(ReservationID(number: 1), counts: [2, 2]))
    #expect(judging.decision?.isAllowed == true)
  }

  @Test("an unmet demand refuses, and says what is left and when")
  func unmet() throws {
    let judging = try judging(
      CountingJudgementTests.counting, rule("cap") { $0.require = try CountingJudgementTests.most(5) })
    judging.resume(with: .unmet(demand: 0, counts: [6, 6], retryAfter: 1_500_000_000))
    let refusal = try #require(judging.decision?.refusal)
    #expect(refusal.rule == "cap")
    #expect(refusal.reason == "state.t.c must be at most 5; this call would make it 6; next in 2 s")
    #expect(refusal.retryAfterSeconds == 2)
    #expect(refusal.remaining == 1)
  }

  @Test("what refuses comes before what a person is asked, wherever the rules stand")
  func order() throws {
    let asks = try rule("person", .requireApproval) { $0.when = .not(try CountingJudgementTests.most(1)) }
    let cap = try rule("cap") { $0.require = try CountingJudgementTests.most(5) }
    for rules in [[asks, cap], [cap, asks]] {
      let judging = try judging(rules[0], rules[1], CountingJudgementTests.counting)
      #expect(
        judging.claim?.demands.map(\.comparisons).map { $0.map(\.value) } == [[5], [1]])
      judging.resume(with: .unmet(demand: 1, counts: [2, 2, 2], retryAfter: nil))
      let question = try #require(judging.decision?.question)
      #expect(question.rule == "person")
      #expect(question.reason.hasPrefix("needs a person's approval, and no way to ask is set up (state.t.c must be"))
    }
  }

  @Test("what an observing rule demands is recorded, and the rest is asked for without it")
  func observing() throws {
    let judging = try judging(
      rule("cap") {
        $0.require = try CountingJudgementTests.most(1)
        $0.mode = .observe
      }, CountingJudgementTests.counting)
    #expect(judging.claim?.demands == [.comparison(Demand.Comparison(index: 1, relation: .lte, value: 1))])
    judging.resume(with: .unmet(demand: 0, counts: [2, 2], retryAfter: nil))
    let claim = try #require(judging.claim)
    #expect(claim.demands.isEmpty && claim.reservations.map(\.amount) == [2])
    judging.resume(with: ReservationAnswer.granted(ReservationID(number: 1)))
    #expect(judging.decision?.isAllowed == true)
    #expect(judging.decision?.observed.map(\.rule) == ["cap"])
  }

  @Test("a condition that arguments alone decide demands nothing of counts")
  func decided() throws {
    let either = try Condition.any([test("args.a", ["eq": "1"]), CountingJudgementTests.most(5)])
    #expect(try judging(rule { $0.require = either }).decision?.isAllowed == true)
    let both = try Condition.all([CountingJudgementTests.most(5), test("args.a", ["eq": "2"])])
    let refusal = try #require(try judging(rule("r") { $0.require = both }).decision?.refusal)
    #expect(refusal.reason == "args.a must be 2; it is 1", "what a count comes to is not known, and not to blame")
    let unknown = try Condition.any([test("args.b", ["eq": "2"]), CountingJudgementTests.most(5)])
    #expect(try judging(rule { $0.require = unknown }).claim?.demands.count == 1)
    #expect(try judging(rule("d", .deny) { $0.when = .all([both]) }).decision?.isAllowed == true)
  }

  @Test(
    "a store that names nothing of what was asked for refuses all the same",
    arguments: [
      ReservationAnswer.unmet(demand: 7, counts: [], retryAfter: nil),
      .unmet(demand: 0, counts: [], retryAfter: nil), .unmet(demand: -1, counts: [1], retryAfter: 5),
      .exhausted(index: 9, used: 3, retryAfter: 1), .exhausted(index: 1, used: 3, retryAfter: 1), .unavailable("gone"),
    ])
  func oddAnswers(answer: ReservationAnswer) throws {
    let judging = try judging(
      CountingJudgementTests.counting, rule("cap") { $0.require = try CountingJudgementTests.most(5) })
    judging.resume(with: answer)
    #expect(judging.decision?.refusal != nil)
  }
}
