/// A method that some released revision of the protocol defines.
public enum KnownMethod: String, Sendable, CaseIterable {
  // The first few are looked up most.
  case callTool = "tools/call"
  case listTools = "tools/list"
  case progress = "notifications/progress"
  case ping = "ping"
  case readResource = "resources/read"
  case getPrompt = "prompts/get"
  case logMessage = "notifications/message"
  case cancelled = "notifications/cancelled"
  case initialize = "initialize"
  case initialized = "notifications/initialized"
  case discover = "server/discover"
  case listResources = "resources/list"
  case listResourceTemplates = "resources/templates/list"
  case subscribeResource = "resources/subscribe"
  case unsubscribeResource = "resources/unsubscribe"
  case listPrompts = "prompts/list"
  case complete = "completion/complete"
  case setLogLevel = "logging/setLevel"
  case listen = "subscriptions/listen"
  case createSample = "sampling/createMessage"
  case elicit = "elicitation/create"
  case listRoots = "roots/list"
  case getTask = "tasks/get"
  case taskResult = "tasks/result"
  case listTasks = "tasks/list"
  case cancelTask = "tasks/cancel"
  case taskStatus = "notifications/tasks/status"
  case toolsChanged = "notifications/tools/list_changed"
  case resourcesChanged = "notifications/resources/list_changed"
  case resourceUpdated = "notifications/resources/updated"
  case promptsChanged = "notifications/prompts/list_changed"
  case rootsChanged = "notifications/roots/list_changed"
  case elicitationCompleted = "notifications/elicitation/complete"
  case subscriptionsAcknowledged = "notifications/subscriptions/acknowledged"

  /// The method as it is written.
  public var name: Name { Name(rawValue) }

  /// What a call of this method uses, where it is one that a policy judges.
  public var subject: Call.Subject? {
    switch self {
    case .callTool: .tool
    case .readResource: .resource
    case .getPrompt: .prompt
    default: nil
    }
  }

  private static let spellings = allCases.map { (method: $0, bytes: Array($0.rawValue.utf8)) }
  private static let folds = [Name: KnownMethod](uniqueKeysWithValues: allCases.map { (fold($0.name), $0) })

  /// The method of exactly that spelling.
  static func exactly(_ text: UnsafeBufferPointer<UInt8>) -> KnownMethod? {
    for spelling in spellings where spelling.bytes.count == text.count {
      if spelling.bytes.withUnsafeBufferPointer({ $0.equals(text) }) { return spelling.method }
    }
    return nil
  }

  /// The method that an unknown one could be taken for: equal but for case, white space, what cannot be seen, and
  /// repeated, leading or trailing slashes.
  static func mistaken(for method: Name) -> KnownMethod? {
    folds[fold(method)]
  }

  private static func fold(_ method: Name) -> Name {
    var bytes: [UInt8] = []
    for byte in NameFolding.folded(method).text.utf8 where byte != UInt8(ascii: " ") {
      if byte == UInt8(ascii: "/"), bytes.isEmpty || bytes.last == byte { continue }
      bytes.append(byte)
    }
    while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    return Name(String(decoding: bytes, as: UTF8.self))
  }
}
