import CProcess
import Counters
import Foundation
import NIOCore
import Policy
@testable import Scripting
import Synchronization
import Testing

@Suite("The pool", .serialized)
struct PoolTests {
  /// The processes of a pool.
  func processes(_ pool: ValidatorPool) async throws -> [Int32] {
    try await pool.eventLoop.submit { pool.lines.processes }.get()
  }

  /// A pool of which `scripts` are loaded, and its worker.
  func started(_ script: String) async throws -> (pool: ValidatorPool, validators: LoadedScripts, worker: Int32) {
    let pool = Workers.pool()
    #expect(try await processes(pool).isEmpty)
    let validators = try await pool.validators(script)
    let worker = try #require(try await processes(pool).first)
    return (pool, validators, worker)
  }

  static let echo = "function check(call) return false, tostring(call.args.n) end"

  @Test("many questions at once are each answered, in order")
  func manyAtOnce() async throws {
    let validators = try await Workers.pool().validators(PoolTests.echo)
    let order = Mutex<[Int]>([])
    let questions = try (0..<500).map { try Workers.question("{\"n\":\($0)}") }
    await withCheckedContinuation { continuation in
      for (index, question) in questions.enumerated() {
        validators.check(question, counters: MemoryStore()) { answer in
          #expect(answer.verdict == .refuse(reason: "\(index)", retryAfterSeconds: nil))
          let isLast = order.withLock { order in
            order.append(index)
            return order.count == 500
          }
          if isLast { continuation.resume() }
        }
      }
    }
    #expect(order.withLock { $0 } == Array(0..<500))
  }

  @Test("a large message goes through, and so does the next")
  func large() async throws {
    let validators = try await Workers.pool().validators("function check(call) return false, #call.args.text end")
    var limits = Workers.limits
    limits.scriptMemory = 64 << 20
    limits.scriptInstructions = 100_000_000
    for count in [3_000_000, 10, 1_000_000] {
      let text = String(repeating: "x", count: count)
      let answer = await validators.answer(try Workers.question("{\"text\":\"\(text)\"}", limits: limits))
      #expect(answer.verdict == .refuse(reason: "\(count)", retryAfterSeconds: nil))
    }
  }

  @Test("too many questions at once are refused, not kept")
  func tooMany() async throws {
    let validators = try await Workers.pool().validators(PoolTests.echo)
    let question = try Workers.question(#"{"n":1}"#)
    let counts = Mutex((answered: 0, refused: 0))
    await withCheckedContinuation { continuation in
      // Inside of one turn of the event loop nothing but the first can be answered.
      Workers.eventLoop.execute {
        validators.check(question, counters: MemoryStore()) { _ in
          for index in 0..<2000 {
            validators.check(question, counters: MemoryStore()) { answer in
              let all = counts.withLock { counts in
                if answer.verdict.summary == "too many calls wait for their validators" {
                  counts.refused += 1
                } else {
                  counts.answered += 1
                }
                return counts.answered + counts.refused
              }
              if all == 2000 { continuation.resume() }
            }
            _ = index
          }
        }
      }
    }
    #expect(counts.withLock { $0.refused } >= 900)
    #expect(counts.withLock { $0.answered } >= 1000)
  }

  @Test("a killed worker is replaced")
  func killed() async throws {
    let (pool, validators, worker) = try await started(PoolTests.echo)
    kill(worker, SIGKILL)
    var faults = 0
    for number in 0..<20 {
      let answer = await validators.answer(try Workers.question("{\"n\":\(number)}"))
      if answer.verdict.summary == "the validator process ended" {
        faults += 1
      } else {
        #expect(answer.verdict == .refuse(reason: "\(number)", retryAfterSeconds: nil))
      }
    }
    #expect(faults <= 1)
    let replacement = try await processes(pool)
    #expect(replacement.count == 1 && replacement != [worker])
  }

  @Test("one that is killed in the middle of a call costs that call alone", arguments: [SIGKILL, SIGSEGV])
  func killedAtWork(_ signal: Int32) async throws {
    let (pool, validators, worker) = try await started(
      "function check(call) while call.args.n == 0 do end return false, tostring(call.args.n) end")
    var limits = Workers.limits
    limits.scriptInstructions = 1 << 60
    limits.scriptTime = 60_000_000_000
    let questions = try (0..<16).map { try Workers.question("{\"n\":\($0)}", limits: limits) }
    let verdicts = Mutex<[Int: ScriptAnswer.Verdict]>([:])
    await withCheckedContinuation { continuation in
      for (index, question) in questions.enumerated() {
        validators.check(question, counters: MemoryStore()) { answer in
          if verdicts.withLock({ verdicts in
            verdicts[index] = answer.verdict
            return verdicts.count == 16
          }) {
            continuation.resume()
          }
        }
      }
      // Asked behind the questions, so that the worker has them.
      pool.eventLoop.execute { kill(worker, signal) }
    }
    let all = verdicts.withLock { $0 }
    #expect(all[0]?.summary == "the validator process ended")
    for index in 1..<16 { #expect(all[index] == .refuse(reason: "\(index)", retryAfterSeconds: nil)) }
    #expect(try await processes(pool).first != worker)
  }

  @Test("one that is killed while it starts, or loads again what it had, costs nothing: it is tried again")
  func killedAtStart() async throws {
    // The first worker is real. The second and the third end at once; the fourth is real again.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("starts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = folder.appendingPathComponent("worker")
    let text = """
      #!/bin/sh
      echo >> \(folder.path)/starts
      count=$(wc -l < \(folder.path)/starts)
      [ $count -eq 2 ] && exit 1
      [ $count -eq 3 ] && printf '\\015\\000\\000\\000\\001\\000\\000\\000\\000\\000\\000\\000\\000\\037\\000\\000\\000' >&0 && exit 1
      exec \(Workers.program) "$@"

      """
    try text.write(to: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    let pool = ValidatorPool(program: program.path, on: Workers.eventLoop)
    let validators = try await pool.validators(PoolTests.echo)
    let question = try Workers.question(#"{"n":1}"#)
    let expected = ScriptAnswer.Verdict.refuse(reason: "1", retryAfterSeconds: nil)
    #expect(await validators.answer(question).verdict == expected)
    kill(try #require(try await processes(pool).first), SIGKILL)
    // The kill itself may cost the call that it meets.
    var faults = 0
    while faults < 10, await validators.answer(question).verdict != expected { faults += 1 }
    #expect(faults <= 1)
    let starts = try String(contentsOf: folder.appendingPathComponent("starts"), encoding: .utf8)
    #expect(starts.utf8.count == 4)
  }

  @Test("a stopped worker is killed at the deadline: one call pays, the others are asked again")
  func stopped() async throws {
    let (_, validators, worker) = try await started(PoolTests.echo)
    kill(worker, SIGSTOP)
    var limits = Limits()
    limits.scriptTime = 30_000_000
    let questions = try (0..<10).map { try Workers.question("{\"n\":\($0)}", limits: limits) }
    let verdicts = Mutex<[Int: ScriptAnswer.Verdict]>([:])
    await withCheckedContinuation { continuation in
      for (index, question) in questions.enumerated() {
        validators.check(question, counters: MemoryStore()) { answer in
          if verdicts.withLock({ verdicts in
            verdicts[index] = answer.verdict
            return verdicts.count == 10
          }) {
            continuation.resume()
          }
        }
      }
    }
    let all = verdicts.withLock { $0 }
    #expect(all[0]?.summary == "took more time than its limit")
    for index in 1..<10 { #expect(all[index] == .refuse(reason: "\(index)", retryAfterSeconds: nil)) }
  }

  @Test("the wall clock ends a script that its instructions would not")
  func wallClock() async throws {
    let validators = try await Workers.pool().validators("function check() while true do end end")
    var limits = Limits()
    limits.scriptInstructions = 1 << 60
    limits.scriptTime = 20_000_000
    let answer = await validators.answer(try Workers.question(limits: limits))
    #expect(answer.verdict.summary?.hasSuffix("took more time than its limit") == true)
  }

  @Test("limits come with each question")
  func limits() async throws {
    let validators = try await Workers.pool().validators(
      "function check(call) local t = {} for i = 1, call.args.n do t[i] = i end end")
    var small = Workers.limits
    small.scriptMemory = 256 << 10
    var short = Workers.limits
    short.scriptInstructions = 500
    #expect(await validators.answer(try Workers.question(#"{"n":50000}"#)).verdict == .pass)
    #expect(
      await validators.answer(try Workers.question(#"{"n":50000}"#, limits: small)).verdict.summary?
        .hasSuffix("took more memory than its limit") == true)
    #expect(
      await validators.answer(try Workers.question(#"{"n":50000}"#, limits: short)).verdict.summary?
        .hasSuffix("took more instructions than its limit") == true)
    #expect(await validators.answer(try Workers.question(#"{"n":50000}"#)).verdict == .pass)
  }

  @Test("calls may nest as deep as the limit says", arguments: [5, 20, 100])
  func depth(_ depth: Int) async throws {
    let validators = try await Workers.pool().validators(
      """
      local function down(n) if n == 0 then return 0 end return 1 + down(n - 1) end
      function check(call) return down(call.args.n) >= 0 end
      """)
    var limits = Workers.limits
    limits.scriptDepth = depth
    // check itself is one, and so is down(0).
    #expect(
      await validators.answer(try Workers.question("{\"n\":\(depth - 2)}", limits: limits)).verdict == .pass)
    #expect(
      await validators.answer(try Workers.question("{\"n\":\(depth - 1)}", limits: limits)).verdict.summary?
        .hasSuffix("called deeper than its limit") == true)
  }

  @Test("an unloaded script's worker goes")
  func unload() async throws {
    var (pool, validators, worker): (ValidatorPool, LoadedScripts?, Int32) = try await started(PoolTests.echo)
    #expect(validators != nil)
    validators = nil
    _ = try await pool.eventLoop.submit {}.get()
    _ = try await pool.eventLoop.submit {}.get()
    while kill(worker, 0) == 0 { await Task.yield() }
    #expect(try await processes(pool).isEmpty)
    // And another policy starts another.
    let next = try await pool.validators(PoolTests.echo)
    #expect(
      await next.answer(try Workers.question(#"{"n":1}"#)).verdict == .refuse(reason: "1", retryAfterSeconds: nil))
  }

  @Test("scripts that do not load leave no worker")
  func rejected() async throws {
    let pool = Workers.pool()
    #expect(try await pool.problems(Workers.source("x = ("), Workers.source("y = (")).count == 2)
    #expect(try await processes(pool).isEmpty)
    #expect(try await pool.problems(Workers.source("function check() end"), Workers.source("y = (")).count == 1)
    #expect(try await processes(pool).isEmpty)
  }

  @Test("a script that is unloaded while it judges leaves no worker once it has")
  func unloadedAtWork() async throws {
    var (pool, validators, _): (ValidatorPool, LoadedScripts?, Int32) = try await started(
      "function check(call) for i = 1, 3000000 do end return false, 'done' end")
    var limits = Workers.limits
    limits.scriptInstructions = 1 << 40
    let question = try Workers.question(limits: limits)
    let answer = await withCheckedContinuation { continuation in
      validators?.check(question, counters: MemoryStore()) { continuation.resume(returning: $0) }
      validators = nil
    }
    #expect(answer.verdict == .refuse(reason: "done", retryAfterSeconds: nil))
    for _ in 0..<2 { _ = try await pool.eventLoop.submit {}.get() }
    #expect(try await processes(pool).isEmpty)
  }

  @Test("a worker that was made ready is used, or goes")
  func madeReady() async throws {
    let pool = Workers.pool()
    pool.makeReady()
    let ready = try #require(try await processes(pool).first)
    pool.makeReady()
    #expect(try await processes(pool) == [ready])
    let validators = try await pool.validators(PoolTests.echo)
    #expect(try await processes(pool) == [ready])
    // Another policy does not load: what runs is not touched.
    pool.makeReady()
    pool.standDown()
    #expect(try await processes(pool) == [ready])
    let answer = await validators.answer(try Workers.question(#"{"n":1}"#))
    #expect(answer.verdict == .refuse(reason: "1", retryAfterSeconds: nil))

    let unused = Workers.pool()
    unused.makeReady()
    let other = try #require(try await processes(unused).first)
    unused.standDown()
    #expect(try await processes(unused).isEmpty)
    while kill(other, 0) == 0 { await Task.yield() }
    #expect(try await unused.problems(Workers.source("function check() end")).isEmpty)
  }

  @Test("who waits for a worker that starts is not forgotten when another stands down, and is told of the end")
  func standDownInBetween() async throws {
    let pool = Workers.pool()
    pool.makeReady()
    let loading = pool.load([Workers.source(PoolTests.echo)], limits: Workers.limits)
    pool.standDown()
    guard case .loaded = try await loading.get() else {
      Issue.record("it is not loaded")
      return
    }
    let ending = Workers.pool()
    ending.makeReady()
    let late = ending.load([Workers.source(PoolTests.echo)], limits: Workers.limits)
    let end = ending.shutDown()
    guard case .rejected = try await late.get() else {
      Issue.record("it is loaded after the end")
      return
    }
    try await end.get()
    ending.makeReady()
    #expect(try await processes(ending).isEmpty)
  }

  @Test("a worker that is killed while nobody waits for its start is started anew, as often as it takes")
  func killedReady() async throws {
    let pool = Workers.pool()
    for _ in 0..<4 {
      pool.makeReady()
      let ready = try #require(try await processes(pool).first)
      kill(ready, SIGKILL)
      while try await processes(pool) == [ready] { await Task.yield() }
    }
    #expect(try await pool.problems(Workers.source("function check() end")).isEmpty)
  }

  @Test("a reload: two policies' scripts side by side")
  func reload() async throws {
    let pool = Workers.pool()
    let old = try await pool.validators("function check() return false, 'old' end")
    let new = try await pool.validators("function check() return false, 'new' end")
    let question = try Workers.question()
    #expect(await old.answer(question).verdict == .refuse(reason: "old", retryAfterSeconds: nil))
    #expect(await new.answer(question).verdict == .refuse(reason: "new", retryAfterSeconds: nil))
  }

  @Test("several workers share the questions")
  func several() async throws {
    let pool = ValidatorPool(program: Workers.program, on: Workers.eventLoop, workers: 3)
    let validators = try await pool.validators(PoolTests.echo)
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<60 {
        group.addTask {
          let answer = try? await validators.answer(Workers.question("{\"n\":\(number)}"))
          #expect(answer?.verdict == .refuse(reason: "\(number)", retryAfterSeconds: nil))
        }
      }
    }
  }

  @Test("after the end every question is a fault")
  func shutDown() async throws {
    let (pool, validators, worker) = try await started(PoolTests.echo)
    try await pool.shutDown().get()
    #expect(await validators.answer(try Workers.question()).verdict.summary == "the script is not loaded")
    while kill(worker, 0) == 0 { await Task.yield() }
  }

  @Test("a program that is no worker", arguments: ["/bin/true", "/bin/cat", "/usr/bin/yes"])
  func otherProgram(_ program: String) async throws {
    let pool = ValidatorPool(program: program, on: Workers.eventLoop)
    let problems = try await pool.problems(Workers.source("function check() end"))
    #expect(problems.count == 1)
  }
}
