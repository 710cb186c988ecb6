import Policy
import Testing
import Wire

@testable import PolicyFiles

@Suite("The two older dialects load unchanged, with the same verdicts")
struct DialectTests {
  @Test("a catalogue card: thirty calls a minute for each session, and a tool that is denied")
  func card() throws {
    let policy = try load(
      """
      tools:
        luma_generate_video_from_image:
          rules:
            - action: allow
              rate_limit:
                max: 30
                window: 60
        luma_delete_generation:
          rules:
            - action: deny
              reason: Deleting generations needs a person.
      """
    ).get()
    #expect(policy.warnings.isEmpty)
    let limit = try #require(policy.rules.tools[0].rules[0].rateLimits.first)
    #expect(limit.window == 60_000_000_000)
    var judge = Judge(policy.rules)
    for _ in 0..<30 {
      #expect(try judge.call("luma_generate_video_from_image", "{}") == "allowed")
    }
    #expect(try judge.call("luma_generate_video_from_image", "{}").hasPrefix("refused: rule 1: "))
    #expect(try judge.call("luma_generate_video_from_image", "{}", session: "another") == "allowed")
    #expect(
      try judge.call("luma_delete_generation", "{}") == "refused: rule 1: Deleting generations needs a person.")
    #expect(try judge.call("luma_generate_video", "{}") == "allowed")
  }

  @Test(
    "catalogue card: any maximum and any window, one tool beside the other",
    arguments: [1, 2, 5, 30], [1, 60, 90, 3_600, 86_400])
  func cards(max: Int, window: Int) throws {
    let tools = (0..<20).map { number in
      """
        tool_\(number):
          rules:
            - action: allow
              rate_limit: { max: \(max + number % 3), window: \(window) }
      """
    }
    let text = "tools:\n\(tools.joined(separator: "\n"))\n  gone:\n    rules: [{ action: deny, reason: no more }]\n"
    let policy = try load(text).get()
    #expect(policy.warnings.isEmpty)
    var judge = Judge(policy.rules)
    for number in [0, 7, 19] {
      for session in ["a", "b"] {
        let start = judge.time + 1
        judge.time = start
        let most = max + number % 3
        for _ in 0..<most { #expect(try judge.call("tool_\(number)", "{}", session: session) == "allowed") }
        judge.time = start + Double(window) - 0.25
        #expect(
          try judge.call("tool_\(number)", "{}", session: session)
            == "refused: rule 1: \(most) of \(most) used; next in 1 s")
        judge.time = start + Double(window)
        #expect(try judge.call("tool_\(number)", "{}", session: session) == "allowed")
      }
    }
    #expect(try judge.call("gone", "{}") == "refused: rule 1: no more")
  }

  @Test(
    "a rule is of the older form, by any of its words",
    arguments: [
      "conditions: [{ path: args.a, op: eq, value: \"5\" }]",
      "on_deny: no, require: [{ path: args.a, op: eq, value: \"5\" }]",
      "state: { counter: c, window: day }, conditions: [{ path: args.a, op: eq, value: \"5\" }]",
      "state: { counter: c, window: day, increment_from: args.a }, require: [{ path: args.a, op: eq, value: \"5\" }]",
    ])
  func words(rule: String) throws {
    #expect(try Judge.passes("{ \(rule) }", #"{"a":5}"#))
    #expect(try Judge.passes("{ \(rule) }", #"{"a":6}"#) == false)
  }

  @Test(
    "later Intercept: an approval's timeout, in the spellings of Go",
    arguments: [
      ("30m", 1_800), ("90s", 90), ("1h30m", 5_400), ("2h", 7_200), ("1h0m5s", 3_605), ("300", 300),
    ] as [(String, Int64)])
  func approvalTimeout(text: String, seconds: Int64) throws {
    let rule = try rule("{ action: require_approval, approval_timeout: \(text) }")
    #expect(rule.approvalTimeout == seconds * 1_000_000_000)
  }

  @Test(
    "later Intercept: what is no time", arguments: ["30", "soon", "m", "1m1h", "1m1m", "-5m", "400d", "\"\"", "500ms"])
  func noTimeout(text: String) {
    let quoted = text.hasPrefix("\"") ? text : "\"\(text)\""
    let found = findings("tools: { a: { rules: [{ action: require_approval, approval_timeout: \(quoted) }] } }")
    #expect(found.count == 1 && found[0].contains("MG3104"), "\(found)")
  }

  private static let intercept = """
    version: "1"
    description: "Stripe MCP server policies"
    default: "deny"

    hide:
      - delete_customer

    tools:
      list_customers:
        rules: []

      create_charge:
        rules:
          - name: "max single charge"
            conditions:
              - path: "args.amount"
                op: "lte"
                value: 50000
            on_deny: "Single charge cannot exceed $500.00"

          - name: "allowed currencies"
            action: "evaluate"
            conditions:
              - path: "args.currency"
                op: "in"
                value: ["usd", "eur"]
              - path: "args.metadata.order.id"
                op: "exists"
                value: true
            on_deny: "Only USD and EUR charges are permitted"

          - name: "account"
            conditions:
              - path: "args.account"
                op: "eq"
                value: "5"

          - name: "hourly charge limit"
            rate_limit: 2/hour
            on_deny: "Hourly limit of 2 charges reached"

      delete_repository:
        rules:
          - name: "block repo deletion"
            action: "deny"
            on_deny: "Repository deletion is not permitted via AI agents"

      refund:
        rules:
          - name: "large refunds"
            action: require_approval
            conditions:
              - path: "args.amount"
                op: "gt"
                value: 10000

      "*":
        rules:
          - name: "global rate limit"
            rate_limit: 60/minute
    """

  @Test(
    "Intercept v1",
    arguments: [
      ("list_customers", "{}", "allowed"),
      ("unlisted", "{}", "refused: default: the policy does not name this tool"),
      ("delete_repository", "{}", "refused: block repo deletion: Repository deletion is not permitted via AI agents"),
      (
        "create_charge", #"{"amount":50001,"currency":"usd","account":5,"metadata":{"order":{"id":1}}}"#,
        "refused: max single charge: Single charge cannot exceed $500.00"
      ),
      (
        "create_charge", #"{"amount":1,"currency":"gbp","account":5,"metadata":{"order":{"id":1}}}"#,
        "refused: allowed currencies: Only USD and EUR charges are permitted"
      ),
      (
        "create_charge", #"{"amount":1,"currency":"usd","account":5,"metadata":{"order":{}}}"#,
        "refused: allowed currencies: Only USD and EUR charges are permitted"
      ),
      ("create_charge", #"{"amount":1,"currency":"usd","account":5,"metadata":{"order":{"id":1}}}"#, "allowed"),
      ("create_charge", #"{"amount":1,"currency":"usd","account":"5","metadata":{"order":{"id":1}}}"#, "allowed"),
      ("refund", #"{"amount":10000}"#, "allowed"),
      ("refund", #"{"amount":10001}"#, "asks: large refunds: needs a person's approval, and no way to ask is set up"),
      ("refund", "{}", "asks: large refunds: needs a person's approval, and no way to ask is set up"),
    ])
  func intercept(tool: String, arguments: String, expected: String) throws {
    var judge = Judge(try load(DialectTests.intercept).get().rules)
    #expect(try judge.call(tool, arguments) == expected)
  }

  @Test("Intercept v1: a limit counts over all sessions, and hidden tools are refused")
  func interceptCounts() throws {
    let policy = try load(DialectTests.intercept).get()
    #expect(policy.warnings.isEmpty)
    #expect(policy.rules.hides("delete_customer"))
    var judge = Judge(policy.rules)
    let charge = #"{"amount":1,"currency":"usd","account":5,"metadata":{"order":{"id":1}}}"#
    #expect(try judge.call("create_charge", charge, session: "a") == "allowed")
    #expect(try judge.call("create_charge", charge, session: "b") == "allowed")
    let third = try judge.call("create_charge", charge, session: "c")
    #expect(third.hasPrefix("refused: hourly charge limit: Hourly limit of 2 charges reached"))
  }

  @Test("a list entry {path, op, value} is of that form; the same outside of a list is not")
  func lenient() throws {
    let entry = "require: [{ path: args.a, op: eq, value: \"5\" }]"
    #expect(try Judge.passes(entry, #"{"a":5}"#))
    #expect(try Judge.passes("require: { path: args.a, op: eq, value: \"5\" }", #"{"a":5}"#) == false)
    #expect(try Judge.passes("require: [{ args.a: \"5\" }]", #"{"a":5}"#) == false)
    #expect(try Judge.passes("conditions: [{ path: \"args.a[0]\", op: eq, value: 1 }]", #"{"a[0]":1}"#))
    #expect(try Judge.passes("require: { path: \"args.a[0]\", op: eq, value: 1 }", #"{"a":[1]}"#))
    #expect(throws: PolicyProblems.self) {
      try Judge.passes("require: [{ path: \"args.a[0]\", op: eq, value: 1 }]", #"{"a[0]":1}"#)
    }
    #expect(try Judge.passes("require: { path: \"args.a[0]\", op: eq, value: 1 }", #"{"a":[1]}"#))
  }
}
