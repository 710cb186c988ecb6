import Counters
import Glibc
import NIOCore
import Policy
import Synchronization
import Testing
import Wire

@testable import Scripting

@Suite("Counters in a script")
struct CounterScriptTests {
  let script = OneScript()

  private func answers(
    _ body: String, _ times: Int = 1, counters: any CounterStore = MemoryStore(), _ arguments: String = "{}",
    context: Call.Context = .init(session: "s1")
  ) async throws -> [ScriptAnswer] {
    let validators = try await script.pool.validators("function check(call, params)\n\(body)\nend")
    var answers: [ScriptAnswer] = []
    for _ in 0..<times {
      answers.append(
        await validators.answer(try Workers.question(arguments, context: context), counters: counters))
    }
    return answers
  }

  @Test("reserve says what is left, and once nothing is, when to try again; get reads and takes nothing")
  func reserve() async throws {
    let body = """
      local ok, more = counter.reserve("renders", 2, {max = 5, window = "minute"})
      log("%s %d %d", ok, more, counter.get("renders", {window = 60}))
      """
    let answers = try await answers(body, 3)
    #expect(answers.map(\.log) == [["true 3 2"], ["true 1 4"], ["false 60 4"]])
    #expect(answers.map(\.reservations.count) == [1, 1, 0])
  }

  @Test("what is given back can be reserved again")
  func givenBack() async throws {
    let store = MemoryStore()
    let body = #"return (counter.reserve("c", 3, {max = 3, window = "1h"}))"#
    let first = try await answers(body, counters: store)[0]
    #expect(first.verdict == .pass)
    #expect(try await answers(body, counters: store)[0].verdict == .refuse(reason: nil, retryAfterSeconds: nil))
    for id in first.reservations { store.release(id, at: Moment(simulated: 1000)) }
    #expect(try await answers(body, counters: store)[0].verdict == .pass)
  }

  @Test("each reservation counts, two of one call and those of two scripts too")
  func each() async throws {
    let store = MemoryStore()
    let body = """
      local options = {max = 3, window = 60}
      log("%s %s", counter.reserve("c", 1, options), counter.reserve("c", 1, options))
      """
    #expect(try await answers(body, counters: store)[0].reservations.count == 2)
    let other = try await answers(
      "log(tostring(counter.reserve('c', 1, {window = '1m', max = 3})))", 2, counters: store)
    #expect(other.map(\.log) == [["true"], ["false"]])
  }

  @Test("an amount over max never fits, and takes nothing")
  func neverFits() async throws {
    let body =
      #"log("%s %s %d", counter.reserve("c", 6, {max = 5, window = 60}), select(2, counter.reserve("c", 6, {max = 5, window = 60})), counter.get("c", {window = 60}))"#
    let answer = try await answers(body)[0]
    #expect(answer.log == ["false nil 0"] && answer.reservations.isEmpty)
  }

  @Test("a counter is one for each name, window and choice of whom it is kept for, in whatever order that is said")
  func identity() async throws {
    let body = """
      local function left(name, window, per)
        return select(2, counter.reserve(name, 1, {max = 100, window = window, per = per}))
      end
      log("%d %d %d %d", left("a", 60), left("a", "1m", "all"), left("a", 61), left("b", 60))
      log("%d %d", left("a", 60, {"client", "tool"}), left("a", 60, {"tool", "client"}))
      log("%d %d", left("a", 60, "client"), left("a", 60, "session"))
      log("%d %d", counter.get("a", {window = 60, per = "client"}), counter.get("a", {window = 60, per = "server"}))
      """
    #expect(try await answers(body)[0].log == ["99 98 99 99", "99 98", "99 99", "1 0"])
  }

  @Test("kept for the session where it is said, and for all where it is not")
  func partitions() async throws {
    let store = MemoryStore()
    let body = """
      log("%d %d", counter.get("c", {window = 60, per = "session"}), counter.get("c", {window = 60}))
      counter.reserve("c", 1, {max = 9, window = 60, per = "session"})
      counter.reserve("c", 1, {max = 9, window = 60})
      """
    var logs: [[String]] = []
    for session in ["one", "two", "one"] {
      logs.append(try await answers(body, counters: store, context: .init(session: session))[0].log)
    }
    #expect(logs == [["0 0"], ["0 1"], ["1 2"]])
  }

  @Test("no rule's counter is a script's")
  func namespace() throws {
    let count = try #require(
      ScriptCount(name: #"x"].60000000000.0"#, window: 60_000_000_000, per: [], purpose: .read))
    let question = try Workers.question()
    #expect(count.reservation(for: question.call)?.key.counter == #"scripts["x\"].60000000000.0"].60000000000.0"#)
  }

  @Test(
    "wrong use is an error that names the argument",
    arguments: [
      ("counter.get()", "counter.get: name"), ("counter.get('')", "counter.get: name"),
      ("counter.get(5, {window = 60})", "counter.get: name"),
      ("counter.get(('x'):rep(1025), {window = 60})", "counter.get: name"),
      ("counter.get('\\xFF', {window = 60})", "counter.get: name"), ("counter.get('c')", "counter.get: options"),
      ("counter.get('c', 60)", "counter.get: options"), ("counter.get('c', {60})", "counter.get: options"),
      ("counter.get('c', {})", "counter.get: window is missing"),
      ("counter.get('c', {window = 60, max = 1})", "counter.get: there is no option \"max\"; there is window, per"),
      ("counter.get('c', {window = 0})", "window is one second"), ("counter.get('c', {window = -5})", "window"),
      ("counter.get('c', {window = 1.5})", "window"), ("counter.get('c', {window = 1e300})", "window"),
      ("counter.get('c', {window = 0/0})", "window"), ("counter.get('c', {window = 'month'})", "window"),
      ("counter.get('c', {window = '400d'})", "window is one second to 366 days long"),
      ("counter.get('c', {window = true})", "window"), ("counter.get('c', {window = 60, per = 'user'})", "per"),
      ("counter.get('c', {window = 60, per = {'all', 'tool'}})", "per"),
      ("counter.get('c', {window = 60, per = {tool = true}})", "per"),
      ("counter.reserve('c', 0, {max = 1, window = 60})", "counter.reserve: amount"),
      ("counter.reserve('c', -1, {max = 1, window = 60})", "counter.reserve: amount"),
      ("counter.reserve('c', 1.5, {max = 1, window = 60})", "counter.reserve: amount"),
      ("counter.reserve('c', 0/0, {max = 1, window = 60})", "counter.reserve: amount"),
      ("counter.reserve('c', 1e300, {max = 1, window = 60})", "counter.reserve: amount"),
      ("counter.reserve('c', math.maxinteger, {max = 1, window = 60})", "counter.reserve: amount"),
      ("counter.reserve('c', '1', {max = 1, window = 60})", "counter.reserve: amount"),
      ("counter.reserve('c', nil, {max = 1, window = 60})", "counter.reserve: amount"),
      ("counter.reserve('c', call.args.huge, {max = 1, window = 60})", "counter.reserve: amount"),
      ("counter.reserve('c', 1, {window = 60})", "max"), ("counter.reserve('c', 1, {max = 0, window = 60})", "max"),
      ("counter.reserve('c', 1, {max = -1, window = 60})", "max"),
      ("counter.reserve('c', 1, {max = 1/0, window = 60})", "max"),
      ("counter.reserve('c', 1, {max = 2^62, window = 60})", "max"),
      ("counter.reserve('c', 1, {max = 1})", "window is missing"),
      ("counter.reserve('c', 1, {limit = 1, max = 1, window = 60})", "no option \"limit\"; there is max, window, per"),
      ("for i = 1, 65 do counter.get('c', {window = 60}) end", "counter.get: a script asks for at most 64 counts"),
    ])
  func misuse(_ body: String, _ message: String) async throws {
    let store = MemoryStore()
    let answer = try await answers(body, counters: store, #"{"huge":123456789012345678901}"#)[0]
    let told = try #require(answer.verdict.summary, "\(answer)")
    #expect(told.contains(message), "\(told)")
    #expect(answer.reservations.isEmpty)
  }

  @Test("nothing can be counted while a script loads")
  func topLevel() async throws {
    let problems = try await script.pool.problems(
      Workers.source("counter.reserve('c', 1, {max = 1, window = 60})\nfunction check() end"))
    #expect(problems.first?.message.contains("counter.reserve: there is no call yet") == true)
  }

  @Test("a script that reserves and then fails, or loops on, hands its reservation over all the same")
  func faults() async throws {
    var limits = Workers.limits
    limits.scriptTime = 30_000_000
    limits.scriptInstructions = 1_000_000_000
    let validators = try await script.pool.validators(
      "function check() counter.reserve('c', 1, {max = 9, window = 60}) error('oops') end",
      "function check() counter.reserve('c', 1, {max = 9, window = 60}) while true do end end",
      "function check() counter.reserve('c', 1, {max = 9, window = 60}) deny('no') end")
    for script in 0..<3 {
      let answer = await validators.answer(try Workers.question(script: script, limits: limits))
      #expect(answer.verdict != .pass && answer.reservations.count == 1)
    }
  }

  @Test("what was reserved in a loop that ended at a limit or in a deny is handed over whole, to be given back")
  func loops() async throws {
    let loop = "for _ = 1, 100 do pcall(counter.reserve, 'c', 1, {max = 99, window = 60}) end "
    let validators = try await script.pool.validators(
      "function check() \(loop) while true do pcall(error) end end", "function check() \(loop) pcall(deny, 'no') end",
      "function check() \(loop) pcall(deny, {}) return true end")
    for script in 0..<3 {
      let answer = await validators.answer(try Workers.question(script: script))
      #expect(answer.verdict != .pass && answer.reservations.count == ScriptCount.mostAsked)
    }
  }

  @Test("a worker that dies while its script counts gives up nothing that was reserved")
  func workerDies() async throws {
    let pool = Workers.pool()
    let validators = try await pool.validators(
      "function check() counter.reserve('c', 1, {max = 9, window = 60}) counter.get('c', {window = 60}) end")
    let process = Mutex<Int32?>(nil)
    process.withLock { $0 = try? pool.eventLoop.submit { pool.lines.processes.first }.wait() ?? nil }
    let store = ScriptedStore(isSlow: false) { if $0 == 3 { _ = process.withLock { $0.map { kill($0, SIGKILL) } } } }
    let answer = await validators.answer(try Workers.question(), counters: store)
    #expect(answer.reservations.count == 1)
    #expect(answer.verdict == .pass || answer.verdict.summary?.contains("ended") == true)
  }

  @Test(
    "a store that has to be waited for holds up its own call alone, and calls behind it in the worker's line get their answers"
  )
  func slowStore() async throws {
    let validators = try await script.pool.validators(
      "function check() local ok, left = counter.reserve('c', 1, {max = 9, window = 60}) return false, ok and left or nil end",
      "function check(call) return false, call.args.n end")
    let store = ScriptedStore(isSlow: true) { _ in }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<40 {
        group.addTask {
          let script = number % 4 == 0 ? 0 : 1
          let text = "{\"n\":\(number),\"padding\":\"\(String(repeating: "x", count: number * 997))\"}"
          let answer = await validators.answer(try Workers.question(text, script: script), counters: store)
          guard case .refuse(let reason, nil) = answer.verdict else {
            Issue.record("\(answer)")
            return
          }
          if script == 1 { #expect(reason == "\(number)") }
          #expect(answer.reservations.count == (script == 0 && reason != nil ? 1 : 0))
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("a store that fails refuses the call as a fault of the store, whatever the script makes of it")
  func failing() async throws {
    for isSlow in [false, true] {
      let store = ScriptedStore(isSlow: isSlow, isBroken: true) { _ in }
      for body in [
        "pcall(counter.reserve, 'c', 1, {max = 1, window = 60}) return true", "counter.get('c', {window = 60})",
        "pcall(counter.get, 'c', {window = 60}) deny('mine')",
      ] {
        let answer = try await answers(body, counters: store)[0]
        #expect(answer.verdict == .uncounted("gone") && answer.reservations.isEmpty)
      }
    }
  }

  @Test("a store's late answer is given back, and the next call is unharmed")
  func late() async throws {
    var limits = Workers.limits
    limits.scriptTime = 20_000_000
    let validators = try await script.pool.validators(
      "function check() counter.reserve('c', 1, {max = 9, window = 60}) end", "function check() return false end")
    let store = ScriptedStore(isSlow: true, isHeld: true) { _ in }
    let answer = await validators.answer(try Workers.question(limits: limits), counters: store)
    #expect(answer.verdict.summary?.contains("took more time than its limit") == true && answer.reservations.isEmpty)
    store.letGo()
    _ = try await script.pool.eventLoop.submit {}.get()
    #expect(store.released == 1)
    #expect(
      await validators.answer(try Workers.question(script: 1)).verdict == .refuse(reason: nil, retryAfterSeconds: nil))
  }
}

/// A store that answers on another thread, or not before it is told to, or not at all.
final class ScriptedStore: CounterStore {
  private let memory = MemoryStore()
  private let isSlow: Bool
  private let isBroken: Bool
  private let isHeld: Bool
  private let before: @Sendable (Int) -> Void
  private let state = Mutex((asked: 0, released: 0, waiting: [@Sendable () -> Void]()))

  init(
    isSlow: Bool, isBroken: Bool = false, isHeld: Bool = false, before: @escaping @Sendable (Int) -> Void
  ) {
    self.isSlow = isSlow
    self.isBroken = isBroken
    self.isHeld = isHeld
    self.before = before
  }

  var released: Int { state.withLock { $0.released } }

  func letGo() {
    let waiting = state.withLock { state in
      defer { state.waiting = [] }
      return state.waiting
    }
    for each in waiting { each() }
  }

  private func count() {
    before(
      state.withLock { state in
        state.asked += 1
        return state.asked
      })
  }

  private func later(_ body: @escaping @Sendable () -> Void) {
    if isHeld { return state.withLock { $0.waiting.append(body) } }
    Task { body() }
  }

  func reserve(
    _ claim: Claim, at moment: Moment, then: @escaping @Sendable (ReservationAnswer) -> Void
  ) {
    let answer = isBroken ? .unavailable("gone") : memory.reserveAtOnce(claim, at: moment) ?? .unavailable("")
    later { then(answer) }
  }

  func reserveAtOnce(_ claim: Claim, at moment: Moment) -> ReservationAnswer? {
    count()
    if isSlow { return nil }
    return isBroken ? .unavailable("gone") : memory.reserveAtOnce(claim, at: moment)
  }

  func read(_ reservation: Reservation, at moment: Moment, then: @escaping @Sendable (CounterReading) -> Void) {
    let reading = isBroken ? .unavailable("gone") : memory.readAtOnce(reservation, at: moment) ?? .used(0)
    later { then(reading) }
  }

  func readAtOnce(_ reservation: Reservation, at moment: Moment) -> CounterReading? {
    count()
    if isSlow { return nil }
    return isBroken ? .unavailable("gone") : memory.readAtOnce(reservation, at: moment)
  }

  func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment) {
    if outcome == .notCarriedOut { state.withLock { $0.released += 1 } }
    memory.end(id, as: outcome, at: moment)
  }
}
