import NIOCore
import Policy
import Scripting
import Testing

@Suite("Modules")
struct ModuleTests {
  let pool = Workers.pool()

  /// The worker's sandbox has holes.
  struct Unconfined: Error {
    let missing: SandboxLayers
  }

  func source(_ text: String, _ modules: KeyValuePairs<String, String>) -> ScriptSource {
    var source = Workers.source(text)
    source.modules = modules.map { ScriptModule(name: $0, file: "folder/\($0).lua", text: Array($1.utf8)) }
    return source
  }

  func verdict(_ text: String, _ modules: KeyValuePairs<String, String>) async throws -> ScriptAnswer.Verdict {
    switch try await pool.load([source(text, modules)], limits: Workers.limits).get() {
    case .rejected(let problems): throw problems[0]
    case .unconfined(let missing): throw Unconfined(missing: missing)
    case .loaded(let validators):
      let first = await validators.answer(try Workers.question()).verdict
      #expect(await validators.answer(try Workers.question()).verdict == first)
      return first
    }
  }

  @Test("are there when the script runs, and in every call")
  func required() async throws {
    let text = """
      local hosts = require("hosts")
      function check() return hosts.has("a") and require("hosts") == hosts and require("later")("x") == "x!" end
      """
    let modules: KeyValuePairs = [
      "hosts": "local names = require('names') return { has = function(name) return names[name] end }",
      "names": "return { a = true }", "later": "return function(text) return text .. '!' end",
    ]
    #expect(try await verdict(text, modules) == .pass)
  }

  @Test("run once, even if several require them, and get their name")
  func once() async throws {
    let text = "require('a') require('b') function check() return count == 1 and name == 'c' end"
    let count = "count = (count or 0) + 1 name = ..."
    #expect(try await verdict(text, ["a": "require('c')", "b": "require('c')", "c": count]) == .pass)
    #expect(try await verdict("function check() return require('a') == true end", ["a": ""]) == .pass)
    #expect(try await verdict("function check() return require('a') == false end", ["a": "return false"]) == .pass)
  }

  @Test("what a call does to them is gone in the next")
  func fresh() async throws {
    let text = "local m = require('m') function check() m.n = m.n + 1 return false, tostring(require('m').n) end"
    #expect(try await verdict(text, ["m": "return { n = 0 }"]) == .refuse(reason: "1", retryAfterSeconds: nil))
  }

  @Test("a deny in one is as final as any other, however deep")
  func denies() async throws {
    let text = """
      local guard = require("guard")
      function check(call)
        pcall(pcall, guard.judge, call.args)
        return true
      end
      """
    let modules: KeyValuePairs = [
      "guard": "local m = require('m') return { judge = function(args) table.sort({ 2, 1 }, m.refuse) end }",
      "m": "return { refuse = function() deny('from the module') end }",
    ]
    #expect(try await verdict(text, modules) == .refuse(reason: "from the module", retryAfterSeconds: nil))
  }

  @Test("one script does not see another's")
  func separate() async throws {
    let innocent = "function check() return not pcall(require, 'm') end"
    let sources = [source("require('m') function check() end", ["m": "return 1"]), source(innocent, [:])]
    guard case .loaded(let validators) = try await pool.load(sources, limits: Workers.limits).get() else {
      Issue.record("they do not load")
      return
    }
    #expect(await validators.answer(try Workers.question(script: 1)).verdict == .pass)
  }

  @Test("what stands nowhere in quotes is not there", arguments: ["'other'", "'../m'", "'/etc/passwd'", "''"])
  func unknown(_ name: String) async throws {
    let found = try await verdict("function check() return require(\(name)) end", ["m": "return 1"]).summary
    #expect(found?.hasPrefix("test.lua:1: require: there is no module ") == true)
  }

  @Test("a name that is none", arguments: [("5", "number"), ("nil", "nil"), ("{}", "table"), ("", "no value")])
  func noName(_ name: String, _ kind: String) async throws {
    let found = try await verdict("function check() return require(\(name)) end", [:]).summary
    #expect(found == "test.lua:1: require: name is a string, not a \(kind)")
  }

  @Test(
    "a mistake in one is told with its place",
    arguments: [
      ("x = = 1", 1, "unexpected symbol near '='"), ("\n\nerror('boom')", 3, "boom"),
      ("\ndeny('x')", 2, "denied before it was asked"),
      ("while true do end", 1, "took more instructions than its limit"),
      ("\u{1B}Lua", 1, "bytecode is not loaded"), ("\nrequire('n')", 2, "modules that require each other: m, n, m"),
    ])
  func mistakes(_ text: String, _ line: Int, _ message: String) async throws {
    for call in ["require('m') function check() end", "function check() end"] {
      let problems = try await pool.problems(source(call, ["m": text, "n": "\nrequire('m')"]))
      let isCycle = message.hasPrefix("modules")
      #expect(problems.first?.place == Place(file: isCycle ? "folder/n.lua" : "folder/m.lua", line: line, column: 1))
      #expect(problems.first?.message.contains(message) == true, "\(problems)")
    }
  }

  @Test("one that fails does not load, whoever catches it")
  func caught() async throws {
    let problems = try await pool.problems(
      source("pcall(require, 'm') function check() end", ["m": "error('boom')"]))
    #expect(problems.map(\.message) == ["boom"])
  }

  @Test("they count against the script's memory")
  func memory() async throws {
    let problems = try await pool.problems(
      source("function check() end", ["m": "t = {} for i = 1, 1e7 do t[i] = {} end"]))
    #expect(problems.first?.message.contains("took more") == true)
  }
}
