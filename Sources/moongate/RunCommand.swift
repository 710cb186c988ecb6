import ArgumentParser
import Counters
import Glibc
import NIOCore
import NIOPosix
import Policy
import PolicyFiles
import Proxy
import Workbench

/// `moongate run`, which is also what `moongate` alone does.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a server behind a policy (the default).",
    usage: "moongate -c POLICY [options] -- SERVER [ARGUMENT ...]",
    discussion: """
      Speaks MCP on standard input and output, starts the server as a child, and decides every call between the two. \
      The policy and its scripts are read again when they change, and on SIGHUP; a broken one leaves the old one in \
      force.

        moongate -c policy.yaml -- uvx mcp-luma

      Exit status: the server's own (128 + N where signal N ended it); 2 if the policy does not load, 126 or 127 if \
      the server cannot be started.
      """)

  @Option(name: [.customShort("c"), .customLong("config")], help: ArgumentHelp("The policy.", valueName: "policy"))
  var policy: String

  @Option(
    help: ArgumentHelp(
      "How long the server may take to end once its input is closed, before it is told to (SIGTERM) and then killed.",
      valueName: "time"))
  var grace = Span(.seconds(5))

  @Option(help: ArgumentHelp("How long the server may leave a request unanswered.", valueName: "time"))
  var answerTimeout = Span(.hours(1))

  @OptionGroup var given: GivenOption

  @OptionGroup var state: StateOption

  @OptionGroup var sandbox: SandboxOption

  @Flag(help: "Say on standard error what passes, too.")
  var verbose = false

  @Flag(help: "Say on standard error only what needs looking into.")
  var quiet = false

  @Argument(parsing: .postTerminator, help: ArgumentHelp("The server's command.", valueName: "server"))
  var command: [String] = []

  func validate() throws {
    if command.isEmpty {
      throw ValidationError("Which server? Put its command behind two dashes: moongate -c \(policy) -- uvx mcp-luma")
    }
    if verbose, quiet { throw ValidationError("--verbose and --quiet contradict each other") }
  }

  func run() throws {
    let level: LogEntry.Level = verbose ? .detail : quiet ? .warning : .notice
    let status = Status()
    MultiThreadedEventLoopGroup.withCurrentThreadAsEventLoop { loop in
      let host = ProxyHost(self, level: level, on: loop)
      host.start().whenComplete { result in
        status.value = (try? result.get()) ?? 1
        loop.shutdownGracefully { _ in }
      }
    }
    throw ExitCode(status.value)
  }

  /// The loop runs on this thread, so nothing else touches the value.
  private final class Status: @unchecked Sendable {
    var value: Int32 = 1
  }
}

/// A span of time as it is typed: `500ms`, `5s`, `2m`, `1h`, or a number of seconds.
struct Span: ExpressibleByArgument, CustomStringConvertible {
  let amount: TimeAmount

  init(_ amount: TimeAmount) {
    self.amount = amount
  }

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits), number <= 1_000_000 else { return nil }
    switch argument.dropFirst(digits.count) {
    case "ms": amount = .milliseconds(number)
    case "", "s": amount = .seconds(number)
    case "m": amount = .minutes(number)
    case "h": amount = .hours(number)
    default: return nil
    }
  }

  var description: String {
    let milliseconds = amount.nanoseconds / 1_000_000
    if milliseconds % 3_600_000 == 0 { return "\(milliseconds / 3_600_000)h" }
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
  }
}
