import CSandboxProbe
import Foundation
import NIOCore
import Policy
import Testing

@testable import Scripting

/// What is tried from inside stands in Tests/CSandboxProbe.
@Suite("The worker's sandbox", .serialized)
struct SandboxTests {
  /// A worker that has judged a call, and the pool that must outlive it.
  private func worker() async throws -> (pool: ValidatorPool, validators: LoadedScripts, pid: Int32) {
    let pool = Workers.pool()
    let validators = try await pool.validators("function check() end")
    #expect(await validators.answer(try Workers.question()).verdict == .pass)
    let pid = try #require(try await pool.eventLoop.submit { pool.lines.processes }.get().first)
    return (pool, validators, pid)
  }

  /// A file of /proc, which says nothing of its size.
  private func read(_ path: String) throws -> String {
    let file = try #require(FileHandle(forReadingAtPath: path))
    return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
  }

  @Test("the kernel says that it holds")
  func status() async throws {
    let (pool, validators, pid) = try await worker()
    let status = try read("/proc/\(pid)/status")
    for line in ["Seccomp:\t2", "NoNewPrivs:\t1", "Threads:\t1", "SigIgn:\t0000000000000000"] {
      #expect(status.contains(line), "\(status)")
    }
    #expect(validators.sandbox.isSuperset(of: [.descriptors, .limits, .privileges, .systemCalls]))
    #expect(validators.sandbox.contains(.landlock) == SandboxTests.kernelHasLandlock)
    _ = pool
  }

  // Nobody but root may look into a process that cannot be traced.
  @Test("one descriptor, a socket; no environment; no words but the command", .enabled(if: getuid() == 0))
  func nothingInherited() async throws {
    setenv("MOONGATE_TEST_SECRET", "moon", 1)
    defer { unsetenv("MOONGATE_TEST_SECRET") }
    let (pool, validators, pid) = try await worker()
    #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd") == ["0"])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/0").hasPrefix("socket:"))
    #expect(try read("/proc/\(pid)/environ") == "")
    #expect(try read("/proc/\(pid)/cmdline") == "\(Workers.program)\0\(ValidatorWorker.command)\00\0")
    _ = (pool, validators)
  }

  @Test(
    "no more than it needs",
    arguments: [
      ("Max open files", "1"), ("Max processes", "0"), ("Max core file size", "0"), ("Max file size", "0"),
    ])
  func limits(_ name: String, _ most: String) async throws {
    let (pool, validators, pid) = try await worker()
    let line = try #require(
      try read("/proc/\(pid)/limits").split(separator: "\n").first { $0.hasPrefix(name) })
    let words = line.dropFirst(name.count).split(separator: " ")
    #expect(words.prefix(2) == [Substring(most), Substring(most)])
    _ = (pool, validators)
  }

  @Test("its address space ends close to where it is")
  func addressSpace() async throws {
    let (pool, validators, pid) = try await worker()
    let line = try #require(
      try read("/proc/\(pid)/limits").split(separator: "\n").first { $0.hasPrefix("Max address space") })
    let most = try #require(line.split(separator: " ").compactMap { Int($0) }.first)
    let pages = try #require(Int(try read("/proc/\(pid)/statm").split(separator: " ")[0]))
    #expect(most - pages * Int(getpagesize()) <= 160 << 20)
    _ = (pool, validators)
  }

  static let kernelHasLandlock = moongate_probe(MOONGATE_PROBE_LANDLOCK, "read the clock") == 0

  private func attempt(_ name: String, _ cage: moongate_probe_cage) -> Int32 { moongate_probe(cage, name) }

  @Test(
    "landlock alone refuses what leads to files", .enabled(if: kernelHasLandlock),
    arguments: ["open a file", "create a file", "make a folder", "remove a file", "start a program"])
  func landlock(_ name: String) throws {
    let file = URL(fileURLWithPath: "/tmp/moongate-probe")
    try Data().write(to: file)
    #expect(attempt(name, MOONGATE_PROBE_OUTSIDE) == 0)
    try Data().write(to: file)
    try? FileManager.default.removeItem(atPath: "/tmp/moongate-probe-folder")
    #expect(attempt(name, MOONGATE_PROBE_LANDLOCK) == EACCES)
    try FileManager.default.removeItem(at: file)
    #expect(!FileManager.default.fileExists(atPath: "/tmp/moongate-probe-folder"))
  }

  @Test(
    "what a runtime tries out of habit is refused",
    arguments: [("open a file", EPERM), ("create a file", EPERM), ("change the process", EPERM)])
  func refused(_ name: String, _ error: Int32) {
    #expect(attempt(name, MOONGATE_PROBE_ALL) == error)
  }

  @Test(
    "what no worker ever does ends it",
    arguments: [
      "make a folder", "remove a file", "start a program", "connect to a host", "make a socket", "copy the process",
      "signal the parent", "trace", "read the parent's memory", "duplicate a descriptor", "make a file in memory",
      "handle a signal", "leave the namespaces", "send a descriptor", "map code", "make code of data",
      "use other numbers",
    ])
  func killed(_ name: String) {
    #expect(attempt(name, MOONGATE_PROBE_OUTSIDE) != -SIGSYS)
    #expect(attempt(name, MOONGATE_PROBE_ALL) == -SIGSYS)
  }

  @Test("what it needs, it has: the clock, and a little memory, but not much")
  func allowed() {
    #expect(attempt("read the clock", MOONGATE_PROBE_ALL) == 0)
    #expect(attempt("take 16 MiB", MOONGATE_PROBE_ALL) == 0)
    #expect(attempt("take 64 MiB", MOONGATE_PROBE_ALL) == ENOMEM)
    #expect(attempt("take 64 MiB", MOONGATE_PROBE_OUTSIDE) == 0)
  }

  @Test("one that waits gives back what waiting does not need, and works as before")
  func rests() async throws {
    let (pool, validators, pid) = try await worker()
    func fromFiles() throws -> Int {
      let line = try read("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("RssFile:") }
      return try #require(line?.split(separator: " ").compactMap { Int($0) }.first)
    }
    let busy = try fromFiles()
    var resting = busy
    for _ in 0..<3000 where resting > busy / 2 {
      poll(nil, 0, 10)
      resting = try fromFiles()
    }
    #expect(resting <= busy / 2)
    #expect(await validators.answer(try Workers.question()).verdict == .pass)
    _ = pool
  }

  @Test("a layer that is required and missing: no script is run, not even to load it")
  func required() async throws {
    let withoutLandlock = LyingWorkerTests.frame(1, 0, [23, 0, 0, 0])
    let program = try LyingWorkerTests.program(saying: withoutLandlock + LyingWorkerTests.loaded)
    let strict = ValidatorPool(program: program, on: Workers.eventLoop, requiring: .all)
    await #expect(throws: Unconfined.self) { try await strict.problems(Workers.source("function check() end")) }
    #expect(try await strict.eventLoop.submit { strict.lines.processes }.get().isEmpty)
    let lax = ValidatorPool(program: program, on: Workers.eventLoop)
    let validators = try await lax.validators("function check() end")
    #expect(SandboxLayers.all.subtracting(validators.sandbox).description == "landlock")
  }
}
