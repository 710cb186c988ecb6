import CProcess
import Glibc
import NIOCore
import NIOPosix

/// The process's signals as events of an event loop.
enum SignalPipe {
  /// From now on these signals are handed to `receive`, on the loop, in place of their default action. Once a process.
  static func open(
    _ signals: [Int32], on loop: any EventLoop, receive: @escaping (Int32) -> Void
  ) throws(SystemError) -> EventLoopFuture<any Channel> {
    var pipe: [CInt] = [-1, -1]
    var error = moongate_pipe(&pipe)
    guard error == 0 else { throw SystemError("make a pipe", error) }
    error = moongate_signals_to_descriptor(signals, CInt(signals.count), pipe[1])
    guard error == 0 else { throw SystemError("handle signals", error) }
    let handler = NIOLoopBound(Handler(receive: receive), eventLoop: loop)
    return NIOPipeBootstrap(group: loop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(handler.value) }
      }
      .takingOwnershipOfDescriptor(input: pipe[0])
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let receive: (Int32) -> Void

    init(receive: @escaping (Int32) -> Void) {
      self.receive = receive
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      for byte in unwrapInboundIn(data).readableBytesView { receive(Int32(byte)) }
    }
  }
}
