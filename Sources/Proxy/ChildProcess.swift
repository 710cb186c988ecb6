import CProcess
import Glibc

/// A server that runs as our child, with pipes for its input and output. Its standard error is ours.
struct ChildProcess {
  /// What became of a child.
  struct Ending: Sendable, Equatable {
    /// Its exit status, or 128 + the signal that ended it.
    let status: Int32
    /// The signal that ended it, if one did.
    let signal: Int32?

    /// Completes "the server …".
    var account: String {
      signal.map { "was ended by signal \($0)" } ?? "exited with status \(status)"
    }
  }

  /// Its process and process group.
  let pid: pid_t
  /// The writing end of its input. A channel will own it.
  let input: CInt
  /// The reading end of its output. A channel will own it.
  let output: CInt

  /// Starts a command, searched for in PATH, in a process group of its own and with our environment.
  init(command: [String]) throws(SystemError) {
    let program = command.first ?? ""
    var toChild: [CInt] = [-1, -1]
    var fromChild: [CInt] = [-1, -1]
    var error = moongate_pipe(&toChild)
    guard error == 0 else { throw SystemError("make a pipe", error) }
    error = moongate_pipe(&fromChild)
    guard error == 0 else {
      toChild.forEach { _ = close($0) }
      throw SystemError("make a pipe", error)
    }
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    arguments.append(nil)
    defer { arguments.forEach { free($0) } }
    var pid: pid_t = 0
    error = moongate_spawn(
      program, arguments, environ, [toChild[0], fromChild[1], 2], 3, MOONGATE_SPAWN_OWN_GROUP, &pid)
    _ = close(toChild[0])
    _ = close(fromChild[1])
    guard error == 0 else {
      _ = close(toChild[1])
      _ = close(fromChild[0])
      throw SystemError("start \(program)", error)
    }
    self.pid = pid
    input = toChild[1]
    output = fromChild[0]
  }

  /// Sends a signal to the child and all that it has started.
  func signal(_ number: Int32) {
    kill(-pid, number)
  }

  /// What became of the child, if it has ended; it is collected by that.
  func ending() -> Ending? {
    var ending = moongate_ending()
    guard moongate_wait(pid, false, &ending) == 0, ending.ended else { return nil }
    return Ending(status: Int32(ending.status), signal: ending.signal == 0 ? nil : Int32(ending.signal))
  }
}
