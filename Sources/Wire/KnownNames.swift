/// The names that the protocol gives to the members of one object, and whether another could be taken for one of them.
struct KnownNames: Sendable {
  /// A spelling, where it stands among the bytes of all.
  private struct Spelling {
    let start: Int
    let end: Int
  }

  private let bytes: [UInt8]
  private let spellings: [Spelling]
  /// The spellings of n bytes are those from this many on to the next entry's.
  private let firstOfLength: [Int]
  private let folds: [Name: Name]

  init(_ names: [Name]) {
    let sorted = names.map { Array($0.text.utf8) }.sorted { $0.count < $1.count }
    var bytes: [UInt8] = []
    var spellings: [Spelling] = []
    for spelling in sorted {
      spellings.append(Spelling(start: bytes.count, end: bytes.count + spelling.count))
      bytes += spelling
    }
    self.bytes = bytes
    self.spellings = spellings
    firstOfLength = (0...(sorted.last?.count ?? 0) + 1).map { length in sorted.prefix { $0.count < length }.count }
    folds = [Name: Name](uniqueKeysWithValues: names.map { (NameFolding.folded($0), $0) })
  }

  /// The known name that this one is an alias of; nil for a known name itself, and for one like none of them.
  ///
  /// Costs no allocation where the name is printable ASCII.
  func mistaken(for name: UnsafeBufferPointer<UInt8>) -> Name? {
    guard NameFolding.isPlainASCII(name) else {
      let name = Name(String(decoding: name, as: UTF8.self))
      guard let known = folds[NameFolding.folded(name)], known != name else { return nil }
      return known
    }
    guard name.count + 1 < firstOfLength.count else { return nil }
    return bytes.withUnsafeBufferPointer { bytes in
      for index in firstOfLength[name.count]..<firstOfLength[name.count + 1] {
        let spelling = spellings[index]
        let known = UnsafeBufferPointer(rebasing: bytes[spelling.start..<spelling.end])
        if NameFolding.foldEqual(known, name), !known.equals(name) {
          return Name(String(decoding: known, as: UTF8.self))
        }
      }
      return nil
    }
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
