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
      ("refund", #"{"amount":10001}"#, "asks: large refunds"),
      ("refund", "{}", "asks: large refunds"),
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
    #expect(try Judge.passes("require: [{ path: \"args.a[0]\", op: eq, value: 1 }]", #"{"a[0]":1}"#))
    #expect(try Judge.passes("require: { path: \"args.a[0]\", op: eq, value: 1 }", #"{"a":[1]}"#))
  }
}
