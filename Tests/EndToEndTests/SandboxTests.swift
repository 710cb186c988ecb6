import Foundation
import Testing

@Suite("The real program: the validators' sandbox, whole and with holes")
struct SandboxTests {
  static let lacking = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Servers/lacking.py").path
  static let layers = ["landlock", "seccomp", "no new privileges", "resource limits", "descriptors"]

  let scratch: Scratch
  var policy: String { scratch.path("policy.yaml") }

  init() throws {
    scratch = try Scratch([
      "policy.yaml": "tools:\n  echo:\n    rules:\n      - { script: check.lua }\n",
      "without.yaml": "default: allow\n",
      "check.lua": "function check() end\n",
      "calls.ndjson": #"{"tool": "echo", "arguments": {}}"# + "\n",
    ])
  }

  /// The program on a kernel that lacks a layer.
  private func run(lacking layer: String, _ arguments: [String]) throws -> RunningProgram {
    try RunningProgram([SandboxTests.lacking, layer, RunningProgram.path] + arguments, program: "/usr/bin/python3")
  }

  /// The processes that a process has started.
  private func children(of pid: pid_t) throws -> [Int32] {
    let path = "/proc/\(pid)/task/\(pid)/children"
    let text = String(decoding: try #require(FileHandle(forReadingAtPath: path)).readDataToEndOfFile(), as: UTF8.self)
    return text.split(separator: " ").compactMap { Int32($0) }
  }

  @Test("no script, no worker: the server is the only child")
  func noWorker() throws {
    for (policy, count) in [(scratch.path("without.yaml"), 1), (policy, 2)] {
      let program = try RunningProgram(["-c", policy] + RunningProgram.server())
      program.send(call(1))
      #expect(id(of: program.readLine()) == 1)
      #expect(try children(of: program.pid).count == count)
    }
  }

  @Test("a kernel that lacks a layer: start-up says so, and it runs", arguments: layers)
  func says(_ layer: String) throws {
    let program = try run(lacking: layer, ["-c", policy] + RunningProgram.server())
    program.send(call(1))
    #expect(id(of: program.readLine()) == 1)
    #expect(
      program.standardError.contains("lacks layers of the validators' sandbox: \(layer)"), "\(program.standardError)")
  }

  @Test("with --require-sandbox it does not: status 2, why, what to do, and no server", arguments: layers)
  func requires(_ layer: String) throws {
    let program = try run(
      lacking: layer, ["run", "-c", policy, "--require-sandbox", "--", "touch", scratch.path("started")])
    #expect(program.wait() == 2)
    let error = program.standardError
    #expect(error.contains("would lack \(layer)") && error.contains("MG4102"), "\(error)")
    #expect(error.contains("policy.yaml:4:") && error.contains("--require-sandbox"), "\(error)")
    #expect(!FileManager.default.fileExists(atPath: scratch.path("started")))
  }

  @Test(
    "nor do the other commands that run scripts", arguments: [["check"], ["eval", "-c"]])
  func otherCommands(_ words: [String]) throws {
    let rest = words[0] == "eval" ? [scratch.path("calls.ndjson")] : []
    let refused = try run(lacking: "seccomp", words + [policy, "--require-sandbox"] + rest)
    #expect(refused.wait() == (words[0] == "check" ? 1 : 2))
    #expect(refused.standardError.contains("would lack seccomp"), "\(refused.standardError)")
    let passed = try run(lacking: "seccomp", words + [policy] + rest)
    #expect(passed.wait() == 0)
  }

  @Test("a policy without scripts needs no sandbox; a whole one is enough for those with scripts")
  func enough() throws {
    let without = try run(
      lacking: "seccomp", ["run", "-c", scratch.path("without.yaml"), "--require-sandbox"] + RunningProgram.server())
    without.send(call(1))
    #expect(id(of: without.readLine()) == 1)
    // And when it is changed for one with scripts, it stays in force.
    try scratch.write("without.yaml", "tools:\n  echo:\n    rules:\n      - { script: check.lua }\n")
    #expect(without.waitForError("the one from before stays in force"))
    without.send(call(2))
    #expect(id(of: without.readLine()) == 2)
  }
}
