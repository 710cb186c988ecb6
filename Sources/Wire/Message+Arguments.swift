extension Message {
  /// The message with other arguments, and everything else byte for byte as it was: what is to be sent in its place.
  ///
  /// Where it has no arguments, they become the last member of its params. What comes out is read again as any message
  /// of a client's, so that nothing is sent that would not have been accepted.
  ///
  /// - Parameters:
  ///   - arguments: an object.
  ///   - depth: how deep a message may nest.
  ///   - bytes: how long a message may be.
  /// - Throws: that the arguments cannot be sent, and why.
  public func replacing(arguments: JSONValue, depth: Int, bytes limit: Int) throws(MessageError) -> Message {
    guard let subject = knownMethod?.subject, subject != .resource, let params, params.count > 0 else {
      throw refused("this message has no arguments")
    }
    let source = body.tape.bytes
    let place: Range<Int>
    var text: [UInt8] = []
    if let old = params.member(Member.arguments) {
      place = old.range
    } else {
      let end = params.range.upperBound - 1
      place = end..<end
      text = Array(",\"arguments\":".utf8)
    }
    text += arguments.source
    let count = body.range.count - place.count + text.count
    guard count <= limit else { throw refused("a message of \(count) bytes would be longer than \(limit)") }
    var line: [UInt8] = []
    line.reserveCapacity(count)
    line += source[body.range.lowerBound..<place.lowerBound]
    line += text
    line += source[place.upperBound..<body.range.upperBound]
    guard case .single(let message) = try MessageReader(side: .client, depth: depth).read(line) else {
      throw refused("it would not be one message")
    }
    return message
  }

  private func refused(_ reason: String) -> MessageError {
    MessageError(code: MessageError.invalidParams, message: reason, id: id, sort: .request)
  }
}
