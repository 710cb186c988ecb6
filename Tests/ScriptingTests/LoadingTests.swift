import NIOCore
import Policy
import Scripting
import Testing

@Suite("Loading scripts")
struct LoadingTests {
  let pool = Workers.pool()

  @Test(
    "a mistake is found with its place",
    arguments: [
      ("function check( end", 1, "expected near 'end'"),
      ("\n\nlocal x = = 1", 3, "unexpected symbol near '='"),
      ("function check() end\nerror('at load')", 2, "at load"),
      ("\nlocal x = nil .. 'a'\nfunction check() end", 2, "attempt to concatenate a nil value"),
      ("deny('x') function check() end", 1, "denied before it was asked"),
      ("while true do end function check() end", 1, "took more instructions than its limit"),
    ])
  func problems(_ text: String, _ line: Int, _ message: String) async throws {
    let problems = try await pool.problems(Workers.source(text))
    try #require(problems.count == 1)
    #expect(problems[0].script == 0)
    #expect(problems[0].place == Place(file: "test.lua", line: line, column: 1))
    #expect(problems[0].message.contains(message), "\(problems[0].message)")
  }

  @Test("no check, or one that is no function", arguments: ["", "local function check() end", "check = 5"])
  func noCheck(_ text: String) async throws {
    let problems = try await pool.problems(Workers.source(text))
    #expect(problems.map(\.message) == ["there is no function 'check'"])
    #expect(problems.first?.place == Place(file: "policy.yaml", line: 7, column: 3))
  }

  @Test("bytecode", arguments: [1, 40])
  func bytecode(_ firstLine: Int) async throws {
    let problems = try await pool.problems(Workers.source("\u{1B}Lua", firstLine: firstLine))
    #expect(problems.map(\.message) == ["bytecode is not loaded"])
  }

  @Test("an inline script counts its lines from where it stands")
  func inlineLines() async throws {
    let problems = try await pool.problems(Workers.source("function check()\n  x = = 1\nend", firstLine: 40))
    #expect(problems.first?.place == Place(file: "test.lua", line: 41, column: 1))
  }

  @Test("every script's mistake is told, and none of them is loaded")
  func all() async throws {
    let problems = try await pool.problems(
      Workers.source("x = = 1"), Workers.source("function check() end"), Workers.source("y = = 2", name: "folder/b.lua")
    )
    #expect(problems.map(\.script) == [0, 2])
    #expect(problems.map(\.place.file) == ["test.lua", "folder/b.lua"])
  }

  @Test("no scripts: no worker, and every question is a fault")
  func none() async throws {
    let pool = ValidatorPool(program: "/nonexistent", on: Workers.eventLoop)
    guard case .loaded(let validators) = try await pool.load([], limits: Limits()).get() else {
      Issue.record("an empty list did not load")
      return
    }
    #expect(await validators.answer(try Workers.question()).verdict.summary == "there is no such script")
  }

  @Test("a program that is not there")
  func missingProgram() async throws {
    let pool = ValidatorPool(program: "/nonexistent", on: Workers.eventLoop)
    let problems = try await pool.problems(Workers.source("function check() end"))
    #expect(problems.map(\.message) == ["the validator process does not start"])
  }

  @Test("the sandbox's layers are known once a script has loaded")
  func sandbox() async throws {
    let validators = try await pool.validators("function check() end")
    #expect(validators.sandbox.isSuperset(of: [.descriptors, .limits, .privileges, .systemCalls]))
  }
}
