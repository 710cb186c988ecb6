public import NIOCore
public import Policy
import Synchronization

/// Runs Lua validators in worker processes, which are this program started again.
///
///     let pool = ValidatorPool(on: eventLoop)
///     switch try await pool.load(scripts, limits: limits).get() {
///     case .loaded(let validators): validators.check(question, counters: store) { answer in … }
///     case .rejected(let problems): …
///     }
///
/// No worker is started before there is a script, and none is left when the last one has gone. Asked on its event loop,
/// a pool sends at once and waits up to 150 µs for the answer: most come sooner, and `then` is called before `check`
/// returns. A validator that takes longer holds nobody up.
public final class ValidatorPool: Sendable {
  /// The event loop on which the pool lives, and answers.
  public let eventLoop: any EventLoop
  let lines: ConfinedLines
  /// Then there is nothing left to unload, and perhaps no event loop.
  fileprivate let hasShutDown = Atomic(false)

  /// A pool that has started nothing yet.
  ///
  /// - Parameters:
  ///   - program: the program that is a worker if ``ValidatorWorker/command`` is its first argument.
  ///   - eventLoop: where to live. Its thread starts the workers, which die with it.
  ///   - workers: how many processes to start. One judges some 50,000 calls a second.
  ///   - required: the layers of the sandbox without which no script is run, not even to load it.
  public init(
    program: String = "/proc/self/exe", on eventLoop: any EventLoop, workers: Int = 1,
    requiring required: SandboxLayers = []
  ) {
    self.eventLoop = eventLoop
    lines = ConfinedLines(
      (0..<max(1, workers)).map { _ in
        WorkerLine(
          program: program, arguments: [ValidatorWorker.command, "\(required.rawValue)"], requiring: required,
          on: eventLoop)
      })
  }

  /// What became of a list of scripts.
  public enum Loading: Sendable {
    /// All are ready.
    case loaded(LoadedScripts)
    /// Some are not, and none is loaded.
    case rejected([ScriptProblem])
    /// The kernel lacks these layers of the sandbox, which were required, and none is loaded.
    case unconfined(missing: SandboxLayers)
  }

  /// Starts the workers, if they do not run: there will be scripts to ``load(_:limits:)``. A worker takes a while to
  /// start, in which the policy can be read to its end.
  public func makeReady() {
    onLoop { $0.makeReady() }
  }

  /// Ends the workers that have no script: there will be none to load after all.
  public func standDown() {
    onLoop { $0.standDown() }
  }

  private func onLoop(_ action: @escaping @Sendable (ConfinedLines) -> Void) {
    let lines = lines
    if eventLoop.inEventLoop { action(lines) } else { eventLoop.execute { action(lines) } }
  }

  /// Compiles scripts and runs the top level of each once.
  public func load(_ scripts: [ScriptSource], limits: Limits) -> EventLoopFuture<Loading> {
    let promise = eventLoop.makePromise(of: Loading.self)
    eventLoop.execute { self.lines.load(scripts, limits: limits, from: self) { promise.succeed($0) } }
    return promise.futureResult
  }

  /// Ends the workers. Whoever waits is told, and every later question is a fault.
  public func shutDown() -> EventLoopFuture<Void> {
    hasShutDown.store(true, ordering: .releasing)
    return eventLoop.submit { self.lines.shutDown() }
  }
}

/// The validators of one policy. They are unloaded when this goes.
public final class LoadedScripts: Validators {
  /// What keeps the workers in; all layers where there is no worker.
  public let sandbox: SandboxLayers
  private let pool: ValidatorPool
  private let first: UInt32
  private let count: Int

  init(pool: ValidatorPool, first: UInt32, count: Int, sandbox: SandboxLayers) {
    self.pool = pool
    self.first = first
    self.count = count
    self.sandbox = sandbox
  }

  deinit {
    guard !pool.hasShutDown.load(ordering: .acquiring) else { return }
    let (pool, first, count) = (pool, first, count)
    pool.eventLoop.execute { pool.lines.unload(first..<first + UInt32(count)) }
  }

  /// Asks a validator. `then` is called on the pool's event loop; before this returns, where the answer comes quickly
  /// and this was called there.
  public func check(
    _ question: ScriptQuestion, counters: any CounterStore, then: @escaping @Sendable (ScriptAnswer) -> Void
  ) {
    guard (0..<count).contains(question.reference.script) else { return then(.fault("there is no such script")) }
    let script = first + UInt32(question.reference.script)
    if pool.eventLoop.inEventLoop {
      pool.lines.check(question, script: script, counters: counters, then: then)
    } else {
      // Keeps the scripts loaded until the question has been asked.
      pool.eventLoop.execute { self.pool.lines.check(question, script: script, counters: counters, then: then) }
    }
  }
}

/// The lines of a pool.
///
/// `@unchecked Sendable`: every function is called on the pool's event loop, and nothing else reaches what is in it.
final class ConfinedLines: @unchecked Sendable {
  private let lines: [WorkerLine]
  private var next: UInt32 = 1

  init(_ lines: [WorkerLine]) {
    self.lines = lines
  }

  func load(
    _ scripts: [ScriptSource], limits: Limits, from pool: ValidatorPool,
    then: @escaping (ValidatorPool.Loading) -> Void
  ) {
    let first = next
    next += UInt32(scripts.count)
    var problems: [Int: ScriptProblem] = [:]
    var left = scripts.count * lines.count
    let finish = { [self] in
      let missing = lines.reduce(SandboxLayers()) { $0.union($1.missing) }
      if !missing.isEmpty {
        then(.unconfined(missing: missing))
      } else if problems.isEmpty {
        let sandbox = scripts.isEmpty ? .all : lines.reduce(SandboxLayers.all) { $0.intersection($1.layers) }
        then(.loaded(LoadedScripts(pool: pool, first: first, count: scripts.count, sandbox: sandbox)))
      } else {
        unload(first..<first + UInt32(scripts.count))
        then(.rejected(problems.values.sorted { $0.script < $1.script }))
      }
    }
    if left == 0 { return finish() }
    for (index, source) in scripts.enumerated() {
      for line in lines {
        line.load(source, as: first + UInt32(index), limits: limits) { told in
          if let told { problems[index] = ScriptProblem(script: index, source: source, told: told) }
          left -= 1
          if left == 0 { finish() }
        }
      }
    }
  }

  func makeReady() { lines.forEach { $0.makeReady() } }

  func standDown() { lines.forEach { $0.standDown() } }

  func unload(_ scripts: Range<UInt32>) {
    for line in lines { scripts.forEach(line.unload) }
  }

  func check(
    _ question: ScriptQuestion, script: UInt32, counters: any CounterStore,
    then: @escaping @Sendable (ScriptAnswer) -> Void
  ) {
    var best = lines[0]
    for line in lines.dropFirst() where line.count < best.count { best = line }
    best.check(question, script: script, counters: counters, then: then)
  }

  /// The processes that run now.
  var processes: [Int32] { lines.compactMap(\.processID) }

  func shutDown() {
    lines.forEach { $0.shutDown() }
  }
}
