import CProcess
import Glibc
import NIOCore
import NIOPosix

/// One worker process and the socket to it. Lives on one event loop.
///
/// What is sent goes out at once, by a plain call; only what the socket does not take waits for the event loop. What
/// comes in is read by whoever comes first: ``receive()``, which a caller uses to wait a moment for a quick answer, or
/// the event loop.
final class WorkerProcess {
  /// What the event loop tells.
  protocol Delegate: AnyObject {
    /// Bytes may have come in: ``receive()`` them, and what the loop has read already.
    func didReceive(_ bytes: ByteBuffer, from process: WorkerProcess)
    /// The other end is gone.
    func didEnd(_ process: WorkerProcess)
  }

  /// How the socket stands.
  enum Received {
    case bytes, nothing, ended
  }

  private let descriptor: Int32
  let pid: pid_t
  private let eventLoop: any EventLoop
  private var channel: (any Channel)?
  private var backlog: [UInt8] = []
  private var isFlushing = false
  private var isEnded = false

  /// Starts a worker.
  ///
  /// - Throws: an errno value.
  init(program: String, arguments: [String], on eventLoop: any EventLoop, delegate: any Delegate) throws(Failure) {
    var ends: [Int32] = [-1, -1]
    try Failure.check(moongate_socketpair(Int32(SOCK_STREAM.rawValue), &ends))
    defer { close(ends[1]) }
    var child: pid_t = 0
    let error = WorkerProcess.withArguments([program] + arguments) { argv in
      var nothing: UnsafeMutablePointer<CChar>?
      return moongate_spawn(
        program, argv, &nothing, [ends[1]], 1, MOONGATE_SPAWN_DIES_WITH_PARENT | MOONGATE_SPAWN_OWN_GROUP, &child)
    }
    if error != 0 { close(ends[0]) }
    try Failure.check(error)
    _ = moongate_set_nonblocking(ends[0], true)
    descriptor = ends[0]
    pid = child
    self.eventLoop = eventLoop
    let handler = NIOLoopBound(WorkerChannelHandler(self, delegate), eventLoop: eventLoop)
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    ClientBootstrap(group: eventLoop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(handler.value) }
      }
      .withConnectedSocket(descriptor)
      .whenComplete { result in
        switch result {
        case .success(let channel): bound.value.attach(channel)
        case .failure: bound.value.end()
        }
      }
  }

  /// An errno value.
  struct Failure: Error {
    let number: Int32

    static func check(_ number: Int32) throws(Failure) {
      if number != 0 { throw Failure(number: number) }
    }

    var description: String { String(cString: strerror(number)) }
  }

  private static func withArguments<Result>(
    _ arguments: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return body(&pointers)
  }

  private func attach(_ channel: any Channel) {
    self.channel = channel
    if isEnded {
      channel.close(promise: nil)
    } else {
      flush()
    }
  }

  /// Sends a frame. What the socket does not take at once is kept and sent later.
  func send(_ frame: [UInt8]) {
    var sent = 0
    if backlog.isEmpty, !isFlushing, !isEnded {
      sent = frame.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
    }
    guard sent < frame.count else { return }
    // An error shows when the event loop reads.
    backlog.append(contentsOf: frame[max(sent, 0)...])
    flush()
  }

  private func flush() {
    guard let channel, !isFlushing, !backlog.isEmpty, !isEnded else { return }
    isFlushing = true
    let buffer = channel.allocator.buffer(bytes: backlog)
    backlog = []
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    channel.writeAndFlush(buffer).whenComplete { _ in
      bound.value.isFlushing = false
      bound.value.flush()
    }
  }

  /// Takes what has come in, without waiting.
  func receive(into inbound: inout FrameBuffer) -> Received {
    guard !isEnded else { return .ended }
    let count = inbound.receive(4096) { recv(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
    if count > 0 { return .bytes }
    if count < 0, errno == EAGAIN || errno == EINTR { return .nothing }
    return .ended
  }

  /// Kills the process, if it is not dead yet, and collects it.
  func end() {
    guard !isEnded else { return }
    isEnded = true
    kill(pid, SIGKILL)
    channel?.close(promise: nil)
    backlog = []
    WorkerProcess.collect(pid, on: eventLoop)
  }

  private static func collect(_ pid: pid_t, on eventLoop: any EventLoop) {
    var ending = moongate_ending()
    if moongate_wait(pid, false, &ending) == 0, !ending.ended {
      eventLoop.scheduleTask(in: .milliseconds(2)) { collect(pid, on: eventLoop) }
    }
  }
}

/// Joins the event loop's readiness to the process.
private final class WorkerChannelHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private weak var process: WorkerProcess?
  private weak var delegate: (any WorkerProcess.Delegate)?

  init(_ process: WorkerProcess, _ delegate: any WorkerProcess.Delegate) {
    self.process = process
    self.delegate = delegate
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let process else { return }
    delegate?.didReceive(unwrapInboundIn(data), from: process)
  }

  func channelInactive(context: ChannelHandlerContext) {
    guard let process else { return }
    delegate?.didEnd(process)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
