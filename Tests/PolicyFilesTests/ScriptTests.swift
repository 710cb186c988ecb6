import Foundation
import Policy
import Testing
import Wire

@testable import PolicyFiles

@Suite("Scripts are read with the policy")
struct ScriptTests {
  /// A folder with these files, gone when the body ends.
  private func withFolder(_ files: [String: [UInt8]], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "moongate-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, bytes) in files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
    }
    try body(folder.path())
  }

  private let script = Array("function check(call, params) end\n".utf8)

  @Test("a path begins in the policy's folder; one file is one script, however it is spelt")
  func files() throws {
    let text = """
      tools:
        a: { rules: [{ script: scripts/a.lua, with: { hosts: [x], n: 1.50 } }, { script: ./scripts/a.lua }] }
        b: { rules: [{ script: scripts/../scripts/b.lua }, { script: scripts/a.lua }] }
      """
    try withFolder(["policy.yaml": Array(text.utf8), "scripts/a.lua": script, "scripts/b.lua": script + [0x0A]]) {
      folder in
      let policy = try PolicyFile.load(folder + "/policy.yaml")
      #expect(policy.scripts.map(\.name) == [folder + "/scripts/a.lua", folder + "/scripts/../scripts/b.lua"])
      #expect(policy.scripts.map(\.firstLine) == [1, 1])
      #expect(policy.scripts[0].text == script)
      #expect(policy.scripts[0].place == Place(file: folder + "/policy.yaml", line: 2, column: 26))
      #expect(policy.files == [folder + "/policy.yaml"] + policy.scripts.map(\.name))
      let references = policy.rules.tools.flatMap(\.rules).compactMap(\.script)
      #expect(references.map(\.script) == [0, 0, 1, 0])
      let parameters = references.map { String(decoding: $0.parameters.encoded(), as: UTF8.self) }
      #expect(parameters == [#"{"hosts":["x"],"n":1.5}"#, "{}", "{}", "{}"])
    }
  }

  @Test("the digest changes with a script")
  func digest() throws {
    var digests: Set<String> = []
    for script in [script, script + [0x0A]] {
      try withFolder(["a.lua": script]) { folder in
        digests.insert(
          try load("tools: { a: { rules: [{ script: a.lua }] } }", scriptsIn: folder).get().digest)
      }
    }
    #expect(digests.count == 2)
  }

  @Test("a byte order mark does not belong to the script")
  func byteOrderMark() throws {
    try withFolder(["a.lua": [0xEF, 0xBB, 0xBF] + script]) { folder in
      let policy = try load("tools: { a: { rules: [{ script: a.lua }] } }", scriptsIn: folder).get()
      #expect(policy.scripts[0].text == script)
    }
  }

  @Test("a script over 1 MiB is not read")
  func size() throws {
    try withFolder(["a.lua": [UInt8](repeating: 0x20, count: ScriptShelf.limit + 1)]) { folder in
      let found = findings("tools: { a: { rules: [{ script: a.lua }] } }", scriptsIn: folder)
      #expect(found.count == 1)
      #expect(found[0].hasPrefix("1:33 MG4002 "))
      #expect(found[0].hasSuffix("the file is larger than 1 MiB"))
    }
  }

  @Test("where a script is missing, its path is still one to watch")
  func watching() throws {
    guard case .failure(let problems) = load("tools: { a: { rules: [{ script: no.lua }] } }", scriptsIn: "/nowhere")
    else {
      Issue.record("it loaded")
      return
    }
    #expect(problems.files == ["policy.yaml", "/nowhere/no.lua"])
  }

  @Test("an inline script knows the line that it begins on")
  func inline() throws {
    let policy = try load(
      """
      tools:
        a:
          rules:
            - name: literal
              lua: |

                function check(call) end
            - lua: function check(call) end
            - lua: 'function check(call) end'
      """
    ).get()
    #expect(policy.scripts.map(\.firstLine) == [6, 8, 9])
    #expect(policy.scripts.map(\.name) == ["policy.yaml", "policy.yaml", "policy.yaml"])
    #expect(policy.scripts[0].text == Array("\nfunction check(call) end\n".utf8))
  }

  @Test("${…} in an inline script is Lua's business")
  func placeholder() {
    #expect(findings("tools: { a: { rules: [{ lua: 'function check() return \"${x}\" end' }] } }") == [])
  }
}
