import Glibc
import NIOCore
import Policy

/// One worker, and whoever waits for it. Lives on one event loop; all its functions are called there.
///
/// A worker answers in order, so that what waits is a queue. Its head is what the worker is at: a deadline that passes,
/// a worker that dies or lies, costs the head alone; the rest is asked again of the next worker.
final class WorkerLine {
  /// What somebody waits for.
  private enum Purpose {
    /// The worker's start. Nothing is sent for it.
    case start
    case load(script: UInt32, then: (String?) -> Void)
    /// A script that an earlier worker had loaded.
    case reload(script: UInt32)
    case check(OpenQuestion)
  }

  private struct Waiting {
    let number: UInt64
    let purpose: Purpose
    let frame: [UInt8]
    /// What it may take once it is at the head.
    let allowance: TimeAmount
  }

  /// Everything is on time if it takes this much longer than its limit: the worker ends a script itself, by its own
  /// clock, and the machine may be busy.
  private static let grace = TimeAmount.milliseconds(10)
  private static let mostWaiting = 1024
  private static let mostBytes = 64 << 20
  /// How often a start, or a script's loading again, is tried where the worker ends meanwhile: somebody may have killed
  /// it, and that is to cost nobody a call.
  private static let mostFailures = 3
  /// How long a caller is kept for an answer that comes at once.
  private static let patience = TimeAmount.microseconds(150)

  private let eventLoop: any EventLoop
  private let program: String
  private let arguments: [String]
  private let required: SandboxLayers
  private var process: WorkerProcess?
  private var inbound = FrameBuffer()
  private var waiting = CircularBuffer<Waiting>()
  private var waitingBytes = 0
  private var headDeadline = NIODeadline.distantFuture
  private var timer: (at: NIODeadline, task: Scheduled<Void>)?
  private var nextNumber: UInt64 = 1
  /// What a new worker has to load first: each script's load frame.
  private var scripts: [UInt32: [UInt8]] = [:]
  private var isDelivering = false
  private var isQuick = true
  private var isShutDown = false
  /// Whether the worker has judged a call: one that dies before it has is not replaced until it is needed.
  private var isProven = false
  /// How often a worker has ended before it was ready, or over a script that it was to load again, since that last went
  /// well.
  private var failedStarts = 0
  private var failedReloads: [UInt32: Int] = [:]
  /// What the worker said of its sandbox.
  private(set) var layers: SandboxLayers = []
  /// Layers that are required, and that the worker does not have.
  private(set) var missing: SandboxLayers = []

  init(program: String, arguments: [String], requiring required: SandboxLayers = [], on eventLoop: any EventLoop) {
    self.program = program
    self.arguments = arguments
    self.required = required
    self.eventLoop = eventLoop
  }

  /// The worker that runs now.
  var processID: Int32? { process?.pid }

  /// How many wait.
  var count: Int { waiting.count }

  /// Starts the worker, if none runs. One that does not start shows when it is needed.
  func makeReady() {
    if process == nil { _ = start() }
  }

  /// Ends the worker, if it has no script and nobody waits for one.
  func standDown() {
    let isWanted = waiting.contains { item in
      if case .start = item.purpose { false } else { true }
    }
    guard scripts.isEmpty, !isWanted else { return }
    stop()
    failAll("the validator process is not needed")
  }

  /// Has the worker compile a script. `then` gets nil, or why it does not load.
  func load(_ source: ScriptSource, as script: UInt32, limits: Limits, then: @escaping (String?) -> Void) {
    let number = takeNumber()
    let frame = FrameWriter(source, script: script, limits: limits, number: number).finished()
    guard hasRoom(for: frame) else { return then("too much is waiting to be loaded") }
    let allowance = TimeAmount.nanoseconds(limits.scriptTime) + .seconds(1)
    let purpose = Purpose.load(script: script) { [self] problem in
      if problem == nil { scripts[script] = frame }
      then(problem)
    }
    enqueue(Waiting(number: number, purpose: purpose, frame: frame, allowance: allowance))
  }

  /// Has the worker forget a script.
  func unload(_ script: UInt32) {
    guard scripts[script] != nil else { return }
    forget(script)
    var frame = FrameWriter(.unload, number: 0)
    frame.append(script)
    process?.send(frame.finished())
    stopIfUnneeded()
  }

  /// Ends the worker, if it has no script, and nobody waits for it.
  private func stopIfUnneeded() {
    if scripts.isEmpty, waiting.isEmpty { stop() }
  }

  /// Asks the worker, and waits a moment for the answer where nothing else is in the way.
  func check(
    _ question: ScriptQuestion, script: UInt32, counters: any CounterStore,
    then: @escaping @Sendable (ScriptAnswer) -> Void
  ) {
    guard scripts[script] != nil, !isShutDown else { return then(.fault("the script is not loaded")) }
    let number = takeNumber()
    let frame = FrameWriter(question, script: script, number: number).finished()
    guard hasRoom(for: frame) else { return then(.fault("too many calls wait for their validators")) }
    let allowance = TimeAmount.nanoseconds(question.limits.scriptTime) + WorkerLine.grace
    let open = OpenQuestion(question, counters: counters, on: eventLoop, then: then)
    enqueue(Waiting(number: number, purpose: .check(open), frame: frame, allowance: allowance))
  }

  /// Ends the worker; whoever waits is told.
  func shutDown() {
    isShutDown = true
    scripts = [:]
    stop()
    failAll("the program is ending")
  }

  private func takeNumber() -> UInt64 {
    defer { nextNumber += 1 }
    return nextNumber
  }

  private func hasRoom(for frame: [UInt8]) -> Bool {
    waiting.count < WorkerLine.mostWaiting && waitingBytes + frame.count <= WorkerLine.mostBytes
  }

  private func enqueue(_ item: Waiting) {
    if process == nil, !start() {
      fail(item, "the validator process does not start")
      return
    }
    waiting.append(item)
    waitingBytes += item.frame.count
    process?.send(item.frame)
    if waiting.count == 1 {
      headDeadline = .now() + item.allowance
      if isQuick, !isDelivering { awaitQuickAnswer() }
    }
    armTimer()
  }

  // MARK: The process

  private func start() -> Bool {
    guard !isShutDown else { return false }
    inbound = FrameBuffer()
    isProven = false
    do throws(WorkerProcess.Failure) {
      process = try WorkerProcess(program: program, arguments: arguments, on: eventLoop, delegate: self)
    } catch {
      return false
    }
    let behind = waiting
    waiting = [Waiting(number: 0, purpose: .start, frame: [], allowance: .seconds(5))]
    for (script, frame) in scripts.sorted(by: { $0.key < $1.key }) {
      let number = FrameWriter.number(of: frame)
      waiting.append(
        Waiting(number: number, purpose: .reload(script: script), frame: frame, allowance: .seconds(2)))
    }
    waiting.append(contentsOf: behind)
    waitingBytes = waiting.reduce(0) { $0 + $1.frame.count }
    headDeadline = .now() + .seconds(5)
    for item in waiting where !item.frame.isEmpty { process?.send(item.frame) }
    armTimer()
    return true
  }

  private func stop() {
    // First forgotten, then ended: ending it tells the delegate.
    let ending = process
    process = nil
    ending?.end()
    timer?.task.cancel()
    timer = nil
  }

  /// Why a worker is replaced.
  private enum Trouble: String {
    case late = "took more time than its limit"
    case ended = "the validator process ended"
    case nonsense = "the validator process said what makes no sense"
  }

  /// The worker is gone, or is to go: the head pays, and the rest starts over.
  private func replace(because trouble: Trouble) {
    stop()
    let head = takeHead()
    // What was to be loaded again has not been, by any worker that is left.
    waiting.removeAll { item in
      if case .reload = item.purpose { return true }
      return false
    }
    waitingBytes = waiting.reduce(0) { $0 + $1.frame.count }
    var mayStart = true
    switch head?.purpose {
    case .start:
      // A start that nobody waits for is tried again once somebody does.
      failedStarts = waiting.isEmpty ? 0 : failedStarts + 1
      mayStart = trouble == .ended && failedStarts < WorkerLine.mostFailures
    case .reload(let script):
      failedReloads[script, default: 0] += 1
      if trouble != .ended || failedReloads[script, default: 0] >= WorkerLine.mostFailures { forget(script) }
    default: break
    }
    if isProven && !scripts.isEmpty || !waiting.isEmpty, !mayStart || !start() {
      failedStarts = 0
      failAll("the validator process does not start")
    }
    // Last: whoever is told may ask again at once.
    if let head { fail(head, trouble.rawValue) }
  }

  private func forget(_ script: UInt32) {
    scripts[script] = nil
    failedReloads[script] = nil
  }

  // MARK: Waiting

  private func takeHead() -> Waiting? {
    guard let head = waiting.popFirst() else { return nil }
    waitingBytes -= head.frame.count
    headDeadline = waiting.first.map { .now() + $0.allowance } ?? .distantFuture
    return head
  }

  private func fail(_ item: Waiting, _ reason: String) {
    switch item.purpose {
    case .start, .reload: break
    case .load(_, let then): then(reason)
    case .check(let question): question.finish(.fault(reason))
    }
  }

  private func failAll(_ reason: String) {
    let all = waiting
    waiting = []
    waitingBytes = 0
    for item in all { fail(item, reason) }
  }

  private func armTimer() {
    guard !waiting.isEmpty else { return }
    if let timer {
      if timer.at <= headDeadline { return }
      timer.task.cancel()
    }
    let deadline = headDeadline
    let line = NIOLoopBound(self, eventLoop: eventLoop)
    timer = (deadline, eventLoop.scheduleTask(deadline: deadline) { line.value.timerFired() })
  }

  private func timerFired() {
    timer = nil
    guard !waiting.isEmpty else { return }
    if NIODeadline.now() < headDeadline { return armTimer() }
    // The answer may be there already: this program may have been the slow one.
    drain()
    if !waiting.isEmpty, NIODeadline.now() >= headDeadline {
      replace(because: .late)
    } else {
      armTimer()
    }
  }

  /// Most answers come sooner than the event loop would notice. Not tried again after one that did not, until one does.
  /// Between two looks the worker may run, if it shares our processor.
  private func awaitQuickAnswer() {
    let end = NIODeadline.now() + WorkerLine.patience
    while waiting.count == 1, let process {
      switch process.receive(into: &inbound) {
      case .bytes: deliver()
      case .ended: return replace(because: .ended)
      case .nothing:
        guard NIODeadline.now() < end else {
          isQuick = false
          return
        }
        sched_yield()
      }
    }
  }

  private func drain() {
    while let process, case .bytes = process.receive(into: &inbound) { deliver() }
  }

  /// Hands out every answer that is whole.
  private func deliver() {
    let wasDelivering = isDelivering
    isDelivering = true
    defer {
      isDelivering = wasDelivering
      inbound.shrink()
    }
    let current = process
    while process === current, process != nil {
      if let length = inbound.frontCount, length > longestAnswer || length < 4 + 9 {
        return replace(because: .nonsense)
      }
      guard let reply = inbound.takeFrame({ Reply($0) }) else { return }
      guard let reply, take(reply) else { return replace(because: .nonsense) }
    }
  }

  /// The longest frame that the worker may send now.
  private var longestAnswer: Int {
    guard case .check(let open) = waiting.first?.purpose else { return Frame.longestAnswer }
    return Frame.longestAnswer + open.question.longestArguments
  }

  /// Gives the head its answer; false where this is not what the head waits for.
  private func take(_ reply: Reply) -> Bool {
    guard let head = waiting.first else { return false }
    switch (reply, head.purpose) {
    case (.hello(let layers), .start):
      self.layers = layers
      failedStarts = 0
      _ = takeHead()
      missing = required.subtracting(layers)
      if !missing.isEmpty {
        stop()
        failAll("the validator's sandbox lacks \(missing)")
      }
    case (.loaded(head.number, let problem), .reload(let script)):
      _ = takeHead()
      failedReloads[script] = nil
      if problem != nil { forget(script) }
      stopIfUnneeded()
    case (.loaded(head.number, let problem), .load(_, let then)):
      _ = takeHead()
      then(problem)
      stopIfUnneeded()
    case (.count(head.number, let count), .check(let question)):
      let asking = process
      return question.count(count) { asking?.send(FrameWriter($0, number: head.number).finished()) }
    case (.answer(head.number, let answer), .check(let question)):
      guard !question.isCounting else { return false }
      isQuick = NIODeadline.now() - (headDeadline - head.allowance) < WorkerLine.patience
      isProven = true
      _ = takeHead()
      question.finish(answer)
      stopIfUnneeded()
    default: return false
    }
    return true
  }
}

extension WorkerLine: WorkerProcess.Delegate {
  func didReceive(_ bytes: ByteBuffer, from process: WorkerProcess) {
    guard process === self.process else { return }
    bytes.withUnsafeReadableBytes { source in
      _ = inbound.receive(source.count) { target in
        target.copyMemory(from: source)
        return source.count
      }
    }
    deliver()
    armTimer()
  }

  func didEnd(_ process: WorkerProcess) {
    guard process === self.process else { return }
    replace(because: .ended)
  }
}

extension FrameWriter {
  /// The number of a finished frame.
  fileprivate static func number(of frame: [UInt8]) -> UInt64 {
    frame.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 5, as: UInt64.self)) }
  }
}
