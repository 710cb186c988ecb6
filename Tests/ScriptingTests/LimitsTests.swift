import NIOCore
import Policy
import Testing

@testable import Scripting

/// What hostile scripts do about their limits stands in Hostile/. Here: what honest ones may count on.
@Suite("What a script's work costs")
struct LimitsTests {
  let script = OneScript()

  /// Limits of which only one is ever reached.
  private func limits(instructions: Int = 1 << 40, memory: Int = 64 << 20) -> Limits {
    var limits = Workers.limits
    limits.scriptInstructions = instructions
    limits.scriptMemory = memory
    return limits
  }

  @Test(
    "looking at a long string byte by byte costs what the bytes cost, not the string",
    arguments: ["text:byte(i)", "text:sub(i, i)", "text:sub(-i, -i)", "text:byte(i, i)", "#text"])
  func shortPieces(_ expression: String) async throws {
    let body = """
      local text, seen = call.args.text, 0
      for i = 1, #text do
        if \(expression) then seen = seen + 1 end
      end
      return false, seen
      """
    let text = String(repeating: "x", count: 20_000)
    let answer = try await script.judge(body, #"{"text":"\#(text)"}"#, limits: limits(instructions: 500_000))
    #expect(answer.verdict == .refuse(reason: "20000", retryAfterSeconds: nil))
  }

  @Test(
    "long pieces cost what they are long",
    arguments: ["text:sub(1)", "text:upper()", "text:rep(1)", "text .. text:reverse()"])
  func longPieces(_ expression: String) async throws {
    let body = "local text = call.args.text\nfor i = 1, 1000 do local piece = \(expression) end"
    let text = String(repeating: "x", count: 20_000)
    let answer = try await script.judge(body, #"{"text":"\#(text)"}"#, limits: limits(instructions: 500_000))
    #expect(answer.verdict.summary?.hasSuffix("took more instructions than its limit") == true)
  }

  @Test(
    "the positions of sub, byte and remove are Lua's",
    arguments: [
      ("('moon'):sub(2, 3)", "oo"), ("('moon'):sub(-3, -2)", "oo"), ("('moon'):sub(0)", "moon"),
      ("('moon'):sub(-100, 100)", "moon"), ("('moon'):sub(3, 2)", ""), ("('moon'):sub(2, -100)", ""),
      ("('moon'):sub(math.mininteger, math.maxinteger)", "moon"), ("('moon'):sub('2', 3.0)", "oo"),
      ("('moon'):byte()", "109"), ("('moon'):byte(-1)", "110"), ("select('#', ('moon'):byte(5))", "0"),
      ("select('#', ('moon'):byte(1, -1))", "4"), ("select('#', (''):byte(1, -1))", "0"),
      ("tostring(pcall(string.sub, 'moon', 'x'))", "false"), ("tostring(pcall(string.byte, 'moon', 1.5))", "false"),
      ("tostring(pcall(string.sub, {}, 1))", "false"), ("tostring(table.remove({}, 0))", "nil"),
      ("tostring(pcall(table.remove, {}, 2))", "false"), ("tostring(pcall(table.remove, { 1 }, 0))", "false"),
    ])
  func positions(_ expression: String, _ value: String) async throws {
    let answer = try await script.judge("return false, '<' .. \(expression) .. '>'")
    #expect(answer.verdict == .refuse(reason: "<\(value)>", retryAfterSeconds: nil))
  }

  @Test("utf8.codes goes over characters, and objects to what is none")
  func codes() async throws {
    let body = """
      local seen = {}
      for place, code in utf8.codes("aé€") do seen[#seen + 1] = place .. "=" .. code end
      local function all(text) for _ in utf8.codes(text) do end end
      return false, table.concat(seen, " ") .. " " .. tostring(pcall(all, "a\\xFF"))
      """
    let answer = try await script.judge(body)
    #expect(answer.verdict == .refuse(reason: "1=97 2=233 4=8364 false", retryAfterSeconds: nil))
  }

  @Test(
    "what is made outside of Lua's memory is held against the same limit",
    arguments: [
      "json.encode(('\\1'):rep(400000))", "re.replace('x', ('x'):rep(2000), ('y'):rep(2000))",
      "re.find_all('', ('x'):rep(700000))", "json.decode('[' .. ('1,'):rep(200000) .. '1]')",
    ])
  func outside(_ expression: String) async throws {
    let answer = try await script.judge("return \(expression) == nil", limits: limits(memory: 2 << 20))
    #expect(answer.verdict.summary?.hasSuffix("took more memory than its limit") == true)
    let roomy = try await script.judge("return \(expression) ~= nil", limits: limits())
    #expect(roomy.verdict == .pass)
  }

  @Test("a worker that had much to do is as small again as before")
  func shrinks() async throws {
    let pool = Workers.pool()
    let validators = try await pool.validators("function check(call) local t = ('x'):rep(call.args.n) end")
    func memory() async throws -> Int {
      let pid = try #require(try await pool.eventLoop.submit { pool.lines.processes }.get().first)
      return try Workers.memory(of: pid)
    }
    _ = await validators.answer(try Workers.question(#"{"n":1}"#))
    let before = try await memory()
    let answer = await validators.answer(try Workers.question(#"{"n":10000000}"#, limits: limits()))
    #expect(answer.verdict == .pass, "\(answer)")
    #expect(try await memory() < before + (4 << 20))
  }
}
