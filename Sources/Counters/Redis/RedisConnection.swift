import Glibc
import NIOCore
import NIOSSL

/// Why Redis gave no answer, for people.
struct RedisFailure: Error, Equatable {
  let description: String
  /// Whether what was asked for may have been done.
  let isDoubtful: Bool

  init(_ description: String, isDoubtful: Bool = false) {
    self.description = description
    self.isDoubtful = isDoubtful
  }
}

/// One connection: sends commands as they come, and gives each its reply, in order. For its event loop alone.
///
/// Commands of one turn of the loop leave together. A reply that does not come in time ends the connection, as all others
/// wait behind it; so does everything that is no reply.
final class RedisConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias Answer = (Result<RedisReply, RedisFailure>) -> Void

  private struct Waiting {
    let deadline: NIODeadline
    let command: RedisCommand
    /// Whether the server has been told the text of its script.
    let isWhole: Bool
    let answer: Answer
  }

  private let address: RedisAddress
  private let patience: TimeAmount
  /// By what the server knows scripts.
  var digests: [RedisScript: [UInt8]] = [:]
  /// Is told once why the connection has ended, before those are that wait for replies.
  var ended: ((RedisFailure) -> Void)?

  private var context: ChannelHandlerContext?
  private var reader = RedisReplyReader()
  private var waiting = CircularBuffer<Waiting>()
  private var unsent = ByteBuffer()
  private var isFlushDue = false
  private var isTimed = false
  private var failure: RedisFailure?

  init(_ address: RedisAddress, patience: TimeAmount) {
    self.address = address
    self.patience = patience
  }

  /// How many commands await their replies.
  var commandsWaiting: Int { waiting.count }

  // MARK: Commands

  /// Sends a command, with all others of this turn of the loop.
  ///
  /// - Parameter answer: called exactly once, later.
  func send(_ command: RedisCommand, then answer: @escaping Answer) {
    send(command, isWhole: false, then: answer)
  }

  private func send(_ command: RedisCommand, isWhole: Bool, then answer: @escaping Answer) {
    guard let context, failure == nil else { return answer(.failure(failure ?? gone())) }
    let digest = isWhole ? nil : command.script.flatMap { digests[$0] }
    command.write(to: &unsent, digest: digest)
    let deadline = context.eventLoop.now + patience
    waiting.append(
      Waiting(deadline: deadline, command: command, isWhole: command.script == nil || digest == nil, answer: answer))
    if !isTimed { watch(deadline, context) }
    guard !isFlushDue else { return }
    isFlushDue = true
    context.eventLoop.assumeIsolated().execute { [self] in flush() }
  }

  /// Hands all that was sent to the system before this returns, as far as that takes it.
  func flush() {
    isFlushDue = false
    guard let context, unsent.readableBytes > 0 else { return }
    let bytes = unsent
    unsent = context.channel.allocator.buffer(capacity: min(bytes.readableBytes, 1 << 16))
    context.writeAndFlush(NIOAny(bytes), promise: nil)
  }

  /// Ends the connection. What the system has not sent yet is not sent any more.
  func close(_ failure: RedisFailure) {
    guard self.failure == nil else { return }
    end(failure)
    context?.close(promise: nil)
  }

  private func watch(_ deadline: NIODeadline, _ context: ChannelHandlerContext) {
    isTimed = true
    context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in self?.look() }
  }

  /// Looks whether the oldest command has waited for too long.
  private func look() {
    isTimed = false
    guard let context, let first = waiting.first else { return }
    guard first.deadline <= context.eventLoop.now else { return watch(first.deadline, context) }
    close(RedisFailure("\(address) gave no answer within \(RedisConnection.words(patience))"))
  }

  private func gone() -> RedisFailure { RedisFailure("\(address) has closed the connection") }

  private func end(_ failure: RedisFailure) {
    guard self.failure == nil else { return }
    self.failure = failure
    ended?(failure)
    ended = nil
    while let next = waiting.popFirst() { next.answer(.failure(failure)) }
  }

  // MARK: The channel

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    end(gone())
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    guard failure == nil else { return }
    reader.append(&bytes)
    do throws(RedisProtocolError) {
      while failure == nil, let reply = try reader.next() {
        guard let first = waiting.popFirst() else { throw RedisProtocolError("a reply came that nobody waits for") }
        receive(reply, for: first)
      }
    } catch {
      close(RedisFailure("\(address) speaks no Redis: \(error.description)"))
    }
  }

  private func receive(_ reply: RedisReply, for waiting: Waiting) {
    if case .error(let text) = reply, text.hasPrefix("NOSCRIPT"), !waiting.isWhole {
      return send(waiting.command, isWhole: true, then: waiting.answer)
    }
    waiting.answer(.success(reply))
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(gone())
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case NIOSSLError.handshakeFailed(let cause), NIOSSLError.shutdownFailed(let cause):
      let isUnknown = String(describing: cause).contains("CERTIFICATE_VERIFY_FAILED")
      close(
        RedisFailure(
          isUnknown
            ? "\(address) shows a certificate for TLS that no authority vouches for; name its own with ca="
            : "\(address) cannot be spoken to by TLS; does it expect that?"))
    case is NIOSSLExtraError: close(RedisFailure("\(address) shows a certificate for TLS that is another host's"))
    case let error as IOError:
      close(RedisFailure("the connection to \(address) was lost: \(RedisConnection.words(error))"))
    default: close(RedisFailure("the connection to \(address) was lost: \(RedisConnection.words("\(error)"))"))
    }
  }

  // MARK: Words

  /// What the system calls it.
  static func words(_ error: IOError) -> String { words(String(cString: strerror(error.errnoCode)).lowercased()) }

  /// The text on one line, without what is not printable, and not too long.
  static func words(_ text: String) -> String {
    var words = ""
    for scalar in text.unicodeScalars.prefix(200) {
      words.unicodeScalars.append(scalar.value >= 0x20 && scalar.value < 0x7F ? scalar : "?")
    }
    return words
  }

  private static func words(_ time: TimeAmount) -> String {
    let milliseconds = time.nanoseconds / 1_000_000
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }
}
