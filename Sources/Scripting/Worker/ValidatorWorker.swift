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
    var worker = Loop()
    while true { worker.serve() }
  }

  /// How long the worker looks for what comes next before it sleeps, in nanoseconds.
  ///
  /// To wake a processor that sleeps takes several times as long as to judge a call, and a question is seldom alone.
  /// Between two looks everybody else may run.
  static let patience: Int64 = 60_000

  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Sends all of a frame; the parent always reads. Exits where it is gone.
  static func send(_ frame: [UInt8]) {
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
private struct Loop {
  /// After how long without a question the worker gives back what waiting does not need, in milliseconds.
  private static let rest: Int32 = 1000

  private var inbound = FrameBuffer()
  private let service = WorkerService()

  /// Waits for bytes and answers every frame that is whole. The parent is trusted: a frame that makes no sense ends
  /// the process.
  mutating func serve() {
    let missing = max(16 << 10, (inbound.frontCount ?? 0) - inbound.count)
    let end = ValidatorWorker.now() + ValidatorWorker.patience
    var received = receive(missing, Int32(MSG_DONTWAIT))
    while received < 0, errno == EAGAIN {
      if ValidatorWorker.now() < end {
        sched_yield()
        received = receive(missing, Int32(MSG_DONTWAIT))
      } else {
        var socket = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        if poll(&socket, 1, Loop.rest) == 0 { moongate_give_back() }
        received = receive(missing, 0)
      }
    }
    if received < 0, errno == EINTR { return }
    guard received > 0 else { exit(0) }
    let service = service
    let counters = CounterLine.shared
    while true {
      let taken: [UInt8]?? = inbound.takeFrame { frame, rest in
        counters.begin(frame, before: rest)
        return service.answer(to: frame)
      }
      guard let taken else { break }
      if let rest = counters.end() { inbound.replaceRest(by: rest) }
      guard let answer = taken else { exit(64) }
      if !answer.isEmpty { ValidatorWorker.send(answer) }
    }
    inbound.shrink()
  }

  private mutating func receive(_ count: Int, _ flags: Int32) -> Int {
    inbound.receive(count) { recv(0, $0.baseAddress, $0.count, flags) }
  }
}
