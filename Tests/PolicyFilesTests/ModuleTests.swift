import Foundation
import Policy
import Testing
import Wire

@testable import PolicyFiles

@Suite("Modules are read with their scripts")
struct ModuleTests {
  /// What a policy with `scripts/main.lua` and these files comes to; links lead to what their text says.
  private func load(
    _ files: [String: String], links: [String: String] = [:],
    policy: String = "tools: { a: { rules: [{ script: scripts/main.lua }] } }"
  ) throws -> (folder: String, result: Result<LoadedPolicy, PolicyProblems>) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "moongate-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files.merging(["policy.yaml": policy], uniquingKeysWith: { first, _ in first }) {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    for (name, target) in links {
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending(path: name).path(), withDestinationPath: target)
    }
    let path = folder.path()
    return (path, Result { () throws(PolicyProblems) in try PolicyFile.load(path + "/policy.yaml") })
  }

  /// Each diagnostic as `file:line:column code`.
  private func problems(
    _ files: [String: String], links: [String: String] = [:],
    policy: String = "tools: { a: { rules: [{ script: scripts/main.lua }] } }"
  ) throws -> [String] {
    let (folder, result) = try load(files, links: links, policy: policy)
    guard case .failure(let problems) = result else { return [] }
    return problems.diagnostics.map { "\($0.place) \($0.code)".replacing(folder + "/", with: "") }
  }

  @Test("a script looks at a tool's definition where one of its modules does")
  func definition() throws {
    let main = "local m = require('m') function check(call) return m.ok(call) end"
    for (module, isNeeded) in [("return { ok = function(c) return c.schema end }", true), ("return {}", false)] {
      let policy = try load(["scripts/main.lua": main, "scripts/m.lua": module]).result.get()
      #expect(policy.rules.needsDefinition(of: "a") == isNeeded)
      #expect(policy.rules.needsDefinitions == isNeeded)
    }
  }

  @Test("those that it names and those that they name, each once, from the script's folder")
  func transitive() throws {
    let (folder, result) = try load([
      "scripts/main.lua": "require('b') require('lib.a') function check() require('c') end",
      "scripts/b.lua": "require('lib.a')", "scripts/lib/a.lua": "return require('lib.deep-er')",
      "scripts/lib/deep-er.lua": "return 1", "scripts/c.lua": "return require('b')", "scripts/unused.lua": "x = = 1",
    ])
    let policy = try result.get()
    #expect(policy.scripts[0].modules.map(\.name) == ["b", "lib.a", "c", "lib.deep-er"])
    #expect(policy.scripts[0].modules[1].file == folder + "/scripts/lib/a.lua")
    #expect(policy.scripts[0].modules[3].text == Array("return 1".utf8))
    let names = ["policy.yaml", "scripts/main.lua", "scripts/b.lua", "scripts/lib/a.lua", "scripts/c.lua"]
    #expect(policy.files == (names + ["scripts/lib/deep-er.lua"]).map { "\(folder)/\($0)" })
  }

  @Test("a script in the policy names them from the policy's folder")
  func inline() throws {
    let policy = "tools: { a: { rules: [{ lua: 'function check() return require(\"lib.x\") end' }] } }"
    let (_, result) = try load(["lib/x.lua": "return true"], policy: policy)
    #expect(try result.get().scripts[0].modules.map(\.name) == ["lib.x"])
    #expect(try problems([:], policy: policy) == ["policy.yaml:1:1 MG4006"])
    let block = "tools:\n  a:\n    rules:\n      - lua: |\n\n          local x = require('no')\n"
    #expect(try problems([:], policy: block) == ["policy.yaml:6:21 MG4006"])
  }

  @Test("a mistake is told where the module is named")
  func mistakes() throws {
    #expect(
      try problems([
        "scripts/main.lua": "local a = 1\nlocal b = require('no')", "scripts/no/x.lua": "",
      ]) == ["scripts/main.lua:2:11 MG4006"])
    #expect(
      try problems(["scripts/main.lua": "require('a')", "scripts/a.lua": "\n  require('gone')"])
        == ["scripts/a.lua:2:3 MG4006"])
    #expect(
      try problems(["scripts/main.lua": "require('a')", "scripts/a.lua": "\u{1B}Lua"]) == [
        "scripts/main.lua:1:1 MG4004"
      ])
    #expect(
      try problems(["scripts/main.lua": "require('a')", "scripts/a.lua/x": ""]) == ["scripts/main.lua:1:1 MG4002"])
  }

  @Test(
    "a name is no path",
    arguments: ["../secret", "/etc/passwd", "a/b", "..", ".", "a..b", ".a", "a.", "", "a b", "é", "a.lua\0", "~"])
  func names(_ name: String) throws {
    let found = try problems(["scripts/main.lua": "require('\(name)')", "secret.lua": "", "scripts/a/b.lua": ""])
    #expect(found == ["scripts/main.lua:1:1 MG4007"])
  }

  @Test("no link leads out of the folder; one within it is fine")
  func links() throws {
    let main = ["scripts/main.lua": "require('m')", "secret.lua": "return 1", "scripts/real/m.lua": "return 1"]
    #expect(try problems(main, links: ["scripts/m.lua": "../secret.lua"]) == ["scripts/main.lua:1:1 MG4008"])
    #expect(try problems(main, links: ["scripts/m.lua": "/etc/hostname"]) == ["scripts/main.lua:1:1 MG4008"])
    #expect(try problems(main, links: ["scripts/m.lua": "real/m.lua"]) == [])
    let nested = ["scripts/main.lua": "require('out.secret')", "elsewhere/secret.lua": ""]
    #expect(try problems(nested, links: ["scripts/out": "../elsewhere"]) == ["scripts/main.lua:1:1 MG4008"])
  }

  @Test("modules that need each other at once are a cycle; later is soon enough")
  func cycles() throws {
    let main = "require('a') function check() end"
    #expect(
      try problems(["scripts/main.lua": main, "scripts/a.lua": "\nrequire('b')", "scripts/b.lua": " require('a')"])
        == ["scripts/b.lua:1:2 MG4009"])
    #expect(try problems(["scripts/main.lua": main, "scripts/a.lua": "require('a')"]) == ["scripts/a.lua:1:1 MG4009"])
    #expect(
      try problems([
        "scripts/main.lua": main, "scripts/a.lua": "require('b')",
        "scripts/b.lua": "return function() return require('a') end",
      ]) == [])
  }

  @Test("their number has a bound")
  func bound() throws {
    var files = ["scripts/main.lua": (0...64).map { "require('m\($0)')" }.joined(separator: "\n")]
    for number in 0...64 { files["scripts/m\(number).lua"] = "" }
    #expect(try problems(files) == ["scripts/main.lua:65:1 MG4002"])
  }

  @Test("the digest changes with a module, and a missing one is a file to watch")
  func watching() throws {
    let main = ["scripts/main.lua": "require('a')"]
    let digests = try ["return 1", "return 2"].map {
      try load(main.merging(["scripts/a.lua": $0]) { first, _ in first }).result.get().digest
    }
    #expect(digests[0] != digests[1])
    guard case (let folder, .failure(let problems)) = try load(main) else {
      Issue.record("it loaded")
      return
    }
    #expect(problems.files.last == folder + "/scripts/a.lua")
    #expect(problems.diagnostics[0].sourceLine == "require('a')")
  }
}
