public import Wire

/// One call to be tried: a line `{"tool": …, "arguments": …}`, `{"resource": …}` or `{"prompt": …, "arguments": …}`, or
/// the whole message of such a call.
public struct CallLine: Sendable {
  /// The call's message, as an agent would send it.
  public let message: Message
  /// The session it belongs to.
  public let session: String
  /// `clientInfo`, if the line says who calls.
  public let client: JSONValue?
  /// The principal, if the line names one.
  public let principal: JSONValue?
  /// The tool's definition, as the server would list it, if the line has one.
  public let definition: JSONValue?
  /// Seconds since 1970 on a simulated clock, if the line says when.
  public let at: Double?

  /// Why a line is no call.
  public struct Invalid: Error, Sendable, Equatable {
    /// What is wrong, in one line.
    public let reason: String
  }

  private static let names = [
    "tool", "resource", "prompt", "arguments", "session", "client", "principal", "definition", "at",
  ]

  /// Reads a line as strictly as the proxy reads a message.
  public init(_ text: [UInt8]) throws(Invalid) {
    let line: JSONValue
    do throws(JSONError) {
      line = try JSONTape(text).root
    } catch {
      throw Invalid(reason: error.description)
    }
    guard line.kind == .object else { throw Invalid(reason: "a call is an object: {\"tool\": …, \"arguments\": {…}}") }
    if line["method"] != nil || line["jsonrpc"] != nil {
      message = try CallLine.read(text)
      (session, client, principal, definition, at) = ("eval", nil, nil, nil, nil)
      return
    }
    for member in line.members {
      let name = member.name.string ?? ""
      guard CallLine.names.contains(where: { member.name.equals($0) }) else {
        throw Invalid(reason: "unknown member \"\(name)\"; a call has \(CallLine.names.joined(separator: ", "))")
      }
    }
    message = try CallLine.message(of: line)
    session = try CallLine.text(line["session"], "session") ?? "eval"
    client = try CallLine.who(line["client"], "client", named: "name")
    principal = try CallLine.who(line["principal"], "principal", named: "subject")
    definition = line["definition"]
    if let definition, definition.kind != .object { throw Invalid(reason: "\"definition\" is no object") }
    if let at = line["at"] {
      guard let seconds = at.number?.approximate, seconds >= 0, seconds < 9e9 else {
        throw Invalid(reason: "\"at\" is no number of seconds since 1970")
      }
      self.at = seconds
    } else {
      at = nil
    }
  }

  /// The message that a line in the short form stands for.
  private static func message(of line: JSONValue) throws(Invalid) -> Message {
    let used = Call.Subject.allCases.filter { line[Name($0.rawValue)] != nil }
    guard used.count < 2 else { throw Invalid(reason: "a call is of one tool, one resource or one prompt") }
    let subject = used.first ?? .tool
    guard let name = line[Name(subject.rawValue)], name.kind == .string else {
      throw Invalid(reason: "\"\(subject.rawValue)\" is missing, or is no string")
    }
    if subject == .resource, line["arguments"] != nil { throw Invalid(reason: "a resource has no \"arguments\"") }
    let (method, member) =
      switch subject {
      case .tool: ("tools/call", "name")
      case .resource: ("resources/read", "uri")
      case .prompt: ("prompts/get", "name")
      }
    var text = Array(#"{"jsonrpc":"2.0","id":0,"method":"\#(method)","params":{"\#(member)":"#.utf8) + name.source
    if let arguments = line["arguments"] { text += Array(#","arguments":"#.utf8) + arguments.source }
    return try read(text + Array("}}".utf8))
  }

  private static func read(_ text: [UInt8]) throws(Invalid) -> Message {
    do throws(MessageError) {
      let reader = MessageReader(side: .client, depth: JSONTape.defaultDepth)
      if case .single(let message) = try reader.read(text),
        try message.call(in: Call.Context(session: "")) != nil
      {
        return message
      }
    } catch {
      throw Invalid(reason: error.message)
    }
    throw Invalid(reason: noCall)
  }

  private static let noCall = "the message is no tools/call, resources/read or prompts/get request"

  private static func text(_ value: JSONValue?, _ name: String) throws(Invalid) -> String? {
    guard let value else { return nil }
    guard let text = value.string else { throw Invalid(reason: "\"\(name)\" is no string") }
    return text
  }

  /// An object as it is; a string as the object's member `named`.
  private static func who(_ value: JSONValue?, _ name: String, named member: Name) throws(Invalid) -> JSONValue? {
    switch value?.kind {
    case nil: return nil
    case .object: return value
    case .string:
      let object = JSON.object([(member, value?.tree ?? .null)])
      guard let tape = try? object.tape() else { throw Invalid(reason: "\"\(name)\" cannot be read") }
      return tape.root
    default: throw Invalid(reason: "\"\(name)\" is neither a string nor an object")
    }
  }

  /// The call, with what the line says about who makes it.
  func call(in context: Call.Context) throws(Invalid) -> Call {
    var context = context
    context.client = client
    context.principal = principal
    let call: Call?
    do throws(MessageError) {
      call = try message.call(in: context)
    } catch {
      throw Invalid(reason: error.message)
    }
    guard var call else { throw Invalid(reason: CallLine.noCall) }
    call.definition = definition
    return call
  }
}
