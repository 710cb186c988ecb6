import Foundation
import Policy
import Testing

@testable import PolicyFiles

@Suite("A server's list of tools, as it was saved")
struct ListedToolsTests {
  private let list = #"[{"name":"a"},{"name":"b"}]"#

  private func read(_ texts: String...) throws -> ListedTools {
    let folder = FileManager.default.temporaryDirectory.appending(path: "moongate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var paths: [String] = []
    for (number, text) in texts.enumerated() {
      let file = folder.appending(path: "\(number).json")
      try Data(text.utf8).write(to: file)
      paths.append(file.path())
    }
    return try ListedTools(files: paths)
  }

  @Test("the answer, its result, or the list alone")
  func forms() throws {
    for text in [list, #"{"tools":\#(list),"ttlMs":5}"#, #"{"jsonrpc":"2.0","id":1,"result":{"tools":\#(list)}}"#] {
      #expect(try read(text + "\n").names == ["a", "b"])
    }
  }

  @Test("in pages, one a file; not one that goes on")
  func pages() throws {
    let first = #"{"tools":[{"name":"a"}],"nextCursor":"2"}"#
    #expect(try read(first, #"{"tools":[{"name":"b"},{"name":"a"}]}"#).names == ["a", "b"])
    let error = #expect(throws: ListedTools.Unreadable.self) { try read(first) }
    #expect(error?.reason.contains("goes on") == true)
  }

  @Test(
    "anything else says what is wrong",
    arguments: [
      ("", "JSON"), ("{}", "no list of tools"), (#"{"tools":{}}"#, "no list of tools"), ("7", "no list of tools"),
      (#"{"result":{"tools":7}}"#, "no list of tools"), (#"[{"name":"a"},{"title":"b"}]"#, "tool 2"),
      (#"[7]"#, "tool 1"), (#"[{"name":"a","name":"b"}]"#, "two members"),
    ])
  func broken(text: String, mentions: String) {
    let error = #expect(throws: ListedTools.Unreadable.self) { try read(text) }
    #expect(error?.reason.contains(mentions) == true, "\(error?.reason ?? "")")
  }

  @Test("what is not there, or is a folder")
  func missing() {
    for path in ["/nowhere/tools.json", "/tmp"] {
      #expect(throws: ListedTools.Unreadable.self) { try ListedTools(files: [path]) }
    }
  }

  @Test("a policy with mistakes is told of these beside the tools that are not there")
  func besideMistakes() throws {
    let tools = try read(list)
    let problems = #expect(throws: PolicyProblems.self) {
      try PolicyFile.load(
        text: Array("tools:\n  c: { rules: [{ action: dney }] }\n".utf8), named: "p", scriptsIn: "/", against: tools)
    }
    #expect(problems?.diagnostics.map(\.code) == ["MG5012", "MG2006"])
  }
}
