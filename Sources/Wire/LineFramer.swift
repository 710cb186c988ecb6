internal import Glibc

/// Cuts a stream of bytes into lines, looking at each byte once.
public struct LineFramer: Sendable {
  /// What was found.
  public enum Event: Sendable, Equatable {
    /// A line without its newline. Lines of nothing but white space are left out.
    case line([UInt8])
    /// A line that is longer than the limit: reported once, as soon as it is; the rest of it is skipped. How it began,
    /// at most ``LineFramer/beginning`` bytes of it, may tell what it was.
    case tooLong(beginning: [UInt8])
  }

  /// How many bytes of a line that is too long are reported.
  public static let beginning = 4096

  /// The longest line in bytes, its newline not counted. A smaller one holds from the next bytes on.
  public var limit: Int
  private var pending: [UInt8] = []
  private var isSkipping = false
  private var skipped = 0

  /// A framer for lines of at most `limit` bytes.
  public init(limit: Int) {
    self.limit = limit
  }

  /// Takes the next bytes and hands on each line that they complete, in order.
  public mutating func feed(_ chunk: UnsafeRawBufferPointer, _ body: (Event) -> Void) {
    var rest = chunk
    while let start = rest.baseAddress, rest.count > 0 {
      guard let found = memchr(start, 0x0A, rest.count) else { return hold(rest, body) }
      let length = UnsafeRawPointer(found) - start
      end(UnsafeRawBufferPointer(rebasing: rest[..<length]), body)
      rest = UnsafeRawBufferPointer(rebasing: rest[(length + 1)...])
    }
  }

  /// Ends the stream: how many bytes of an unterminated last line are dropped. They are never handed on.
  public mutating func finish() -> Int {
    defer {
      pending = []
      skipped = 0
      isSkipping = false
    }
    return isSkipping ? skipped : pending.count
  }

  /// Keeps the beginning of a line.
  private mutating func hold(_ part: UnsafeRawBufferPointer, _ body: (Event) -> Void) {
    if isSkipping {
      skipped += part.count
    } else if part.count > limit - pending.count {
      skipped = pending.count + part.count
      isSkipping = true
      reportTooLong(part, body)
    } else {
      pending.append(contentsOf: part)
    }
  }

  /// Completes a line.
  private mutating func end(_ part: UnsafeRawBufferPointer, _ body: (Event) -> Void) {
    if isSkipping {
      isSkipping = false
      skipped = 0
    } else if part.count > limit - pending.count {
      reportTooLong(part, body)
    } else if pending.isEmpty {
      if !LineFramer.isBlank(part) { body(.line(Array(part))) }
    } else {
      var line: [UInt8] = []
      swap(&line, &pending)
      line.append(contentsOf: part)
      if !line.withUnsafeBytes(LineFramer.isBlank) { body(.line(line)) }
    }
  }

  private mutating func reportTooLong(_ part: UnsafeRawBufferPointer, _ body: (Event) -> Void) {
    let beginning = Array((pending.prefix(LineFramer.beginning) + part.prefix(LineFramer.beginning)))
    pending = []
    body(.tooLong(beginning: Array(beginning.prefix(LineFramer.beginning))))
  }

  private static func isBlank(_ line: UnsafeRawBufferPointer) -> Bool {
    for byte in line where byte != 0x20 && byte != 0x09 && byte != 0x0D { return false }
    return true
  }
}
