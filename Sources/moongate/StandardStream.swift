import Glibc

/// Standard output or standard error, written to directly: nothing is lost when the process ends.
struct StandardStream {
  /// Where results go.
  static let output = StandardStream(descriptor: STDOUT_FILENO)
  /// Where everything else goes.
  static let error = StandardStream(descriptor: STDERR_FILENO)

  private let descriptor: CInt

  /// Whether colours may be used: on a terminal, unless `NO_COLOR` is set (no-color.org).
  var hasColour: Bool {
    guard isatty(descriptor) == 1 else { return false }
    let wish = getenv("NO_COLOR")
    return wish == nil || wish?.pointee == 0
  }

  /// Writes all of the text. A reader that has gone is none of our business.
  func write(_ text: String) {
    write(Array(text.utf8))
  }

  /// Writes all of the bytes.
  func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EAGAIN {
          // Somebody who shares the descriptor has made it non-blocking.
          var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&wait, 1, -1)
          continue
        }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }
}
