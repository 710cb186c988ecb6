import CLuaGuard
import Policy
@testable import Scripting

/// The wire between the pool and a worker, from either end.
extension FuzzTarget {
  static func readReplies(_ bytes: UnsafeRawBufferPointer) {
    var buffer = FrameBuffer()
    var rest = bytes[...]
    while !rest.isEmpty {
      // As a socket may deliver them: a few at a time.
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 + Int(rest[rest.startIndex]) % 64))
      receive(part, into: &buffer)
      rest = rest.dropFirst(part.count)
      while let length = buffer.frontCount, length >= 4 + 9, length <= Frame.longestAnswer {
        guard let reply = buffer.takeFrame({ Reply($0) }) else { break }
        if case .answer(_, let answer) = reply { check(answer) }
      }
    }
  }

  private static func receive(_ bytes: UnsafeRawBufferPointer, into buffer: inout FrameBuffer) {
    _ = buffer.receive(bytes.count) { room in
      room.copyMemory(from: bytes)
      return bytes.count
    }
  }

  /// What agents and logs are shown has been made fit for them, whatever the worker wrote.
  private static func check(_ answer: ScriptAnswer) {
    func isClean(_ text: String) -> Bool {
      text.utf8.count <= 1024
        && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }
    }
    precondition(answer.log.allSatisfy(isClean))
    switch answer.verdict {
    case .refuse(let reason?, _), .ask(let reason?): precondition(isClean(reason))
    default: break
    }
  }

  /// Frames as on the wire: each after its length.
  static func answerFrames(_ bytes: UnsafeRawBufferPointer) {
    let service = WorkerService()
    var buffer = FrameBuffer()
    receive(bytes, into: &buffer)
    while let answer = buffer.takeFrame({ tamed($0) { service.answer(to: $0) } }) {
      guard let answer else { return }
      if answer.isEmpty { continue }
      // Whatever a worker answers, the pool has to be able to read.
      precondition(answer.count <= Frame.longestAnswer)
      precondition(answer.withUnsafeBytes { Reply(UnsafeRawBufferPointer(rebasing: $0[4...])) } != nil)
    }
  }

  /// The frame with limits under which nothing runs for long. The pool is trusted with them.
  private static func tamed(
    _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> [UInt8]?
  ) -> [UInt8]? {
    var copy = Array(bytes)
    // After kind, number and script.
    let place = 1 + 8 + 4
    let limits = FuzzTarget.limits
    if copy.count >= place + 36 {
      copy.withUnsafeMutableBytes { bytes in
        bytes.storeBytes(of: limits.instructions.littleEndian, toByteOffset: place, as: Int64.self)
        bytes.storeBytes(of: limits.memory.littleEndian, toByteOffset: place + 8, as: Int64.self)
        bytes.storeBytes(of: limits.time.littleEndian, toByteOffset: place + 16, as: Int64.self)
        bytes.storeBytes(of: limits.depth.littleEndian, toByteOffset: place + 24, as: Int32.self)
        bytes.storeBytes(of: limits.answer.littleEndian, toByteOffset: place + 28, as: Int64.self)
      }
    }
    return copy.withUnsafeBytes(body)
  }
}
