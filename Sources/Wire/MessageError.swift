/// Why a message is neither forwarded nor judged.
public struct MessageError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What the message was, as far as it could be told.
  public enum Sort: Sendable, Equatable {
    /// It asked for an answer.
    case request
    /// It asked for none.
    case notification
    /// It was an answer.
    case response
    /// It could not be told.
    case unreadable
  }

  /// JSON-RPC's code: -32700 unparsable, -32600 no valid message, -32601 no such method, -32602 wrong params.
  public let code: Int
  /// What is wrong, and where, in one line for the peer.
  public let message: String
  /// The message's id, where one could be read.
  public let id: RequestID?
  /// What the message was.
  public let sort: Sort

  /// An error in a message.
  public init(code: Int, message: String, id: RequestID?, sort: Sort) {
    self.code = code
    self.message = message
    self.id = id
    self.sort = sort
  }

  /// Whether the sender is told: notifications and responses are never answered.
  public var isAnswerable: Bool { sort == .request || sort == .unreadable }

  /// Code and message in one line.
  public var description: String { "\(code): \(message)" }

  static let unparsable = -32700
  static let invalidMessage = -32600
  static let unknownMethod = -32601
  static let invalidParams = -32602
}
