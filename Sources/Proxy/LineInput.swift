import NIOCore
import Wire

/// Cuts what a pipe delivers into lines, and reads no further while it is told to hold.
///
/// Lives on its channel's event loop only.
final class LineInput: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = Never

  /// What comes out of a pipe.
  enum Event {
    case framed(LineFramer.Event)
    /// A good moment to pass on what came of the lines so far: everything that one read delivered has been handed
    /// over, or as much that the next process can begin with it while we go on.
    case pause
    /// The end of input, with `rest` bytes of a line that has none.
    case end(rest: Int)
  }

  /// How many lines there are between two pauses at most. A write costs as much as a few calls, and whoever reads it
  /// takes a while to wake up.
  private static let mostWithoutPause = 4

  private var framer: LineFramer
  private var sincePause = 0
  private let receive: (Event) -> Void
  private var isHeld = true
  private var heldRead = false
  private weak var channel: (any Channel)?
  private var context: ChannelHandlerContext?

  /// A reader that holds until ``setHeld(_:)`` lets it go.
  init(limit: Int, receive: @escaping (Event) -> Void) {
    framer = LineFramer(limit: limit)
    self.receive = receive
  }

  /// The longest line, in bytes.
  var limit: Int {
    get { framer.limit }
    set { framer.limit = newValue }
  }

  /// Stops reading, or goes on.
  func setHeld(_ held: Bool) {
    guard held != isHeld else { return }
    isHeld = held
    if !held, heldRead, let context {
      heldRead = false
      context.read()
    }
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
  }

  func read(context: ChannelHandlerContext) {
    if isHeld {
      heldRead = true
    } else {
      context.read()
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unwrapInboundIn(data).withUnsafeReadableBytes { chunk in
      framer.feed(chunk) { event in
        receive(.framed(event))
        sincePause += 1
        if sincePause == LineInput.mostWithoutPause { pause() }
      }
    }
  }

  private func pause() {
    sincePause = 0
    receive(.pause)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    pause()
  }

  func channelInactive(context: ChannelHandlerContext) {
    receive(.end(rest: framer.finish()))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A pipe that cannot be read has ended.
    context.close(promise: nil)
  }
}
