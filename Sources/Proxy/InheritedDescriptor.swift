import CProcess
import Glibc

/// A descriptor that other processes share, made fit for an event loop without changing it for them.
///
/// `O_NONBLOCK` belongs to the open file, not to the descriptor: set on an inherited terminal it would break the shell
/// that lent it. A pipe or a terminal is therefore opened anew; anything else is fed through a thread and a pipe of our own.
struct InheritedDescriptor {
  /// Which way bytes go through it.
  enum Direction {
    case reading, writing
  }

  /// The descriptor for the event loop; its channel closes it.
  let descriptor: CInt
  /// The thread in between, where there is one.
  let pump: Pump?

  init(_ inherited: CInt, _ direction: Direction) throws(SystemError) {
    if let fresh = InheritedDescriptor.reopen(inherited, direction) {
      descriptor = fresh
      pump = nil
      return
    }
    var pipe: [CInt] = [-1, -1]
    let error = moongate_pipe(&pipe)
    guard error == 0 else { throw SystemError("make a pipe", error) }
    switch direction {
    case .reading:
      descriptor = pipe[0]
      pump = try Pump(from: inherited, to: pipe[1])
    case .writing:
      descriptor = pipe[1]
      pump = try Pump(from: pipe[0], to: inherited)
    }
  }

  private static func reopen(_ inherited: CInt, _ direction: Direction) -> CInt? {
    var status = stat()
    guard fstat(inherited, &status) == 0 else { return nil }
    let isPipe = status.st_mode & S_IFMT == S_IFIFO
    guard isPipe || isatty(inherited) == 1 else { return nil }
    let mode = direction == .reading ? O_RDONLY : O_WRONLY
    let fresh = open("/proc/self/fd/\(inherited)", mode | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    return fresh >= 0 ? fresh : nil
  }
}

/// A call to the system that failed.
public struct SystemError: Error, Sendable, CustomStringConvertible {
  /// What was tried: "make a pipe".
  public let attempt: String
  /// The error number.
  public let number: CInt

  /// A failed attempt.
  public init(_ attempt: String, _ number: CInt) {
    self.attempt = attempt
    self.number = number
  }

  /// One line for people.
  public var description: String { "cannot \(attempt): \(String(cString: strerror(number)))" }
}
