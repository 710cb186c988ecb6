import Foundation
import Testing

@testable import PolicyFiles

/// `MOONGATE_RECORD=1 swift test --filter DiagnosticsPageTests` writes the page's list anew.
@Suite("docs/diagnostics.md lists the catalogue of mistakes")
struct DiagnosticsPageTests {
  private static let page = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../docs/diagnostics.md").standardized

  private static let chapters = [
    ("MG1", "Reading the file"), ("MG2", "Its structure"), ("MG3", "Names, paths, values"), ("MG4", "Scripts"),
    ("MG5", "Warnings"),
  ]

  private static var list: String {
    chapters.map { prefix, heading in
      let rows = Mistake.allCases.filter { $0.rawValue.hasPrefix(prefix) }.map {
        let cells = [$0.rawValue, $0.title, $0.cause, $0.cure].map { $0.replacing("|", with: "\\|") }
        return "| \(cells.joined(separator: " | ")) |\n"
      }
      return "## \(heading)\n\n| code | | comes from | what to do |\n| --- | --- | --- | --- |\n\(rows.joined())"
    }.joined(separator: "\n")
  }

  @Test("each code with its title, cause and cure, under its chapter")
  func isComplete() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let introduction = text.prefix(upTo: text.range(of: "## ")?.lowerBound ?? text.endIndex)
    let expected = introduction + Self.list
    if ProcessInfo.processInfo.environment["MOONGATE_RECORD"] != nil {
      try Data(expected.utf8).write(to: Self.page)
    }
    #expect(try String(contentsOf: Self.page, encoding: .utf8) == expected)
  }

  @Test("every code belongs to a chapter, and only those of the last let a policy load")
  func chapters() {
    for mistake in Mistake.allCases {
      let chapter = Self.chapters.firstIndex { mistake.rawValue.hasPrefix($0.0) }
      #expect(chapter != nil)
      #expect((mistake.severity == .warning) == (chapter == Self.chapters.count - 1))
    }
  }
}
