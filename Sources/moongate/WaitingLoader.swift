import NIOCore
import NIOPosix
import PolicyFiles
import Workbench

/// A policy loader for commands that do one thing after another: its loop has a thread of its own, and callers wait.
struct WaitingLoader {
  private let loader: PolicyLoader
  var loop: any EventLoop { loader.loop }

  /// Runs `body` with a loader, and ends what it has started.
  static func run(_ sandbox: SandboxOption, _ body: (WaitingLoader) throws -> Void) throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loader = PolicyLoader(on: group.next(), requiresSandbox: sandbox.isRequired)
    defer {
      try? loader.shutDown().wait()
      try? group.syncShutdownGracefully()
    }
    try body(WaitingLoader(loader: loader))
  }

  /// Reads a policy with its scripts, and waits until that is done.
  func prepare(
    _ path: String, _ given: GivenOption, against tools: ListedTools? = nil
  ) throws -> Result<PreparedPolicy, PolicyProblems> {
    try loader.prepare(path, given: given.values, against: tools).wait()
  }
}

extension PolicyProblems {
  /// Whether the policy could not be read at all.
  var isUnreadable: Bool {
    diagnostics.contains { $0.code == Mistake.unreadablePolicy.rawValue }
  }
}
