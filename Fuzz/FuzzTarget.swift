import CLuaGuard
@testable import Scripting
import Wire

/// Something that has to stand any bytes: it may refuse them, but neither crash, read past their end, nor run for long.
struct FuzzTarget: Sendable {
  /// What the process needs once.
  let prepare: @Sendable () -> Void
  /// One input; always 0.
  let body: @Sendable @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32

  /// All of them, by name.
  static let all: [String: FuzzTarget] = [
    // What the pool reads from a worker that may lie.
    "replies": FuzzTarget(prepare: {}) { bytes, count in
      FuzzTarget.readReplies(UnsafeRawBufferPointer(start: bytes, count: count))
      return 0
    },
    // What a worker reads from the pool.
    "frames": FuzzTarget(prepare: FuzzTarget.openGuard) { bytes, count in
      FuzzTarget.answerFrames(UnsafeRawBufferPointer(start: bytes, count: count))
      return 0
    },
    // A value on its way from JSON to Lua and back.
    "values": FuzzTarget(prepare: FuzzTarget.openGuard) { bytes, count in
      FuzzTarget.roundTrip(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
      return 0
    },
    // The text of a script, loaded and asked.
    "scripts": FuzzTarget(prepare: FuzzTarget.openGuard) { bytes, count in
      FuzzTarget.runScript(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
      return 0
    },
  ]

  private static func openGuard() {
    precondition(moongate_guard_open(HostFunctions.entry) == 0)
    HostFunctions.addAll()
    precondition(moongate_guard_seal())
  }
}
