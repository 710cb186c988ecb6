import Foundation
import Policy
import Scripting
import Testing

@Suite("Hostile scripts")
struct HostileTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Hostile")
  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".lua") }.sorted()

  @Test("there are scripts")
  func count() {
    #expect(HostileTests.names.count >= 150)
  }

  @Test("each ends as its first line says, and the next call is unharmed", arguments: names)
  func ends(_ name: String) async throws {
    let text = try String(contentsOf: HostileTests.folder.appendingPathComponent(name), encoding: .utf8)
    let first = try #require(text.split(separator: "\n").first)
    try #require(first.hasPrefix("-- expect: "))
    let expected = first.dropFirst("-- expect: ".count).split(separator: " ", maxSplits: 1).map(String.init)
    let pool = Workers.pool()
    let innocent = "function check(call) return false, ('a,b'):gsub(',', call.args.x) .. #json.encode({1}) end"
    let validators = try await pool.validators(text, innocent)
    let alive = await validators.answer(try Workers.question(#"{"x":"-"}"#, script: 1))
    // Those that nothing but the clock ends are not waited for as long as the others.
    var limits = Workers.limits
    if name.hasPrefix("time-") { limits.scriptTime = 100_000_000 }
    let answer = await validators.answer(try Workers.question(#"{"x":1}"#, limits: limits))
    switch (expected[0], answer.verdict) {
    case ("pass", .pass): break
    case ("refuse", .refuse(let reason, _)): #expect(reason == (expected.count == 1 ? nil : expected[1]))
    case ("fault", .fault(let summary, _)): #expect(expected.count == 1 || summary.contains(expected[1]), "\(summary)")
    default: Issue.record("\(name): \(answer.verdict)")
    }
    // Twice the same, to the letter: nothing is left of the first, nor of chance. Where a clock stops a script is chance.
    let again = await validators.answer(try Workers.question(#"{"x":1}"#, limits: limits))
    if name.hasPrefix("time-") {
      #expect(again.verdict.summary?.hasSuffix("took more time than its limit") == true)
    } else {
      #expect(again.verdict == answer.verdict)
    }
    #expect(alive.verdict == .refuse(reason: "a-b3", retryAfterSeconds: nil))
    #expect(await validators.answer(try Workers.question(#"{"x":"-"}"#, script: 1)).verdict == alive.verdict)
  }
}
