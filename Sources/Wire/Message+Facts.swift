/// What the proxy itself needs to know from messages that it passes on.
extension Message {
  /// The design of the protocol that the message belongs to, where it says so: `initialize` is legacy;
  /// `server/discover`, and a request with the version in its `_meta`, are modern.
  public var era: Era? {
    switch knownMethod {
    case .initialize: .legacy
    case .discover: .modern
    default: meta?[MetaName.protocolVersion] == nil ? nil : .modern
    }
  }

  /// `params._meta`, where it is an object.
  public var meta: JSONValue? {
    guard let meta = params?.member(Member.meta), meta.kind == .object else { return nil }
    return meta
  }

  /// Whether the message can say who sends it, and by which design of the protocol: most do not.
  public var introducesSender: Bool {
    switch knownMethod {
    case .initialize, .discover: true
    default: meta != nil
    }
  }

  /// The protocol's revision as the message names it: in the params or the result of `initialize`, or in the `_meta`
  /// of a modern request. It may be one that is not known.
  public var protocolVersion: Name? {
    if knownMethod == .initialize { return params?["protocolVersion"]?.name }
    if let result { return result["protocolVersion"]?.name }
    return meta?[MetaName.protocolVersion]?.name
  }

  /// Who the client says it is, `{name, version, …}`: from the params of `initialize` or the `_meta` of a request.
  public var clientInfo: JSONValue? {
    let info = knownMethod == .initialize ? params?["clientInfo"] : meta?[MetaName.clientInfo]
    return info.flatMap { $0.kind == .object ? $0 : nil }
  }

  /// A `_meta` with what every request of the modern era says of its sender, as this one says it; nil where it says
  /// nothing, or too much to be said again.
  public var introduction: [UInt8]? {
    guard let meta else { return nil }
    var text: [UInt8] = []
    for name in MetaName.ofEveryRequest {
      guard let value = meta[name] else { continue }
      text.append(UInt8(ascii: text.isEmpty ? "{" : ","))
      text += JSON.string(name.text).encoded() + Array(":".utf8) + value.source
    }
    return text.isEmpty || text.count > 64 << 10 ? nil : text + Array("}".utf8)
  }

  /// Who the server says it is, `{name, version, …}`: from the result of `initialize` or the `_meta` of a result.
  public var serverInfo: JSONValue? {
    let info = result?["serverInfo"] ?? result?["_meta"]?[MetaName.serverInfo]
    return info.flatMap { $0.kind == .object ? $0 : nil }
  }

  /// Whether the message is the answer of a tool that says that it failed: `isError` in its result.
  public var isToolError: Bool { result?["isError"]?.bool ?? false }

  /// The token under which a request wants to be told of progress, or the one that `notifications/progress` tells of.
  public var progressToken: RequestID? {
    let token = knownMethod == .progress ? params?["progressToken"] : meta?["progressToken"]
    return token.flatMap { RequestID($0) }
  }

  /// The request that `notifications/cancelled` withdraws.
  public var cancelledRequest: RequestID? {
    knownMethod == .cancelled ? params?["requestId"].flatMap { RequestID($0) } : nil
  }
}

/// The members of `_meta` that the protocol reserves and the proxy reads.
enum MetaName {
  static let protocolVersion: Name = "io.modelcontextprotocol/protocolVersion"
  static let clientInfo: Name = "io.modelcontextprotocol/clientInfo"
  static let clientCapabilities: Name = "io.modelcontextprotocol/clientCapabilities"
  static let serverInfo: Name = "io.modelcontextprotocol/serverInfo"
  /// What every request of the modern era has.
  static let ofEveryRequest = [protocolVersion, clientInfo, clientCapabilities]
}
