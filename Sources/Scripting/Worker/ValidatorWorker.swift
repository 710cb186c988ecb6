import CLuaGuard
import CSandbox
import Glibc

/// The process in which scripts run: this program, started again by ``ValidatorPool`` with a hidden command.
///
/// `main.swift` looks for the command before anything else: no other thread may have been started.
public enum ValidatorWorker {
  /// The first argument that makes the program a worker.
  public static let command = "__validate"

  /// How much memory the worker may add to what it has at its start, beside the scripts' own.
  private static let memory = 160 << 20

  /// Shuts the process in, answers questions on descriptor 0 until that ends, and exits.
  ///
  /// - Parameter required: the layers of the sandbox without which no script is run, as bits in decimal. What is no
  ///   number stands for all of them.
  public static func run(requiring required: String? = nil) -> Never {
    moongate_keep_little()
    guard moongate_guard_open(HostFunctions.entry) == 0 else { exit(71) }
    HostFunctions.addAll()
    let layers = moongate_sandbox_enter(memory)
    guard moongate_guard_seal() else { exit(71) }
    var hello = FrameWriter(.hello, number: 0)
    hello.append(layers)
    send(hello.finished())
    let needed = required.map { UInt32($0).map(SandboxLayers.init) ?? .all } ?? []
    guard SandboxLayers(rawValue: layers).isSuperset(of: needed) else { exit(77) }
    var worker = Service()
    while true { worker.serve() }
  }

  /// Sends all of a frame; the parent always reads. Exits where it is gone.
  fileprivate static func send(_ frame: [UInt8]) {
    frame.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let count = Glibc.send(0, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { exit(0) }
        rest = rest.dropFirst(count)
      }
    }
  }
}

/// The worker's loop: one frame in, at most one frame out.
private struct Service {
  /// How long the worker looks for the next question before it sleeps, in nanoseconds.
  ///
  /// To wake a processor that sleeps takes several times as long as to judge a call, and a question is seldom alone.
  /// Between two looks everybody else may run.
  private static let patience: Int64 = 60_000
  /// After how long without a question the worker gives back what waiting does not need, in milliseconds.
  private static let rest: Int32 = 1000

  private var inbound = FrameBuffer()
  private var scripts: [UInt32: OpaquePointer] = [:]

  /// Waits for bytes and answers every frame that is whole. The parent is trusted: a frame that makes no sense ends
  /// the process.
  mutating func serve() {
    let missing = max(16 << 10, (inbound.frontCount ?? 0) - inbound.count)
    let end = Service.now() + Service.patience
    var received = receive(missing, Int32(MSG_DONTWAIT))
    while received < 0, errno == EAGAIN {
      if Service.now() < end {
        sched_yield()
        received = receive(missing, Int32(MSG_DONTWAIT))
      } else {
        var socket = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        if poll(&socket, 1, Service.rest) == 0 { moongate_give_back() }
        received = receive(missing, 0)
      }
    }
    if received < 0, errno == EINTR { return }
    guard received > 0 else { exit(0) }
    while let answer = nextAnswer() {
      if !answer.isEmpty { ValidatorWorker.send(answer) }
    }
    inbound.shrink()
  }

  private mutating func receive(_ count: Int, _ flags: Int32) -> Int {
    inbound.receive(count) { recv(0, $0.baseAddress, $0.count, flags) }
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Takes the next frame and makes its answer, which is empty where none is due; nil where no frame is whole.
  private mutating func nextAnswer() -> [UInt8]? {
    var scripts = scripts
    defer { self.scripts = scripts }
    return inbound.takeFrame { bytes in
      var reader = FrameReader(bytes)
      let kind = Frame.Kind(rawValue: reader.integer())
      let number: UInt64 = reader.integer()
      let script: UInt32 = reader.integer()
      switch kind {
      case .load: return Service.load(script, number, &reader, into: &scripts)
      case .check: return Service.check(scripts[script], number, &reader)
      case .unload:
        if let gone = scripts.removeValue(forKey: script) { moongate_guard_unload(gone) }
        return []
      default: exit(64)
      }
    }
  }

  private static func load(
    _ script: UInt32, _ number: UInt64, _ reader: inout FrameReader, into scripts: inout [UInt32: OpaquePointer]
  ) -> [UInt8] {
    var limits = moongate_limits(&reader)
    let firstLine: Int32 = reader.integer()
    let name = moongate_text(&reader)
    let source = moongate_text(&reader)
    guard reader.isFinished else { exit(64) }
    var answer = moongate_answer()
    let loaded = moongate_guard_load(name, source, firstLine, &limits, &answer)
    if let loaded, let old = scripts.updateValue(loaded, forKey: script) { moongate_guard_unload(old) }
    var frame = FrameWriter(.loaded, number: number)
    frame.append(loaded != nil)
    frame.append(text: UnsafeRawBufferPointer(answer.reason))
    frame.append(text: UnsafeRawBufferPointer(answer.traceback))
    return frame.finished()
  }

  private static func check(_ script: OpaquePointer?, _ number: UInt64, _ reader: inout FrameReader) -> [UInt8] {
    var limits = moongate_limits(&reader)
    var question = moongate_question()
    question.time = reader.double()
    question.started = reader.double()
    question.tool = moongate_text(&reader)
    question.session = moongate_text(&reader)
    question.arguments = moongate_text(&reader)
    question.parameters = moongate_text(&reader)
    question.definition = moongate_text(&reader)
    question.client = moongate_text(&reader)
    question.server = moongate_text(&reader)
    question.principal = moongate_text(&reader)
    question.meta = moongate_text(&reader)
    question.calls = moongate_text(&reader)
    guard reader.isFinished else { exit(64) }
    var answer = moongate_answer()
    if let script {
      moongate_guard_check(script, &question, &limits, &answer)
    } else {
      answer.verdict = MOONGATE_FAULT
    }
    var frame = FrameWriter(.answer, number: number, capacity: 32 + answer.reason.count + answer.log.count)
    frame.append(UInt8(answer.verdict.rawValue))
    frame.append(answer.has_reason)
    frame.append(answer.retry_after)
    frame.append(text: UnsafeRawBufferPointer(answer.reason))
    frame.append(text: UnsafeRawBufferPointer(answer.traceback))
    frame.append(text: UnsafeRawBufferPointer(answer.log))
    return frame.finished()
  }
}

extension moongate_limits {
  fileprivate init(_ reader: inout FrameReader) {
    self.init(
      instructions: reader.integer(), memory: reader.integer(), time: reader.integer(), depth: reader.integer())
  }
}

extension moongate_text {
  fileprivate init(_ reader: inout FrameReader) {
    let text = reader.text()
    self.init(bytes: text.baseAddress?.assumingMemoryBound(to: UInt8.self), count: text.count)
  }
}

extension UnsafeRawBufferPointer {
  fileprivate init(_ text: moongate_text) {
    self.init(start: text.bytes, count: text.count)
  }
}
