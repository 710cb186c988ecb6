import Policy
import Scripting
import Testing
import Wire

@Suite("The contract between a script and the policy")
struct ContractTests {
  let script = OneScript()

  @Test(
    "no objection",
    arguments: [
      "return", "return nil", "return true", "return true, 'ignored'", "local x = 1", "return nil, nil, 'third'",
    ])
  func passes(_ body: String) async throws {
    #expect(try await script.judge(body).verdict == .pass)
  }

  @Test(
    "refused",
    arguments: [
      ("return false", nil), ("return false, nil", nil), ("return false, null", nil),
      ("return false, 'because'", "because"), ("return false, 'because', 'third'", "because"), ("return false, 7", "7"),
      ("deny('because')", "because"), ("deny()", nil), ("deny('a'); deny('b')", "a"),
      ("pcall(deny, 'caught by nobody') return true", "caught by nobody"),
      ("xpcall(deny, function() return true end, 'x') return true", "x"),
      ("local ok = pcall(function() pcall(function() deny('deep') end) end) return true", "deep"),
      ("local t <close> = setmetatable({}, {__close = function() deny('late') end}) deny('early')", "early"),
      ("table.sort({3, 2, 1}, function(a, b) deny('sorting') end) return true", "sorting"),
      ("return (('x'):gsub('x', function() deny('in gsub') end))", "in gsub"),
      ("return setmetatable({}, {__index = function() deny('meta') end}).x", "meta"),
    ] as [(String, String?)])
  func refuses(_ body: String, _ reason: String?) async throws {
    #expect(try await script.judge(body).verdict == .refuse(reason: reason, retryAfterSeconds: nil))
  }

  @Test("deny tells when to try again, rounded up", arguments: [("12", 12), ("0.2", 1), ("0", 0)])
  func retryAfter(_ seconds: String, _ expected: Int) async throws {
    let verdict = try await script.judge("deny('later', {retry_after = \(seconds)})").verdict
    #expect(verdict == .refuse(reason: "later", retryAfterSeconds: expected))
  }

  @Test("ask leaves it to a person", arguments: [("return ask('may I?')", "may I?"), ("return ask()", nil)])
  func asks(_ body: String, _ reason: String?) async throws {
    #expect(try await script.judge(body).verdict == .ask(reason: reason))
  }

  @Test(
    "anything else is a fault",
    arguments: [
      ("return 1", "test.lua: check returned a number"), ("return 'no'", "check returned a string"),
      ("return {}", "check returned a table"), ("return null", "check returned a null"),
      ("return false, {}", "a reason is a string, not a table"), ("deny({})", "a reason is a string, not a table"),
      ("deny('x', {retry_after = -1})", "retry_after"), ("deny('x', {retry_after = 0/0})", "retry_after"),
      ("error('oops')", "test.lua:2: oops"), ("error({code = 1})", "the error is a table"),
      ("error(setmetatable({}, {__tostring = function() return 'lie' end}))", "the error is a table"),
      ("local x = call.args.missing.field", "test.lua:2: attempt to index a nil value (field 'missing')"),
      ("undefined()", "global 'undefined'"), ("error()", "the error is a nil"),
    ])
  func faults(_ body: String, _ summary: String) async throws {
    let told = try #require(try await script.judge(body).verdict.summary)
    #expect(told.contains(summary.replacing("test.lua: ", with: "")), "\(told)")
  }

  @Test("a fault's traceback names functions, files and lines")
  func traceback() async throws {
    let body = """
      local function inner() error("deep") end
      function outer() inner() end
      function check() outer() return true end
      """
    guard case .fault(let summary, let traceback) = try await script.judge(body).verdict else {
      Issue.record("no fault")
      return
    }
    #expect(summary == "test.lua:1: deep")
    #expect(traceback.contains("test.lua:1: in upvalue 'inner'"))
    #expect(traceback.contains("test.lua:2: in global 'outer'"))
  }

  @Test("a reason is one line of at most 1 KiB without control characters")
  func reasonIsCleaned() async throws {
    let cleaned = try await script.judge(#"return false, "a\nb\0c\27[31md" .. utf8.char(0x202E) .. "e\xFF""#).verdict
    #expect(cleaned == .refuse(reason: "a b c [31mde\u{FFFD}", retryAfterSeconds: nil))
    let long = try await script.judge("return false, ('é'):rep(3000)").verdict
    #expect(long == .refuse(reason: String(repeating: "é", count: 512), retryAfterSeconds: nil))
  }

  @Test("log adds lines to the trace, in every verdict")
  func logs() async throws {
    let answer = try await script.judge("log('n=%d', 5) log({}) log(nil) log('100%') deny('x')")
    #expect(answer.log == ["n=5", "table", "nil", "100%"])
    let flood = try await script.judge("for i = 1, 1000 do log(('x'):rep(100)) end")
    #expect(flood.verdict == .pass)
    #expect(flood.log.count > 100 && flood.log.count < 400)
  }

  @Test("params is the rule's with")
  func parameters() async throws {
    let parameters = JSON.object([("hosts", .array([.string("a"), .string("b")]))])
    let answer = try await script.judge("return false, table.concat(params.hosts, ',')", parameters: parameters)
    #expect(answer.verdict == .refuse(reason: "a,b", retryAfterSeconds: nil))
  }

  @Test("what a script does to the call changes nothing outside, and nothing in the next call")
  func ownCopy() async throws {
    let pool = Workers.pool()
    let validators = try await pool.validators(
      """
      count = 0
      local hidden = 0
      function check(call)
        count = count + 1
        hidden = hidden + 1
        string.sub = nil
        getmetatable("").__index = nil
        call.args.x = "changed"
        return false, count .. " " .. hidden
      end
      """)
    for _ in 0..<3 {
      let answer = await validators.answer(try Workers.question(#"{"x":1}"#))
      #expect(answer.verdict == .refuse(reason: "1 1", retryAfterSeconds: nil))
    }
  }

  @Test("the top level runs once, when the policy loads: what it sets up is there in every call")
  func topLevel() async throws {
    let validators = try await script.pool.validators(
      "local known = {} for _, name in ipairs({'a', 'b'}) do known[name] = true end\n"
        + "function check(call) return known[call.args.name] == true end")
    #expect(await validators.answer(try Workers.question(#"{"name":"a"}"#)).verdict == .pass)
    #expect(
      await validators.answer(try Workers.question(#"{"name":"z"}"#)).verdict
        == .refuse(reason: nil, retryAfterSeconds: nil))
  }

  @Test("two scripts never see each other")
  func separateScripts() async throws {
    let validators = try await script.pool.validators(
      "shared = 'mine' string.len = nil function check() return false, shared end",
      "function check() return false, tostring(shared) .. string.len('abc') end")
    #expect(
      await validators.answer(try Workers.question()).verdict == .refuse(reason: "mine", retryAfterSeconds: nil))
    #expect(
      await validators.answer(try Workers.question(script: 1)).verdict
        == .refuse(reason: "nil3", retryAfterSeconds: nil))
  }
}
