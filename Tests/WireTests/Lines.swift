import Wire

/// What a reader makes of one line.
func read(
  _ line: String, from side: MessageReader.Side = .client, depth: Int = 64
) throws(MessageError) -> MessageReader.Incoming {
  try MessageReader(side: side, depth: depth).read(Array(line.utf8))
}

/// The one message of a line.
func message(_ line: String, from side: MessageReader.Side = .client) throws -> Message {
  guard case .single(let message) = try read(line, from: side) else { throw UnexpectedBatch() }
  return message
}

/// What is wrong with a line.
func failure(_ line: String, from side: MessageReader.Side = .client) -> MessageError? {
  do throws(MessageError) {
    _ = try read(line, from: side)
    return nil
  } catch {
    return error
  }
}

struct UnexpectedBatch: Error {}
