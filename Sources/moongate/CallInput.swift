import ArgumentParser
import Glibc
import Wire

/// The calls that `eval` is to try: one a line, or a single one over several lines.
struct CallInput {
  /// A file, or `-` for standard input.
  let path: String
  /// The longest call, in bytes.
  let limit: Int

  /// Hands over each call as it comes.
  ///
  /// - Throws: exit status 2 where the input cannot be read; whatever `body` throws.
  func forEach(_ body: ([UInt8]) throws -> Void) throws {
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable() }
    defer { close(descriptor) }
    var framer = LineFramer(limit: limit)
    var events: [LineFramer.Event] = []
    var isFirst = true
    var split: [[UInt8]]? = nil
    func work() throws {
      for event in events {
        guard case .line(let line) = event else {
          // Too long: what is left of it is no call, and is answered as such.
          try body([])
          continue
        }
        if isFirst, CallInput.isBeginning(line) { split = [] }
        isFirst = false
        if split == nil { try body(line) } else { split?.append(line) }
      }
      events = []
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable() }
      if count == 0 { break }
      buffer.withUnsafeBytes { framer.feed(UnsafeRawBufferPointer(rebasing: $0[..<count])) { events.append($0) } }
      try work()
    }
    // The last line may do without its newline.
    [UInt8(ascii: "\n")].withUnsafeBytes { framer.feed($0) { events.append($0) } }
    try work()
    if let split {
      let whole = Array(split.joined(separator: [UInt8(ascii: "\n")]))
      if (try? JSONTape(whole)) != nil { try body(whole) } else { try split.forEach(body) }
    }
  }

  /// Whether the line is the beginning of a value that goes on.
  private static func isBeginning(_ line: [UInt8]) -> Bool {
    do throws(JSONError) {
      _ = try JSONTape(line)
      return false
    } catch {
      return error.problem == .unexpectedEnd
    }
  }

  private func unreadable() -> ExitCode {
    StandardStream.error.write("moongate: cannot read \(path): \(String(cString: strerror(errno)))\n")
    return ExitCode(2)
  }
}
