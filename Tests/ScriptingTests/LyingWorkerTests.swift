import Foundation
import NIOCore
import Policy
import Testing

@testable import Scripting

/// Programs that pass for workers and are none: what they say is written down, and ends at some byte.
@Suite("Workers that lie or die")
struct LyingWorkerTests {
  static func frame(_ kind: UInt8, _ number: UInt64, _ fields: [UInt8]) -> [UInt8] {
    func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
    return bytes(UInt32(9 + fields.count)) + [kind] + bytes(number) + fields
  }

  static let hello = frame(1, 0, [31, 0, 0, 0])
  static let loaded = frame(3, 1, [1] + [UInt8](repeating: 0, count: 8))
  static let passed = frame(5, 2, [0, 0] + [UInt8](repeating: 0xFF, count: 8) + [UInt8](repeating: 0, count: 16))

  /// A program that says this and ends; with `pause`, it says the rest once it has been asked.
  /// One that `lingers` takes what it is sent and ends when it is killed: a socket that is closed with something unread
  /// in it may lose what was said last.
  static func program(saying bytes: [UInt8], then rest: [UInt8]? = nil, lingers: Bool = false) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("worker-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: folder.appendingPathComponent("first"))
    try Data(rest ?? []).write(to: folder.appendingPathComponent("second"))
    // The question may be there before the load frame has been read: that is read alone.
    let load = FrameWriter(Workers.source("function check() end"), script: 1, limits: Workers.limits, number: 1)
    let wait =
      rest == nil
      ? ""
      : "dd bs=\(load.finished().count) count=1 iflag=fullblock of=/dev/null <&0\ndd bs=65536 count=1 of=/dev/null <&0\n"
    let text =
      "#!/bin/sh\nexec 2>/dev/null\ncat \(folder.path)/first >&0\n\(wait)cat \(folder.path)/second >&0\n"
      + (lingers ? "cat <&0 >/dev/null\n" : "")
    let file = folder.appendingPathComponent("worker")
    try text.write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return file.path
  }

  @Test("one that dies at any byte before it has loaded the script", arguments: 0..<(17 + 22))
  func diesEarly(_ count: Int) async throws {
    let bytes = Array((LyingWorkerTests.hello + LyingWorkerTests.loaded).prefix(count))
    let pool = ValidatorPool(program: try LyingWorkerTests.program(saying: bytes), on: Workers.eventLoop)
    let problems = try await pool.problems(Workers.source("function check() end"))
    #expect(problems.count == (count == LyingWorkerTests.hello.count + LyingWorkerTests.loaded.count ? 0 : 1))
  }

  @Test("one that dies at any byte of its answer", arguments: [0, 1, 3, 4, 5, 12, 13, 20, 34])
  func diesInAnswer(_ count: Int) async throws {
    let program = try LyingWorkerTests.program(
      saying: LyingWorkerTests.hello + LyingWorkerTests.loaded, then: Array(LyingWorkerTests.passed.prefix(count)))
    let validators = try await ValidatorPool(program: program, on: Workers.eventLoop).validators(
      "function check() end")
    let answer = await validators.answer(try Workers.question())
    #expect(answer.verdict.summary != nil, "\(answer)")
  }

  @Test(
    "one that says what makes no sense",
    arguments: [
      [0xFF, 0xFF, 0xFF, 0xFF, 5], [0, 0, 0, 0], frame(9, 0, []), frame(5, 0, []), frame(3, 7, [1]),
      frame(1, 0, [31, 0, 0, 0, 0]), hello + hello, hello + passed,
      hello + frame(3, 99, [1] + [0, 0, 0, 0, 0, 0, 0, 0]),
      hello + frame(3, 1, [1, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]),
    ] as [[UInt8]])
  func lies(_ bytes: [UInt8]) async throws {
    let pool = ValidatorPool(program: try LyingWorkerTests.program(saying: bytes), on: Workers.eventLoop)
    #expect(try await pool.problems(Workers.source("function check() end")).count == 1)
  }

  /// What a worker sends for a script that reserves one of at most nine, in a window of a minute.
  static func count(
    _ number: UInt64 = 2, amount: Int64 = 1, most: Int64 = 9, window: Int64 = 60_000_000_000, per: UInt8 = 0,
    name: [UInt8] = [0x63]
  ) -> [UInt8] {
    func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
    return frame(
      7, number, [1] + bytes(amount) + bytes(most) + bytes(window) + [per] + bytes(UInt32(name.count)) + name)
  }

  @Test(
    "one that counts what no script can ask for, or hands back what are no arguments, costs the call",
    arguments: [
      count(3), count(amount: 0), count(amount: 10), count(amount: -1), count(most: 0), count(most: .max),
      count(window: 0), count(window: -1), count(window: .max), count(per: 0xFF), count(name: []),
      count(name: [UInt8](repeating: 0x63, count: 2000)), count(name: [0xFF]), frame(7, 2, [1]), frame(8, 2, [0]),
      replaced("[]"), replaced("{"), replaced(""), replaced("{}{}"), replaced(#"{"a":1,"a":2}"#), replaced("nul"),
      frame(
        5, 2, [0, 0] + [UInt8](repeating: 0xFF, count: 8) + [UInt8](repeating: 0, count: 12) + [2, 0, 0, 0, 123, 125]),
    ])
  func liesInAnswer(_ bytes: [UInt8]) async throws {
    let program = try LyingWorkerTests.program(
      saying: LyingWorkerTests.hello + LyingWorkerTests.loaded, then: bytes + LyingWorkerTests.passed,
      lingers: true)
    let validators = try await ValidatorPool(program: program, on: Workers.eventLoop).validators(
      "function check() end")
    let answer = await validators.answer(try Workers.question())
    #expect(answer.verdict.summary == "the validator process said what makes no sense", "\(answer)")
    #expect(answer.reservations.isEmpty)
  }

  @Test("one that counts and dies, or answers before it is told, leaves what it took to whoever asked")
  func countsAndDies() async throws {
    for (then, expected) in [([], "ended"), (LyingWorkerTests.passed, nil)] as [([UInt8], String?)] {
      let program = try LyingWorkerTests.program(
        saying: LyingWorkerTests.hello + LyingWorkerTests.loaded, then: LyingWorkerTests.count() + then,
        lingers: expected == nil)
      let validators = try await ValidatorPool(program: program, on: Workers.eventLoop).validators(
        "function check() end")
      let answer = await validators.answer(try Workers.question())
      #expect(answer.reservations.count == 1)
      if let expected { #expect(answer.verdict.summary?.contains(expected) == true) }
    }
  }

  @Test("one that counts without end is stopped")
  func countsWithoutEnd() async throws {
    let counts = (0..<65).flatMap { _ in LyingWorkerTests.count() }
    let program = try LyingWorkerTests.program(
      saying: LyingWorkerTests.hello + LyingWorkerTests.loaded, then: counts + LyingWorkerTests.passed,
      lingers: true)
    let validators = try await ValidatorPool(program: program, on: Workers.eventLoop).validators(
      "function check() end")
    let answer = await validators.answer(try Workers.question())
    #expect(answer.verdict.summary == "the validator process said what makes no sense")
    #expect(answer.reservations.count == 9)
  }

  static func replaced(_ text: String) -> [UInt8] {
    let count = withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { Array($0) }
    return frame(
      5, 2, [4, 0] + [UInt8](repeating: 0xFF, count: 8) + [UInt8](repeating: 0, count: 12) + count + text.utf8)
  }

  @Test("one that hands back more than a message may have is cut off at once")
  func handsBackTooMuch() async throws {
    var limits = Workers.limits
    limits.messageBytes = 1000
    let text = #"{"s":"\#(String(repeating: "x", count: 67_000))"}"#
    let program = try LyingWorkerTests.program(
      saying: LyingWorkerTests.hello + LyingWorkerTests.loaded, then: LyingWorkerTests.replaced(text),
      lingers: true)
    let validators = try await ValidatorPool(program: program, on: Workers.eventLoop).validators(
      "function check() end")
    let answer = await validators.answer(try Workers.question(limits: limits))
    #expect(answer.verdict.summary == "the validator process said what makes no sense")
  }

  @Test("one that answers before it is asked is not believed")
  func answersEarly() async throws {
    let program = try LyingWorkerTests.program(
      saying: LyingWorkerTests.hello + LyingWorkerTests.loaded + LyingWorkerTests.passed)
    let pool = ValidatorPool(program: program, on: Workers.eventLoop)
    guard let validators = try? await pool.validators("function check() end") else { return }
    _ = try await pool.eventLoop.submit {}.get()
    let answer = await validators.answer(try Workers.question(#"{"n":1}"#))
    // Whether its word comes before or after the question, it is taken for the question's number alone.
    #expect(answer.verdict == .pass || answer.verdict.summary != nil)
  }
}
