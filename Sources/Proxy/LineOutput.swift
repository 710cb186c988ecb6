import NIOCore

/// Collects lines for a pipe and writes them together.
///
/// Lives on its channel's event loop only.
final class LineOutput: ChannelInboundHandler {
  typealias InboundIn = Never
  typealias OutboundOut = ByteBuffer

  private var buffer: ByteBuffer
  private let channel: any Channel
  private let changed: () -> Void
  private(set) var isOpen = true

  /// A writer to `channel`, to whose pipeline it is to be added.
  ///
  /// - Parameter changed: called when the pipe takes more again, or takes nothing ever again.
  init(channel: any Channel, changed: @escaping () -> Void) {
    self.channel = channel
    self.changed = changed
    buffer = channel.allocator.buffer(capacity: 4096)
  }

  /// Whether the other side keeps up with what is written.
  var isWritable: Bool { !isOpen || channel.isWritable }

  /// Adds a line to what is written next.
  func append(_ line: ArraySlice<UInt8>) {
    line.withUnsafeBytes { line in
      _ = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: line.count + 1) { room in
        room.copyMemory(from: line)
        room[line.count] = UInt8(ascii: "\n")
        return line.count + 1
      }
    }
  }

  /// Writes what was added.
  func flush() {
    guard buffer.readableBytes > 0 else { return }
    guard isOpen else { return buffer.clear() }
    channel.writeAndFlush(buffer, promise: nil)
    // The pipe has taken it at once, or keeps it: then the next lines get storage of their own.
    buffer.clear(minimumCapacity: 4096)
  }

  /// Closes the pipe once everything has been written; the future succeeds in every case.
  func close() -> EventLoopFuture<Void> {
    flush()
    guard isOpen else { return channel.closeFuture }
    let channel = channel
    return channel.writeAndFlush(channel.allocator.buffer(capacity: 0)).flatMap { channel.close() }.recover { _ in }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    changed()
  }

  func channelInactive(context: ChannelHandlerContext) {
    isOpen = false
    changed()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
