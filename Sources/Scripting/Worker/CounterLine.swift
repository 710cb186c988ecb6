import Glibc
import Policy

/// How a script asks the pool for a counter while its call is judged: the question goes out, and the worker waits.
///
/// The pool may have sent other questions before the answer. They stay where they are in what has come in, and are
/// taken up when this call is judged.
final class CounterLine {
  // The worker has one thread, and judges one call at a time.
  nonisolated(unsafe) static let shared = CounterLine()

  /// The number of the question that is being judged; nil between questions.
  private var number: UInt64?
  private var asked = 0
  /// What had come in behind the question. Valid while it is judged.
  private var rest = UnsafeRawBufferPointer(start: nil, count: 0)
  /// The same, and what has come in since; nil until something is asked.
  private var inbound: [UInt8]?
  /// Where in it the frames begin that have not been looked at.
  private var unseen = 0

  /// A frame is being answered, and `rest` has come in behind it. Where it asks about a call, counters can be asked for.
  func begin(_ frame: UnsafeRawBufferPointer, before rest: UnsafeRawBufferPointer) {
    var reader = FrameReader(frame)
    let kind = Frame.Kind(rawValue: reader.integer())
    let number: UInt64 = reader.integer()
    self.number = kind == .check && reader.isValid ? number : nil
    self.rest = rest
    asked = 0
  }

  /// It has been answered. Returns all that has come in behind it, where that is more than was known when it began.
  func end() -> [UInt8]? {
    number = nil
    rest = UnsafeRawBufferPointer(start: nil, count: 0)
    unseen = 0
    defer { inbound = nil }
    return inbound
  }

  /// Why nothing can be asked now; nil where it can.
  var objection: String? {
    if number == nil { return "there is no call yet" }
    return asked < ScriptCount.mostAsked ? nil : "a script asks for at most \(ScriptCount.mostAsked) counts in a call"
  }

  /// Asks, and waits for the answer. The pool is trusted: an answer that makes no sense ends the process.
  func ask(_ count: ScriptCount) -> OpenQuestion.Count {
    guard let number else { return .unavailable }
    asked += 1
    var inbound = self.inbound ?? Array(rest)
    // Not copied for being changed.
    self.inbound = nil
    ValidatorWorker.send(FrameWriter(count, number: number).finished())
    while true {
      if let answer = take(from: &inbound, number) {
        self.inbound = inbound
        return answer
      }
      inbound.append(contentsOf: CounterLine.receive())
    }
  }

  /// Looks for the answer among the frames that are whole, and takes it out.
  private func take(from inbound: inout [UInt8], _ number: UInt64) -> OpenQuestion.Count? {
    while inbound.count - unseen >= 4 {
      let start = unseen
      let length = inbound.withUnsafeBytes {
        4 + Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
      }
      guard inbound.count - start >= length else { return nil }
      let frame = start..<start + length
      if length > 4, inbound[start + 4] == Frame.Kind.counted.rawValue {
        let answer = inbound.withUnsafeBytes { bytes in
          var reader = FrameReader(UnsafeRawBufferPointer(rebasing: bytes[(start + 5)..<frame.upperBound]))
          return reader.integer(UInt64.self) == number ? OpenQuestion.Count(&reader) : nil
        }
        guard let answer else { exit(64) }
        inbound.removeSubrange(frame)
        return answer
      }
      unseen = frame.upperBound
    }
    return nil
  }

  private static func receive() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
      let end = ValidatorWorker.now() + ValidatorWorker.patience
      var flags = Int32(MSG_DONTWAIT)
      count = recv(0, buffer.baseAddress, buffer.count, flags)
      while count < 0, errno == EAGAIN || errno == EINTR {
        if ValidatorWorker.now() < end { sched_yield() } else { flags = 0 }
        count = recv(0, buffer.baseAddress, buffer.count, flags)
      }
      guard count > 0 else { exit(0) }
    }
  }
}
