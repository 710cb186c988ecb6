import Foundation
import Policy
import Scripting
import Testing

/// `MOONGATE_RECORD=1 swift test --filter LuaReferenceTests` writes the editors' library and the reference anew.
@Suite("The table of functions, the editors' library and the reference are one")
struct LuaReferenceTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

  private func hold(_ expected: String, in file: URL) throws {
    if ProcessInfo.processInfo.environment["MOONGATE_RECORD"] != nil {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(expected.utf8).write(to: file)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == expected)
  }

  @Test("rules/library/moongate.lua")
  func library() throws {
    try hold(LuaReference.library, in: Self.root.appending(path: "rules/library/moongate.lua"))
  }

  @Test("docs/scripts.md, from \"Reference\" on")
  func page() throws {
    let file = Self.root.appending(path: "docs/scripts.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let before = text.prefix(upTo: text.range(of: "## Reference\n")?.lowerBound ?? text.endIndex)
    try hold(before + LuaReference.page, in: file)
  }

  @Test("what the examples say is so", arguments: HostFunctions.all.flatMap(\.examples))
  func examples(_ example: String) async throws {
    let verdict = try await OneScript().judge("assert(\(example))").verdict
    #expect(verdict == .pass, "\(verdict)")
  }

  @Test("a function's parameters are those of its signature", arguments: HostFunctions.all.map(\.name))
  func parameters(_ name: String) throws {
    let function = try #require(HostFunctions.all.first { $0.name == name })
    let documented = function.documentation.filter { $0.hasPrefix("@param ") }.compactMap { line in
      line.split(separator: " ").dropFirst().first.map { $0.replacing("?", with: "") }
    }
    let inside = (function.signature ?? "()").drop { $0 != "(" }.dropFirst().dropLast()
    #expect(documented == inside.split(separator: ",").map { $0.replacing(" ", with: "") })
  }

  @Test("every type that is named is described")
  func types() {
    let described = Set(HostClass.all.map(\.name))
    let used = HostFunctions.all.flatMap(\.documentation) + HostClass.all.flatMap { $0.fields.map(\.type) }
    for line in used {
      for match in line.matches(of: #/moongate\.\w+/#) { #expect(described.contains(String(match.output))) }
    }
  }
}
