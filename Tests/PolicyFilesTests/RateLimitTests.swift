import Policy
import Testing
import Wire

@testable import PolicyFiles

@Suite("rate_limit, in every spelling")
struct RateLimitTests {
  private func limit(_ text: String) throws -> RateLimit {
    try #require(try rule("rate_limit: \(text)").rateLimits.first)
  }

  private static let second: Int64 = 1_000_000_000

  @Test(
    "N/window counts all calls together",
    arguments: [
      ("30/minute", 30, 60), ("5/hour", 5, 3_600), ("1/second", 1, 1), ("100/day", 100, 86_400),
      ("7/week", 7, 604_800), ("3/90s", 3, 90), ("3/15m", 3, 900), ("3/6h", 3, 21_600), ("3/2d", 3, 172_800),
      ("\"30/minute\"", 30, 60),
    ])
  func short(text: String, max: Int, seconds: Int64) throws {
    let limit = try limit(text)
    #expect(limit.max == max)
    #expect(limit.window == seconds * RateLimitTests.second)
    #expect(limit.algorithm == .sliding)
    #expect(limit.per.isEmpty)
  }

  @Test(
    "a map counts for each session",
    arguments: [("60", 60), ("minute", 60), ("90s", 90), ("\"day\"", 86_400), ("31622400", 31_622_400)])
  func map(window: String, seconds: Int64) throws {
    let limit = try limit("{ max: 30, window: \(window) }")
    #expect(limit.max == 30)
    #expect(limit.window == seconds * RateLimitTests.second)
    #expect(limit.per.map { "\($0)" } == ["session"])
  }

  @Test("algorithm")
  func algorithm() throws {
    #expect(try limit("{ max: 1, window: 1, algorithm: fixed }").algorithm == .fixed)
    #expect(try limit("{ max: 1, window: 1, algorithm: sliding }").algorithm == .sliding)
    #expect(try limit("{ max: 9, window: 1, algorithm: bucket }").algorithm == .bucket(burst: 9))
    #expect(try limit("{ max: 9, window: month, algorithm: bucket, burst: 3 }").algorithm == .bucket(burst: 3))
    #expect(
      findings("tools: { a: { rules: [{ rate_limit: { max: 1, window: 1, burst: 2 } }] } }").map { $0.prefix(11) }
        == ["1:58 MG2102"])
  }

  @Test(
    "per",
    arguments: [
      ("session", ["session"]), ("client", ["client"]), ("principal", ["principal"]), ("tool", ["tool"]),
      ("server", ["server"]), ("all", []), ("[all]", []), ("[session, tool]", ["session", "tool"]),
      ("args.account", ["args.account"]),
      ("[principal, \"args['odd.name'].x[0]\"]", ["principal", "args['odd.name'].x[0]"]),
    ])
  func per(text: String, expected: [String]) throws {
    let found = try limit("{ max: 1, window: 1, per: \(text) }").per.map { partition in
      if case .value(let path) = partition { path.description } else { "\(partition)" }
    }
    #expect(found == expected)
  }

  @Test("its counter is named by the tool's key and the rule, and by nothing that an edit elsewhere changes")
  func counter() throws {
    func counters(_ text: String) throws -> [String] {
      try load(text).get().rules.tools.flatMap(\.rules).flatMap(\.rateLimits).map(\.counter)
    }
    let before = try counters("tools: { a: { rules: [{ name: x, rate_limit: 5/hour }] } }")
    let after = try counters(
      "description: d\ntools: { b: { rules: [] }, a: { rules: [{ action: deny }, { name: x, rate_limit: 9/day }] } }")
    #expect(before == after)
    let all = try counters(
      """
      tools:
        a: { rules: [{ name: 'b"]["c', rate_limit: 1/day }, { rate_limit: 1/day }, { rate_limit: 1/day }] }
        'a"]\\["b': { rules: [{ name: c, rate_limit: 1/day }, { rate_limit: 1/day }] }
        '*': { rules: [{ rate_limit: 1/day }] }
      """)
    #expect(all.count == 6)
    #expect(Set(all).count == 6)
  }

  @Test("the longest window is 366 days")
  func longest() throws {
    #expect(try limit("{ max: 1, window: 366d }").window == 366 * 86_400 * RateLimitTests.second)
    #expect(findings("tools: { a: { rules: [{ rate_limit: 1/367d }] } }").map { $0.suffix(35).prefix(6) }.count == 1)
    #expect(
      findings("tools: { a: { rules: [{ rate_limit: 1/0s }] } }") == ["1:37 MG3007 the window \"0s\" is too short"])
  }

  @Test("on_tool_error: release gives places back that a tool's own error would keep")
  func refund() throws {
    #expect(try limit("{ max: 1, window: 1, on_tool_error: release }").refund == .toolError)
    #expect(try limit("{ max: 1, window: 1, on_tool_error: keep }").refund == .notCarriedOut)
    #expect(try limit("{ max: 1, window: 1 }").refund == .notCarriedOut)
    let budget = try rule("budget: { max: 1, window: day, cost: 1, on_tool_error: release }").budgets.first
    #expect(budget?.refund == .toolError)
  }

  @Test(
    "concurrency, in every spelling",
    arguments: [("4", 4, []), ("{ max: 2 }", 2, []), ("{ max: 2, per: [principal, tool] }", 2, ["principal", "tool"])])
  func concurrency(text: String, max: Int, per: [String]) throws {
    let limit = try #require(try rule("concurrency: \(text)").rateLimits.first)
    #expect(limit.algorithm == .concurrency)
    #expect(limit.max == max)
    #expect(limit.per.map { "\($0)" } == per)
  }

  @Test("a rule can have both, each with a counter of its own")
  func both() throws {
    let limits = try rule("rate_limit: 4/minute\nconcurrency: 4").rateLimits
    #expect(limits.map(\.algorithm) == [.sliding, .concurrency])
    #expect(Set(limits.map(\.counter)).count == 2)
  }

  @Test(
    "mistakes in concurrency",
    arguments: [
      ("concurrency: 0", "MG3006"), ("concurrency: many", "MG3006"), ("concurrency: {}", "MG2007"),
      ("concurrency: { max: 4, window: 1 }", "MG2002"), ("concurrency: [4]", "MG3006"),
    ])
  func badConcurrency(text: String, code: String) {
    let found = findings("tools: { a: { rules: [{ \(text) }] } }")
    #expect(found.count == 1 && found[0].contains(code), "\(found)")
  }

  @Test("calls in flight are refused with what is in use, and no time")
  func inFlight() throws {
    var judge = Judge(try load("tools: { a: { rules: [{ name: two, concurrency: 2 }] } }").get().rules)
    #expect(try judge.call("a", "{}") == "allowed")
    #expect(try judge.call("a", "{}") == "allowed")
    #expect(
      try judge.call("a", "{}")
        == "refused: two: 2 of 2 calls are in flight; try again when one has ended")
    #expect(judge.refusal?.remaining == 0)
    #expect(judge.refusal?.retryAfterSeconds == nil)
  }

  @Test("a bucket lets a burst pass, then what it refills")
  func bucket() throws {
    var judge = Judge(
      try load(
        "tools: { a: { rules: [{ name: b, rate_limit: { max: 60, window: minute, algorithm: bucket, burst: 2 } }] } }"
      ).get().rules)
    #expect(try judge.call("a", "{}") == "allowed")
    #expect(try judge.call("a", "{}") == "allowed")
    #expect(try judge.call("a", "{}") == "refused: b: 2 of 2 used; next in 1 s")
    judge.time = 1
    #expect(try judge.call("a", "{}") == "allowed")
    #expect(try judge.call("a", "{}") == "refused: b: 2 of 2 used; next in 1 s")
  }

  @Test("long values are counted apart to their last letter, and their keys are short")
  func longValues() throws {
    let rules = try load(
      "tools: { a: { rules: [{ name: one, rate_limit: { max: 1, window: 1, per: args.user } }] } }"
    ).get().rules
    var judge = Judge(rules)
    let long = String(repeating: "ü", count: 300)
    for user in [long + "1", long + "2", "short"] {
      #expect(try judge.call("a", #"{"user":"\#(user)"}"#) == "allowed")
      #expect(try judge.call("a", #"{"user":"\#(user)"}"#).hasPrefix("refused: one: 1 of 1 used"))
    }
    #expect(judge.longestPartition == 37)
    #expect(
      try judge.call("a", #"{"user":"\#(String(repeating: "x", count: 1025))"}"#)
        == "refused: one: args.user must be at most 1024 bytes long: calls are counted by it")
  }
}
