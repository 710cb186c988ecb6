/// The names that the protocol gives to the members of one object, and whether another could be taken for one of them.
struct KnownNames: Sendable {
  /// The spellings by their length.
  private let byLength: [[[UInt8]]]
  private let folds: [Name: Name]

  init(_ names: [Name]) {
    let spellings = names.map { Array($0.text.utf8) }
    byLength = (0...(spellings.map(\.count).max() ?? 0)).map { length in spellings.filter { $0.count == length } }
    folds = [Name: Name](uniqueKeysWithValues: names.map { (NameFolding.folded($0), $0) })
  }

  /// The known name that this one is an alias of; nil for a known name itself, and for one like none of them.
  ///
  /// Costs no allocation where the name is printable ASCII.
  func mistaken(for bytes: UnsafeBufferPointer<UInt8>) -> Name? {
    guard NameFolding.isPlainASCII(bytes) else {
      let name = Name(String(decoding: bytes, as: UTF8.self))
      guard let known = folds[NameFolding.folded(name)], known != name else { return nil }
      return known
    }
    guard bytes.count < byLength.count else { return nil }
    var alias: Name?
    for spelling in byLength[bytes.count] {
      spelling.withUnsafeBufferPointer { known in
        if !known.equals(bytes), NameFolding.foldEqual(known, bytes) {
          alias = Name(String(decoding: known, as: UTF8.self))
        }
      }
    }
    return alias
  }

  /// Of a message.
  static let envelope = KnownNames(["jsonrpc", "id", "method", "params", "result", "error"])

  /// Of `params`, over all methods of both eras.
  static let params = KnownNames([
    "_meta", "argument", "arguments", "capabilities", "clientInfo", "context", "cursor", "data", "elicitationId",
    "includeContext", "inputResponses", "level", "logger", "maxTokens", "message", "messages", "metadata", "mode",
    "modelPreferences", "name", "notifications", "progress", "progressToken", "protocolVersion", "reason", "ref",
    "requestId", "requestState", "requestedSchema", "stopSequences", "systemPrompt", "task", "taskId", "temperature",
    "toolChoice", "tools", "total", "ttl", "uri", "url",
  ])

  /// Of `params._meta`.
  static let meta = KnownNames([
    "progressToken", "io.modelcontextprotocol/protocolVersion", "io.modelcontextprotocol/clientInfo",
    "io.modelcontextprotocol/clientCapabilities", "io.modelcontextprotocol/logLevel",
    "io.modelcontextprotocol/serverInfo", "io.modelcontextprotocol/subscriptionId",
    "io.modelcontextprotocol/related-task",
  ])

  /// Of the result of `tools/list`.
  static let toolList = KnownNames(["tools", "nextCursor", "_meta", "resultType", "ttlMs", "cacheScope"])

  /// Of a tool's definition.
  static let tool = KnownNames([
    "name", "title", "description", "inputSchema", "outputSchema", "annotations", "icons", "execution", "_meta",
  ])
}
