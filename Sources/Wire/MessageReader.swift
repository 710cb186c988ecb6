internal import Glibc

/// Makes messages of lines, and refuses what a peer could read differently than the proxy does.
///
/// The rules are those of "Evaluate what you forward": strict JSON, right shapes, no aliases of known names, no two
/// spellings of one name among the arguments of a call.
public struct MessageReader: Sendable {
  /// Who sent the line.
  public enum Side: Sendable {
    /// The agent: `params`, `_meta` and `arguments` are held to the letter as well as the envelope.
    case client
    /// The server: only the envelope; ``ToolList`` looks at what the proxy reads of a result.
    case server
  }

  /// What a line held.
  public enum Incoming: Sendable {
    /// One message.
    case single(Message)
    /// An array of messages, at least one: only ``ProtocolVersion/allowsBatches`` makes it acceptable.
    case batch([Result<Message, MessageError>])
  }

  /// Who sends the lines.
  public let side: Side
  /// How deep a message may nest.
  public let depth: Int

  /// A reader of one peer's messages.
  public init(side: Side, depth: Int = JSONTape.defaultDepth) {
    self.side = side
    self.depth = depth
  }

  /// Reads one line.
  ///
  /// - Parameter line: without its newline.
  /// - Throws: what is wrong with the line as a whole, or with its only message.
  public func read(_ line: [UInt8]) throws(MessageError) -> Incoming {
    let root: JSONValue
    do throws(JSONError) {
      root = try JSONTape(line, depth: depth).root
    } catch {
      throw unparsable("not JSON that every parser reads alike: \(error)", JSONTape.lenient(line)?.root)
    }
    if hasLineBreak(root) {
      throw unparsable("a line break within the message, which is to be one line", root)
    }
    guard root.kind == .array else { return .single(try message(root)) }
    guard root.count > 0 else {
      throw MessageError(code: MessageError.invalidMessage, message: "an empty batch", id: nil, sort: .unreadable)
    }
    return .batch(
      root.elements.map { element in
        do throws(MessageError) {
          return .success(try message(element))
        } catch {
          return .failure(error)
        }
      })
  }

  /// A carriage return between two tokens is white space to JSON and the end of a line to many peers (Python's text
  /// streams for one), which would then run what stands between two of them as a message of its own.
  private func hasLineBreak(_ root: JSONValue) -> Bool {
    root.source.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return false }
      return memchr(start, 0x0D, bytes.count) != nil || memchr(start, 0x0A, bytes.count) != nil
    }
  }

  /// The error for a line that is not JSON as it should be. Whoever waits for an answer is told so, if the text is good
  /// enough to say which request it was.
  private func unparsable(_ message: String, _ root: JSONValue?) -> MessageError {
    if let root, root.kind == .object {
      let envelope = Envelope(root)
      if !envelope.isRepeated, envelope.alias == nil { return envelope.error(MessageError.unparsable, message) }
    }
    return MessageError(code: MessageError.unparsable, message: message, id: nil, sort: .unreadable)
  }

  private func message(_ body: JSONValue) throws(MessageError) -> Message {
    guard body.kind == .object else {
      throw MessageError(
        code: MessageError.invalidMessage, message: "a message is an object, not \(body.kind.article)", id: nil,
        sort: .unreadable)
    }
    let envelope = Envelope(body)
    if let alias = envelope.alias {
      throw envelope.error(MessageError.invalidMessage, ambiguity(alias.member, alias.known, in: "the message"))
    }
    guard let version = envelope.version, version.kind == .string, version.withText({ $0.equals("2.0") }) else {
      throw envelope.error(MessageError.invalidMessage, "`jsonrpc` must be \"2.0\"")
    }
    return envelope.hasMethod ? try call(envelope) : try response(envelope)
  }

  private func call(_ envelope: Envelope) throws(MessageError) -> Message {
    guard let methodValue = envelope.method, methodValue.kind == .string else {
      throw envelope.error(MessageError.invalidMessage, "`method` must be a string")
    }
    if envelope.hasOutcome {
      throw envelope.error(MessageError.invalidMessage, "`method` stands beside `result` or `error`")
    }
    if envelope.hasID, envelope.id == nil {
      throw envelope.error(
        MessageError.invalidMessage,
        "`id` must be a string (of at most \(RequestID.longest) bytes) or an integer of 64 bits")
    }
    let known = methodValue.withText(KnownMethod.exactly)
    let method = known?.name ?? methodValue.name ?? ""
    if known == nil, let near = KnownMethod.mistaken(for: method) {
      throw envelope.error(
        MessageError.unknownMethod, "method \(Excerpt.of(method.text)) could be taken for \"\(near.rawValue)\"")
    }
    if let params = envelope.params {
      guard params.kind == .object else {
        throw envelope.error(MessageError.invalidParams, "`params` must be an object, not \(params.kind.article)")
      }
      if side == .client { try refuseAmbiguity(in: params, envelope) }
    }
    if let known, known.subject != nil, envelope.id == nil {
      throw envelope.error(MessageError.invalidMessage, "\(known.rawValue) needs an `id`")
    }
    return Message(
      kind: envelope.id.map { .request(id: $0, method: method) } ?? .notification(method: method), knownMethod: known,
      body: envelope.body, params: envelope.params)
  }

  private func refuseAmbiguity(in params: JSONValue, _ envelope: Envelope) throws(MessageError) {
    if let alias = Aliases.first(in: params, of: .params) {
      throw envelope.error(MessageError.invalidParams, ambiguity(alias.member, alias.known, in: "`params`"))
    }
    if let meta = params.member(Member.meta), let alias = Aliases.first(in: meta, of: .meta) {
      throw envelope.error(MessageError.invalidParams, ambiguity(alias.member, alias.known, in: "`params._meta`"))
    }
    if let arguments = params.member(Member.arguments), let (left, right) = Aliases.firstPair(within: arguments) {
      throw envelope.error(
        MessageError.invalidParams,
        "in `params.arguments`, \(Excerpt.of(left.string ?? "")) and \(Excerpt.of(right.string ?? "")) (byte "
          + "\(right.range.lowerBound + 1)) stand in one object and could be taken for one another")
    }
  }

  private func response(_ envelope: Envelope) throws(MessageError) -> Message {
    switch (envelope.result, envelope.failure) {
    case (nil, nil):
      throw envelope.error(MessageError.invalidMessage, "neither `method` nor `result` nor `error`")
    case (.some, .some):
      throw envelope.error(MessageError.invalidMessage, "`result` and `error` in one response")
    case (.some(let result), nil):
      guard result.kind == .object else {
        throw envelope.error(MessageError.invalidMessage, "`result` must be an object, not \(result.kind.article)")
      }
      guard envelope.id != nil else {
        throw envelope.error(MessageError.invalidMessage, "a result needs an `id`, a string or an integer of 64 bits")
      }
    case (nil, .some(let failure)):
      guard failure.kind == .object, failure["code"]?.integer != nil, failure["message"]?.kind == .string else {
        throw envelope.error(
          MessageError.invalidMessage, "`error` must be an object with an integer `code` and a string `message`")
      }
      guard envelope.id != nil || envelope.idValue?.isNull == true else {
        throw envelope.error(
          MessageError.invalidMessage, "an error needs an `id`: a string, an integer of 64 bits, or null")
      }
    }
    return Message(
      kind: .response(id: envelope.id, isError: envelope.failure != nil), knownMethod: nil, body: envelope.body,
      outcome: envelope.result ?? envelope.failure)
  }

  private func ambiguity(_ member: JSONValue, _ known: Name, in place: String) -> String {
    "in \(place), member \(Excerpt.of(member.string ?? "")) (byte \(member.range.lowerBound + 1)) could be taken for "
      + "\"\(known)\""
  }
}
