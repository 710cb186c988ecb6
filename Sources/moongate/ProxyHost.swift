import Glibc
import NIOCore
import Policy
import PolicyFiles
import Proxy
import Workbench

/// A running proxy with what surrounds it: its policy, signals, reloads and log. Lives on one event loop.
final class ProxyHost {
  private let options: RunCommand
  private let level: LogEntry.Level
  private let loop: any EventLoop
  private let loader: PolicyLoader
  private var watch: FileWatch
  private var proxy: StdioProxy?
  private var isReloading = false
  private var ticks: RepeatedTask?

  init(_ options: RunCommand, level: LogEntry.Level, on loop: any EventLoop) {
    self.options = options
    self.level = level
    self.loop = loop
    loader = PolicyLoader(on: loop, requiresSandbox: options.sandbox.isRequired)
    watch = FileWatch([options.policy])
  }

  private lazy var stores: CounterStores = {
    let loop = loop
    let itself = NIOLoopBound(Weak(self), eventLoop: loop)
    return CounterStores(options.state, policy: options.policy, on: loop) { event in
      loop.execute { itself.value.host?.tell(of: event) }
    }
  }()

  private final class Weak {
    weak var host: ProxyHost?
    init(_ host: ProxyHost) { self.host = host }
  }

  /// Starts everything; succeeds with the exit status once everything has ended.
  func start() -> EventLoopFuture<Int32> {
    let bound = NIOLoopBound(self, eventLoop: loop)
    return loader.prepare(options.policy, given: options.given.values).flatMap { result in
      let host = bound.value
      switch result {
      case .failure(let problems):
        host.show(problems.diagnostics)
        host.say("the policy does not load, so the server is not started")
        return host.loop.makeSucceededFuture(2)
      case .success(let prepared):
        host.show(prepared.warnings)
        if let missing = prepared.missingSandboxLayers {
          host.say("this kernel lacks layers of the validators' sandbox: \(missing) (--require-sandbox refuses that)")
        }
        return host.run(prepared)
      }
    }.flatMap { status in bound.value.loader.shutDown().map { status } }
      .flatMap { status in bound.value.stores.close().map { status } }
  }

  private func run(_ prepared: PreparedPolicy) -> EventLoopFuture<Int32> {
    watch = FileWatch(prepared.files)
    do {
      let proxy = try StdioProxy(
        StdioProxy.Configuration(
          command: options.command, grace: options.grace.amount, answerTimeout: options.answerTimeout.amount),
        policy: inForce(prepared), session: ProxyHost.newSessionID(), on: loop, logLevel: level
      ) { StandardStream.error.write("moongate: \($0.text)\n") }
      self.proxy = proxy
      let bound = NIOLoopBound(self, eventLoop: loop)
      try proxy.handleSignals(reload: { bound.value.reload(isAsked: true) })
      ticks = loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
        bound.value.proxy?.tick()
        bound.value.reload(isAsked: false)
      }
      return try proxy.run().map { status in
        bound.value.ticks?.cancel()
        return status
      }
    } catch {
      say("\(error)")
      switch error.number {
      case ENOENT: say("is the server installed, and in PATH? \(options.command[0]) is what was tried")
      default: break
      }
      return loop.makeSucceededFuture(error.number == ENOENT ? 127 : 126)
    }
  }

  private func inForce(_ prepared: PreparedPolicy) -> PolicyInForce {
    PolicyInForce(
      rules: prepared.rules, validators: prepared.validators,
      counters: stores.store(for: prepared))
  }

  private func tell(of event: CounterStores.Event) {
    switch event {
    case .failure(let reason):
      proxy?.note(LogEntry(.warning, "store", "what does not end with a session cannot be counted: \(reason)"))
    case .uncounted(let counters, let reason):
      let names = counters.joined(separator: ", ")
      proxy?.note(LogEntry(.warning, "uncounted", "passes without being counted in \(names): \(reason)"))
    }
  }

  /// Reads the policy again, if it or one of its scripts has changed, or somebody asked.
  private func reload(isAsked: Bool) {
    guard !isReloading, watch.hasChanged() || isAsked else { return }
    isReloading = true
    let bound = NIOLoopBound(self, eventLoop: loop)
    loader.prepare(options.policy, given: options.given.values).whenSuccess { result in
      let host = bound.value
      host.isReloading = false
      switch result {
      case .success(let prepared):
        host.watch.follow(prepared.files)
        host.show(prepared.warnings)
        host.proxy?.adopt(host.inForce(prepared))
        host.say("the policy was read again and is in force: \(prepared.summary)")
      case .failure(let problems):
        host.watch.follow(problems.files)
        host.show(problems.diagnostics)
        host.say("the changed policy does not load: the one from before stays in force")
      }
    }
  }

  private func show(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics {
      StandardStream.error.write(diagnostic.rendered(colour: StandardStream.error.hasColour) + "\n")
    }
  }

  private func say(_ text: String) {
    StandardStream.error.write("moongate: \(text)\n")
  }

  /// A name that nobody can guess: 128 random bits.
  private static func newSessionID() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let word = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - word.count) + word
    }.joined()
  }
}
