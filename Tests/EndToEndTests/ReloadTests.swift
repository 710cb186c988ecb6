import Foundation
import Testing

@Suite("The real program: policies that do not load, and policies that change")
struct ReloadTests {
  @Test(
    "a policy that does not load: status 2, every mistake with its place, and the server is not started",
    arguments: [
      ("defualt: deny\n", "policy.yaml:1:1"),
      ("tools:\n  echo:\n    rules:\n      - { script: gone.lua }\n", "gone.lua"),
      ("tools:\n  echo:\n    rules:\n      - { script: broken.lua }\n", "broken.lua:2"),
      ("tools:\n  echo:\n    rules:\n      - { script: empty.lua }\n", "check"),
    ])
  func doesNotLoad(text: String, expected: String) throws {
    let scratch = try Scratch([
      "policy.yaml": text, "broken.lua": "-- one\nfunction check(call) return return end\n",
      "empty.lua": "local x = 1\n",
    ])
    let program = try RunningProgram(
      ["-c", scratch.path("policy.yaml"), "--", "touch", scratch.path("started")])
    #expect(program.wait() == 2)
    #expect(program.standardError.contains(expected), "\(program.standardError)")
    #expect(!FileManager.default.fileExists(atPath: scratch.path("started")))
  }

  @Test("a policy that is not there: status 2")
  func missing() throws {
    let program = try RunningProgram(["-c", "/nowhere/policy.yaml", "--", "true"])
    #expect(program.wait() == 2)
    #expect(program.standardError.contains("/nowhere/policy.yaml"))
  }

  @Test("no server: how it is to be typed")
  func noServer() throws {
    let program = try RunningProgram(["-c", "policy.yaml"])
    #expect(program.wait() == 64)
    #expect(program.standardError.contains("--"))
  }

  @Test("a changed policy is in force without a restart; a broken one is reported once, and the old one stays")
  func reload() throws {
    let scratch = try Scratch(["policy.yaml": "default: allow\n"])
    let program = try RunningProgram(["-c", scratch.path("policy.yaml")] + RunningProgram.server())
    program.send(call(1))
    #expect(program.readLine()?.contains("refused") == false)
    try scratch.write("policy.yaml", "hide: [echo]\n")
    #expect(program.waitForError("is in force"))
    program.send(call(2))
    #expect(program.readLine()?.contains("refused") == true)
    try scratch.write("policy.yaml", "hide: [echo\n")
    #expect(program.waitForError("the one from before stays in force"))
    program.send(call(3))
    #expect(program.readLine()?.contains("refused") == true)
    try scratch.write("policy.yaml", "default: allow # again\n")
    program.signal(SIGHUP)
    #expect(program.waitForError("is in force", times: 2))
    program.send(call(4))
    #expect(program.readLine()?.contains("refused") == false)
    let complaints = program.standardError.components(separatedBy: "stays in force").count - 1
    #expect(complaints == 1)
    program.closeInput()
    #expect(program.wait() == 0)
  }

  @Test("values that are given to parameters stay when the policy is read again")
  func parameters() throws {
    let policy = "parameters: { hidden: { type: string, default: other } }\nhide: [\"${hidden}\"]\n"
    let scratch = try Scratch(["policy.yaml": policy])
    let program = try RunningProgram(
      ["-c", scratch.path("policy.yaml"), "--with", "hidden=echo"] + RunningProgram.server())
    program.send(call(1))
    #expect(program.readLine()?.contains("refused") == true)
    try scratch.write("policy.yaml", policy + "description: again\n")
    #expect(program.waitForError("is in force"))
    program.send(call(2))
    #expect(program.readLine()?.contains("refused") == true)
    try scratch.write("policy.yaml", "default: allow\n")
    #expect(program.waitForError("--with hidden:1:1: error: "))
    #expect(program.waitForError("the one from before stays in force"))
    program.send(call(3))
    #expect(program.readLine()?.contains("refused") == true)
    program.closeInput()
    #expect(program.wait() == 0)
  }

  @Test("a changed script is in force, too")
  func reloadScript() throws {
    let scratch = try Scratch([
      "policy.yaml": "tools:\n  echo:\n    rules:\n      - { script: check.lua }\n",
      "check.lua": "function check() end\n",
    ])
    let program = try RunningProgram(["-c", scratch.path("policy.yaml")] + RunningProgram.server())
    program.send(call(1))
    #expect(program.readLine()?.contains("refused") == false)
    try scratch.write("check.lua", "function check() return false, 'changed' end\n")
    #expect(program.waitForError("is in force"))
    program.send(call(2))
    #expect(program.readLine()?.contains("changed") == true)
  }

  @Test("a module that changes is read again, like the script that requires it")
  func module() throws {
    let policy = "tools: { echo: { rules: [{ script: main.lua }] } }\n"
    let scratch = try Scratch([
      "policy.yaml": policy, "main.lua": "local m = require('m') function check() return m.allows end\n",
      "m.lua": "return { allows = true }\n",
    ])
    let program = try RunningProgram(["-c", scratch.path("policy.yaml")] + RunningProgram.server())
    program.send(call(1))
    #expect(program.readLine()?.contains("refused") == false)
    try scratch.write("m.lua", "return { allows = false }\n")
    #expect(program.waitForError("is in force"))
    program.send(call(2))
    #expect(program.readLine()?.contains("refused") == true)
    try scratch.write("m.lua", "return {\n  allows = = true }\n")
    #expect(program.waitForError("the one from before stays in force"))
    #expect(program.standardError.contains("m.lua:2:1: error: "))
  }
}
