/// The answers that the proxy gives in a server's place: each the bytes of one line, without the newline.
public enum Reply {
  /// The code of a refused `resources/read` or `prompts/get`, and of a refused method.
  ///
  /// Their results have no `isError`, so a refusal is a JSON-RPC error there. The code is from the range that both
  /// JSON-RPC and MCP (2026-07-28) leave to implementations, and not one that an SDK uses for something of its own
  /// (-32000 connection closed, -32001 time-out, -32002 resource not found).
  public static let refused = -32003

  /// A JSON-RPC error.
  ///
  /// - Parameter id: nil where the request's could not be read: `null` is sent.
  public static func error(id: RequestID?, code: Int, message: String, data: JSON? = nil) -> [UInt8] {
    var error: [(name: Name, value: JSON)] = [
      ("code", .number(ExactNumber(code))), ("message", .string(oneLine(message))),
    ]
    if let data { error.append(("data", data)) }
    return line(id, "error", .object(error))
  }

  /// The error for a message that was not accepted; nil where its sender is not to be answered.
  public static func error(_ error: MessageError) -> [UInt8]? {
    error.isAnswerable ? Reply.error(id: error.id, code: error.code, message: error.message) : nil
  }

  /// What the agent sees of a call that a policy refused: for a tool a result with `isError`, so that the model can
  /// read it and adapt; for a resource or a prompt an error of code ``refused`` with the same text and data.
  ///
  /// - Parameters:
  ///   - subject: what the call uses; nil for a request that is no call, which gets the error too.
  ///   - reason: made one line.
  ///   - remaining: what is left of the limit that refused.
  ///   - decisionID: names the decision in the log.
  ///   - era: modern results say that they are complete.
  public static func refusal(
    id: RequestID, subject: Call.Subject? = .tool, rule: String, reason: String, retryAfterSeconds: Int? = nil,
    remaining: ExactNumber? = nil, decisionID: String, era: Era
  ) -> [UInt8] {
    let rule = oneLine(rule)
    let reason = oneLine(reason)
    let text = "[moongate] refused by \"\(rule)\": \(reason)"
    var decision: [(name: Name, value: JSON)] = [("rule", .string(rule)), ("reason", .string(reason))]
    if let retryAfterSeconds { decision.append(("retryAfterSeconds", .number(ExactNumber(retryAfterSeconds)))) }
    if let remaining { decision.append(("remaining", .number(remaining))) }
    decision.append(("decisionId", .string(decisionID)))
    let meta = JSON.object([("dev.moongate/decision", .object(decision))])
    guard subject == .tool else { return error(id: id, code: refused, message: text, data: meta) }
    var result: [(name: Name, value: JSON)] = [
      ("content", .array([.object([("type", .string("text")), ("text", .string(text))])])),
      ("isError", .bool(true)), ("_meta", meta),
    ]
    if era == .modern { result.append(("resultType", .string("complete"))) }
    return line(id, "result", .object(result))
  }

  private static func line(_ id: RequestID?, _ member: Name, _ value: JSON) -> [UInt8] {
    var line = Array("{\"jsonrpc\":\"2.0\",\"id\":".utf8)
    line.append(contentsOf: id?.encoded ?? Array("null".utf8))
    line.append(contentsOf: ",\"\(member)\":".utf8)
    value.encode(into: &line)
    line.append(UInt8(ascii: "}"))
    return line
  }

  /// The text with each run of control characters and line or paragraph separators as one space.
  private static func oneLine(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    var isBreaking = false
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator:
        if !isBreaking { scalars.append(" ") }
        isBreaking = true
      default:
        scalars.append(scalar)
        isBreaking = false
      }
    }
    return String(scalars)
  }
}
