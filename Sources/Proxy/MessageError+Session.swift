import Wire

/// What only a session can find wrong with a message.
extension MessageError {
  static let batchNotAllowed = MessageError(
    code: -32600, message: "batches exist in protocol version 2025-03-26 only: send each message on a line of its own",
    id: nil, sort: .unreadable)

  static func batchTooLong(limit: Int) -> MessageError {
    MessageError(
      code: -32600, message: "a batch of more than \(limit) messages: send fewer at a time", id: nil, sort: .unreadable)
  }

  static func tooLong(limit: Int) -> MessageError {
    MessageError(
      code: -32600, message: "the message is longer than \(limit) bytes (limits: message: bytes:)", id: nil,
      sort: .unreadable)
  }

  static func idInFlight(_ id: RequestID) -> MessageError {
    MessageError(
      code: -32600, message: "the id \(id) is in use by a request that is not answered yet", id: id, sort: .request)
  }
}

extension RequestID {
  /// The id as a value.
  var json: JSON {
    switch self {
    case .integer(let value): .number(ExactNumber(value))
    case .string(let name): .string(name.text)
    }
  }

  /// The id of an answer that cannot be read as a whole: only where it stands among the first members of an object that
  /// is well-formed as far as that.
  init?(leading line: [UInt8]) {
    var prefix = Array(line.prefix(4096))
    // Cut before the first member that holds anything but a plain value, and close the object there.
    guard let cut = RequestID.plainEnd(prefix) else { return nil }
    prefix.removeSubrange(cut...)
    prefix.append(UInt8(ascii: "}"))
    guard let value = (try? JSONTape(prefix))?.root["id"], let id = RequestID(value) else { return nil }
    self = id
  }

  /// Where the last comma stands that only plain members come before.
  private static func plainEnd(_ bytes: [UInt8]) -> Int? {
    var comma: Int? = nil
    var isInString = false
    var isEscaped = false
    for (position, byte) in bytes.enumerated() {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: ","): comma = position
      case UInt8(ascii: "{") where position > 0, UInt8(ascii: "["): return comma
      default: break
      }
    }
    return comma
  }
}

extension Message {
  /// Whether a server that opens a session so will say when its tools change.
  var announcesToolChanges: Bool {
    result?["capabilities"]?["tools"]?["listChanged"]?.bool == true
  }
}
