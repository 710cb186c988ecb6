import CProcess
import Glibc

/// A thread that copies from one descriptor to another with blocking reads and writes, until either ends.
final class Pump {
  /// Reads as ended once the thread is done.
  private let done: CInt

  /// Starts the thread. When it is done it closes both descriptors, unless they are standard ones (0 to 2).
  init(from: CInt, to: CInt) throws(SystemError) {
    var pipe: [CInt] = [-1, -1]
    var error = moongate_pipe(&pipe)
    guard error == 0 else { throw SystemError("make a pipe", error) }
    done = pipe[0]
    let route = Unmanaged.passRetained(Route(from: from, to: to, done: pipe[1]))
    var thread = pthread_t()
    error = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Route>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, route.toOpaque())
    if error != 0 {
      route.release()
      pipe.forEach { _ = close($0) }
      throw SystemError("start a thread", error)
    }
  }

  /// Waits until everything has been copied, but no longer than `milliseconds`.
  func join(milliseconds: Int32) {
    var wait = pollfd(fd: done, events: Int16(POLLIN), revents: 0)
    poll(&wait, 1, milliseconds)
  }

  private final class Route {
    let from: CInt
    let to: CInt
    let done: CInt

    init(from: CInt, to: CInt, done: CInt) {
      self.from = from
      self.to = to
      self.done = done
    }

    func run() {
      copy()
      if from > 2 { close(from) }
      if to > 2 { close(to) }
      close(done)
    }

    /// After a call that failed: whether it was only interrupted, or found that somebody has made the descriptor
    /// non-blocking, which is then waited for.
    private func isWorthAnotherTry(_ descriptor: CInt, _ event: Int32) -> Bool {
      if errno == EINTR { return true }
      guard errno == EAGAIN else { return false }
      var wait = pollfd(fd: descriptor, events: Int16(event), revents: 0)
      poll(&wait, 1, -1)
      return true
    }

    private func copy() {
      withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
        while true {
          let count = read(from, buffer.baseAddress, buffer.count)
          if count < 0, isWorthAnotherTry(from, POLLIN) { continue }
          guard count > 0 else { return }
          var written = 0
          while written < count {
            let step = write(to, buffer.baseAddress.map { $0 + written }, count - written)
            if step < 0, isWorthAnotherTry(to, POLLOUT) { continue }
            guard step > 0 else { return }
            written += step
          }
        }
      }
    }
  }
}
