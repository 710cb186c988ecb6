import Foundation
import Testing

@Suite("The real program: scripts that rewrite, count, log and fail")
struct ScriptEffectsTests {
  /// A policy with one script for `echo`.
  private func scratch(_ lua: String, more: String = "") throws -> Scratch {
    try Scratch([
      "policy.yaml": "tools:\n  echo:\n    rules:\n      - { name: scripted, script: check.lua }\n\(more)",
      "check.lua": lua,
    ])
  }

  private func proxy(_ scratch: Scratch) throws -> RunningProgram {
    try RunningProgram(["-c", scratch.path("policy.yaml")] + RunningProgram.server())
  }

  /// What `eval` prints about calls, and its status.
  private func eval(_ scratch: Scratch, _ flags: String..., calls: [String]) throws -> (lines: [String], status: Int32?)
  {
    let program = try RunningProgram(["eval", "-c", scratch.path("policy.yaml")] + flags + ["-"])
    for call in calls { program.send(call) }
    program.closeInput()
    return (program.readToEnd(), program.wait())
  }

  private let cap = """
    function check(call)
      if (call.args.n or 0) > 50 then
        log("capped from %d", call.args.n)
        call.args.n = 50
        return replace(call.args)
      end
    end
    """

  @Test("the server gets the new arguments, numbers with their digits, and the agent the server's answer")
  func rewrites() throws {
    let scratch = try scratch(cap)
    let program = try proxy(scratch)
    program.send(call(1, "echo", #"{"n":900,"big":123456789012345678901234567890,"d":0.1,"e":[],"o":{},"z":null}"#))
    let answer = try #require(program.readLine())
    #expect(
      answer.contains(
        #"{\"n\": 50, \"big\": 123456789012345678901234567890, \"d\": 0.1, \"e\": [], \"o\": {}, \"z\": null}"#),
      "\(answer)")
    program.send(call(2, "echo", #"{"n": 1.500}"#))
    #expect(program.readLine()?.contains(#"{\"n\": 1.5}"#) == true)
    #expect(program.waitForError("rewrote echo: scripted"))
    #expect(program.waitForError("scripted logs: capped from 900"))
    withExtendedLifetime(scratch) {}
  }

  @Test("eval shows the new arguments, for people and for machines, and judges as the proxy does")
  func evaluates() throws {
    let scratch = try scratch(cap)
    let calls = [#"{"tool":"echo","arguments":{"n":900}}"#, #"{"tool":"echo","arguments":{"n":9}}"#]
    let json = try eval(scratch, "--json", calls: calls)
    #expect(json.status == 0)
    #expect(
      json.lines == [
        #"{"verdict":"replaced","rewrites":[{"rule":"scripted","observed":false,"arguments":"{\"n\":50}"}],"#
          + #""arguments":{"n":50}}"#,
        #"{"verdict":"allowed"}"#,
      ])
    let text = try eval(scratch, "--explain", calls: [calls[0]])
    #expect(text.lines[1] == #"  rewritten by scripted: {"n":50}"#)
    #expect(text.lines.contains { $0.contains("log: capped from 900") })
    #expect(text.lines.contains { $0.contains(#"the script replaces the arguments: {"n":50}"#) })
    #expect(text.lines.contains { $0.contains("the call is judged once more, with these arguments") })
  }

  @Test("a script that never comes to rest, and two that disagree, refuse")
  func refuses() throws {
    let growing = try scratch("function check(call) call.args.s = call.args.s .. 'x' return replace(call.args) end")
    let grown = try eval(growing, "--json", calls: [#"{"tool":"echo","arguments":{"s":""}}"#])
    #expect(grown.status == 1 && grown.lines[0].contains("would rewrite it once more"))
    let other = "      - { name: other, lua: \"function check() return replace({by = 'other'}) end\" }\n"
    let two = try scratch("function check() return replace({by = 'scripted'}) end", more: other)
    let refused = try eval(two, "--json", calls: [#"{"tool":"echo"}"#])
    #expect(refused.lines[0].contains(#"\"scripted\" and \"other\" rewrite this call in different ways"#))
  }

  @Test("what a script reserves is kept for calls that pass, and given back for those that are refused")
  func counts() throws {
    let lua = """
      function check(call)
        local ok, more = counter.reserve("echoes", call.args.n, {max = 3, window = "1h", per = "session"})
        if not ok then deny("too many echoes", {retry_after = more}) end
        log("%d used, %d left", counter.get("echoes", {window = "1h", per = "session"}), more)
        if call.args.no then deny("not this one") end
      end
      """
    let calls = [#"{"n":2,"no":true}"#, #"{"n":2,"no":true}"#, #"{"n":2}"#, #"{"n":2}"#, #"{"n":1}"#, #"{"n":1}"#]
    let verdicts = ["refused", "refused", "allowed", "refused", "allowed", "refused"]
    let lines = calls.map { #"{"tool":"echo","arguments":\#($0),"at":100}"# }
    let scratch = try scratch(lua)
    let tried = try eval(scratch, "--json", calls: lines)
    #expect(zip(tried.lines, verdicts).allSatisfy { $0.contains("\"verdict\":\"\($1)\"") }, "\(tried.lines)")
    #expect(tried.lines[3].contains(#""retryAfterSeconds":3600"#))
    let program = try proxy(scratch)
    for (number, arguments) in calls.enumerated() {
      program.send(call(number, "echo", arguments))
      let answer = try #require(program.readLine())
      #expect(answer.contains("refused by") == (verdicts[number] == "refused"), "\(number): \(answer)")
    }
    #expect(program.waitForError("scripted logs: 3 used, 0 left"))
    withExtendedLifetime(scratch) {}
  }

  @Test("where a script failed is in the log, line by line; the agent is told the rule's name on one line")
  func fails() throws {
    let lua = """
      local function inner(call) return call.args.a.b end
      function check(call)
        log("looking")
        return inner(call) == 1
      end
      """
    let scratch = try scratch(lua)
    let program = try proxy(scratch)
    program.send(call(1, "echo"))
    let answer = try #require(program.readLine())
    #expect(answer.contains(#"refused by \"scripted\": this call could not be checked: the rule's script failed"#))
    for secret in ["check.lua", "inner", "nil value", "looking"] { #expect(!answer.contains(secret)) }
    #expect(program.waitForError("scripted logs: looking"))
    #expect(program.waitForError("[check.lua:1: attempt to index a nil value (field 'a')]"))
    #expect(program.waitForError("moongate:   check.lua:1: in upvalue 'inner'\nmoongate:   check.lua:4: in a function"))
    let explained = try eval(scratch, "--explain", calls: [#"{"tool":"echo"}"#])
    #expect(explained.lines.contains { $0.contains("fault: check.lua:1: attempt to index a nil value") })
    #expect(explained.lines.contains { $0.contains("fault: check.lua:1: in upvalue 'inner'") })
    #expect(explained.lines.contains { $0.contains("log: looking") })
  }
}
