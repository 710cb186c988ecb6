import Policy
import Testing
import Wire

@testable import PolicyFiles

@Suite("budget and spend")
struct BudgetTests {
  private func budget(_ text: String) throws -> Budget {
    try #require(try rule("budget: \(text)").budgets.first)
  }

  private static let second: Int64 = 1_000_000_000

  @Test("a map counts for each session, and slides")
  func defaults() throws {
    let budget = try budget("{ max: 50.00, window: day, cost: args.amount }")
    #expect(budget.max == 50)
    #expect(budget.decimals == 2)
    #expect(budget.window == 86_400 * BudgetTests.second)
    #expect(budget.algorithm == .sliding)
    #expect(budget.per.map { "\($0)" } == ["session"])
    guard case .value(let path) = budget.cost else {
      Issue.record("not a path")
      return
    }
    #expect(path.description == "args.amount")
  }

  @Test(
    "per, algorithm and months",
    arguments: [
      ("{ max: 5, window: 1h, cost: 1, per: all }", 3_600, RateLimit.Algorithm.sliding, []),
      ("{ max: 5, window: day, cost: 1, algorithm: fixed, per: [client] }", 86_400, .fixed, ["client"]),
      ("{ max: 5, window: month, cost: 1, per: all }", 31 * 86_400, .sliding, []),
      ("{ max: 5, window: month, cost: 1, algorithm: fixed, per: all }", 31 * 86_400, .month, []),
      ("{ max: 5, window: 31d, cost: 1, algorithm: fixed, per: all }", 31 * 86_400, .fixed, []),
    ] as [(String, Int64, RateLimit.Algorithm, [String])])
  func spellings(text: String, seconds: Int64, algorithm: RateLimit.Algorithm, per: [String]) throws {
    let budget = try budget(text)
    #expect(budget.window == seconds * BudgetTests.second)
    #expect(budget.algorithm == algorithm)
    #expect(budget.per.map { "\($0)" } == per)
  }

  @Test("a rate limit by the month is one of the calendar where its windows are aligned")
  func months() throws {
    let limits = try ["{ max: 5, window: month, algorithm: fixed }", "5/month"].map {
      try #require(try rule("rate_limit: \($0)").rateLimits.first)
    }
    #expect(limits.map(\.algorithm) == [.month, .sliding])
    #expect(limits.allSatisfy { $0.window == 31 * 86_400 * BudgetTests.second })
  }

  @Test("a refusal says what is spent, what the call costs, and when the next passes")
  func refusal() throws {
    let text =
      "tools: { pay: { rules: [{ name: purse, budget: { max: 50.00, window: 60, cost: args.amount, per: args.who } }] } }"
    var judge = Judge(try load(text).get().rules)
    #expect(try judge.call("pay", #"{"amount":49.8,"who":"ada"}"#) == "allowed")
    judge.time = 10
    #expect(
      try judge.call("pay", #"{"amount":0.5,"who":"ada"}"#)
        == "refused: purse: 49.80 of 50.00 spent; this call costs 0.50; next in 50 s")
    #expect(judge.refusal?.retryAfterSeconds == 50)
    #expect(judge.refusal?.remaining == ExactNumber("0.2"))
    #expect(try judge.call("pay", #"{"amount":0.125,"who":"ada"}"#) == "allowed")
    #expect(try judge.call("pay", #"{"amount":0.5,"who":"bob"}"#) == "allowed")
    #expect(
      try judge.call("pay", #"{"amount":60,"who":"bob"}"#)
        == "refused: purse: this call costs 60.00, and all that may be spent is 50.00")
    #expect(judge.refusal?.retryAfterSeconds == nil, "waiting does not help")
    judge.time = 60
    #expect(try judge.call("pay", #"{"amount":49.875,"who":"ada"}"#) == "allowed")
  }

  @Test(
    "a cost that cannot be counted refuses the call, and says what to fix",
    arguments: [
      ("{}", "args.amount must be there: its value is counted"),
      (#"{"amount":-0.01}"#, "args.amount must not be negative: its value is counted"),
      (#"{"amount":"5"}"#, "args.amount must be a number: its value is counted; it is a string"),
      (#"{"amount":null}"#, "args.amount must be a number: its value is counted; it is null"),
      (#"{"amount":[5]}"#, "args.amount must be a number: its value is counted; it is an array"),
      (
        #"{"amount":1e300}"#,
        "args.amount must be a number with up to 24 digits before the point and 12 behind it: its value is counted"
      ),
      (
        #"{"amount":1e-300}"#,
        "args.amount must be a number with up to 24 digits before the point and 12 behind it: its value is counted"
      ),
    ])
  func uncountable(arguments: String, reason: String) throws {
    let text = "tools: { pay: { rules: [{ name: purse, budget: { max: 5, window: day, cost: args.amount } }] } }"
    var judge = Judge(try load(text).get().rules)
    #expect(try judge.call("pay", arguments) == "refused: purse: \(reason)")
    #expect(try judge.call("pay", #"{"amount":5.000}"#) == "allowed", "nothing has been spent, and nothing refilled")
    #expect(try judge.call("pay", #"{"amount":0}"#) == "allowed")
    #expect(try judge.call("pay", #"{"amount":-0.0}"#) == "allowed")
    #expect(try judge.call("pay", #"{"amount":0.000000000001}"#).hasPrefix("refused: purse: 5 of 5 spent"))
  }

  @Test("a thousand times 0.10 is exactly 100.00")
  func exact() throws {
    let text = "tools: { pay: { rules: [{ budget: { max: 100.00, window: day, cost: 0.10 } }] } }"
    var judge = Judge(try load(text).get().rules)
    for _ in 0..<1000 { #expect(try judge.call("pay", "{}") == "allowed") }
    #expect(try judge.call("pay", "{}").hasPrefix("refused: rule 1: 100.00 of 100.00 spent; this call costs 0.10"))
  }

  @Test("spend is a budget for each window, over all sessions")
  func spend() throws {
    let budgets = try rule("spend: { per_call: 0.50, hourly: 5, daily: 50.00, monthly: 500 }").budgets
    #expect(budgets.map(\.word) == ["spend.hourly", "spend.daily", "spend.monthly"])
    #expect(budgets.map(\.max) == [5, 50, 500])
    #expect(budgets.map(\.algorithm) == [.fixed, .fixed, .month])
    #expect(budgets.allSatisfy { $0.per.isEmpty && $0.decimals == 2 })
    #expect(Set(budgets.map(\.counter)).count == 3)
  }

  @Test("what one limit refuses, no other is charged for")
  func together() throws {
    let text = """
      tools:
        pay:
          rules:
            - { name: purse, budget: { max: 5, window: day, cost: args.amount } }
            - { name: pace, rate_limit: 2/day }
            - name: tally
              conditions: [{ path: state.pay.sum, op: lte, value: 4 }]
              state: { counter: sum, window: day, increment_from: args.amount }
      """
    var judge = Judge(try load(text).get().rules)
    #expect(try judge.call("pay", #"{"amount":6}"#).hasPrefix("refused: purse"))
    #expect(try judge.call("pay", #"{"amount":5}"#).hasPrefix("refused: tally"))
    #expect(try judge.call("pay", #"{"amount":3}"#) == "allowed")
    judge.giveBack()
    #expect(try judge.call("pay", #"{"amount":3}"#) == "allowed")
    #expect(try judge.call("pay", #"{"amount":2}"#).hasPrefix("refused: tally"))
    #expect(judge.refusal?.remaining == 1)
    #expect(judge.refusal?.retryAfterSeconds == 86_400)
    #expect(try judge.call("pay", #"{"amount":1}"#) == "allowed")
    #expect(try judge.call("pay", #"{"amount":0}"#).hasPrefix("refused: pace"))
  }

  @Test("in observe mode counts move, and nothing is refused")
  func observe() throws {
    let text = """
      tools:
        pay:
          rules:
            - { name: purse, mode: observe, budget: { max: 5, window: day, cost: args.amount } }
            - name: tally
              mode: observe
              conditions: [{ path: state.pay.sum, op: lte, value: 5 }]
              state: { counter: sum, window: day, increment_from: args.amount }
            - { name: pace, rate_limit: 3/day }
      """
    var judge = Judge(try load(text).get().rules)
    #expect(try judge.call("pay", #"{"amount":5}"#) == "allowed")
    #expect(judge.observed == [])
    #expect(try judge.call("pay", #"{"amount":1}"#) == "allowed")
    #expect(judge.observed == ["purse"])
    #expect(try judge.call("pay", #"{"amount":0}"#) == "allowed")
    #expect(judge.observed == [], "what was refused there has cost nothing")
    #expect(try judge.call("pay", #"{"amount":0}"#).hasPrefix("refused: pace"))
  }

  @Test("a `when` on a count applies the rule, and only what that count refuses")
  func when() throws {
    let text = """
      tools:
        pay:
          rules:
            - name: tally
              state: { counter: sum, window: day, increment_from: args.amount }
            - name: small ones after ten
              when: { state.pay.sum: { gt: 10 } }
              require: { args.amount: { lte: 1 } }
            - name: closed
              when: { state.pay.sum: { gte: 20 } }
              unless: { args.urgent: { eq: true, default: false } }
              action: deny
      """
    let policy = try load(text).get()
    #expect(policy.warnings.isEmpty)
    var judge = Judge(policy.rules)
    #expect(try judge.call("pay", #"{"amount":9}"#) == "allowed")
    #expect(
      try judge.call("pay", #"{"amount":2}"#)
        == "refused: small ones after ten: state.pay.sum must be at most 10; this call would make it 11; next in 86400 s"
    )
    for _ in 0..<10 { #expect(try judge.call("pay", #"{"amount":1}"#) == "allowed") }
    #expect(try judge.call("pay", #"{"amount":1}"#).hasPrefix("refused: closed: state.pay.sum must be less than 20"))
    #expect(try judge.call("pay", #"{"amount":1,"urgent":true}"#) == "allowed")
  }

  @Test("an explanation shows what was taken, and what conditions saw")
  func explained() throws {
    let text = """
      tools:
        pay:
          rules:
            - { name: purse, budget: { max: 5.00, window: day, cost: args.amount } }
            - name: tally
              conditions: [{ path: state.pay.sum, op: lte, value: 5 }]
              state: { counter: sum, window: day, increment_from: args.amount }
            - { name: person, action: require_approval, approval_timeout: 30m, when: { args.amount: { gt: 3 } } }
      """
    var judge = Judge(try load(text).get().rules)
    judge.isExplaining = true
    _ = try judge.call("pay", #"{"amount":1.5}"#)
    #expect(judge.trace.contains("state.pay.sum lte 5: judged when the call is counted"))
    #expect(judge.trace.contains("state.pay.sum lte 5: holds (1.5)"))
    #expect(judge.trace.contains("budget: 1.50 of 5.00 in 86400 s taken, 1.50 spent"))
    #expect(judge.trace.contains("state: 1.5 added to state.pay.sum, which makes it 1.5"))
    _ = try judge.call("pay", #"{"amount":3}"#)
    #expect(judge.trace.contains("budget: 3.00 of 5.00 in 86400 s taken, 4.50 spent"))
    _ = try judge.call("pay", #"{"amount":0.6}"#)
    #expect(judge.trace.contains { $0.hasPrefix("refuses: 4.50 of 5.00 spent; this call costs 0.60") })
    _ = try judge.call("pay", #"{"amount":4}"#)
    #expect(judge.trace.contains { $0.hasPrefix("asks a person, for 1800 s at most: needs a person's approval") })
  }
}
