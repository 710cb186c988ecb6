import Foundation
import Testing
import Wire

@testable import Policy

/// The official JSON-Schema-Test-Suite: draft 7 from Debian's `json-schema-test-suite`, and 2020-12, which that does not
/// have yet, from where `make setup` puts it.
///
/// Each number is exact, so that the share cannot fall unnoticed. What does not pass is told, and why is in
/// `docs/policy.md`.
@Suite("The official suite of JSON Schema")
struct SchemaSuiteTests {
  static let debian = URL(filePath: "/usr/share/json-schema-test-suite/tests")
  static let newer = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../.venv/schema-suite/json/tests").standardized

  static let hasNewer = FileManager.default.fileExists(atPath: newer.path())

  @Test("draft 7")
  func draft7() throws {
    let tally = try Tally(
      [
        "draft7": [], "draft7/optional": ["content"],
        "draft7/optional/format": SchemaSuiteTests.otherFormats,
      ],
      in: SchemaSuiteTests.debian, dialect: "http://json-schema.org/draft-07/schema#")
    print("JSON Schema, draft 7: \(tally.passed) of \(tally.total) pass")
    #expect(tally.failures == ["refRemote": 15])
    #expect(tally.passed == 515)
    #expect(tally.total == 530)
  }

  @Test("draft 2020-12", .enabled(if: hasNewer))
  func draft2020() throws {
    let tally = try Tally(
      [
        "draft2020-12": [], "draft2020-12/optional": [],
        "draft2020-12/optional/format": SchemaSuiteTests.otherFormats,
      ],
      in: SchemaSuiteTests.newer, dialect: nil)
    print("JSON Schema, draft 2020-12: \(tally.passed) of \(tally.total) pass")
    #expect(
      tally.failures == ["cross-draft": 1, "dynamicRef": 13, "format": 14, "refRemote": 31, "vocabulary": 1])
    #expect(tally.passed == 1718)
    #expect(tally.total == 1778)
  }

  /// Files of formats that Moongate does not have: there they say nothing, as the standard wants it.
  private static let otherFormats = ["idn-email", "idn-hostname", "iri", "iri-reference", "uri-template"]

  private struct Tally {
    var passed = 0
    var total = 0
    /// How many do not pass, by file.
    var failures: [String: Int] = [:]

    init(_ folders: [String: [String]], in suite: URL, dialect: String?) throws {
      for (folder, left) in folders {
        let names = try FileManager.default.contentsOfDirectory(atPath: suite.appending(path: folder).path())
        for name in names.sorted() where name.hasSuffix(".json") && !left.contains(String(name.dropLast(5))) {
          let file = String(name.dropLast(5))
          let text = try Data(contentsOf: suite.appending(path: "\(folder)/\(name)"))
          let groups = try JSONTape(Array(text), depth: 512).root
          for group in groups.elements { try add(group, file, dialect) }
        }
      }
    }

    private mutating func add(_ group: JSONValue, _ file: String, _ dialect: String?) throws {
      var json = try #require(group["schema"]).tree
      if let dialect, case .object(let members) = json, json["$schema"] == nil {
        json = .object([(name: "$schema", value: .string(dialect))] + members)
      }
      let schema = try? Schema(json, .lenient)
      for test in try #require(group["tests"]).elements {
        total += 1
        let expected = test["valid"]?.bool == true
        let finding = schema?.judge(try #require(test["data"]))
        let isRight =
          switch finding {
          case .valid: expected
          case .invalid: !expected
          case .stopped, nil: false
          }
        if isRight { passed += 1 } else { failures[file, default: 0] += 1 }
      }
    }
  }
}
