import Policy
import Wire

/// The counters that a policy's rules define with `state`, known before any condition is read: one rule may look at
/// what another counts.
struct StateCounters {
  private struct Entry {
    /// Nil where its definition has a mistake, which is noted where it stands.
    let counter: StateCounter?
    let position: Position
    /// The line of the rule that counts in it, once that has been read.
    var line: Int?
    var isRead = false
  }

  /// The scope of counters that rules for every tool count.
  private static let everyTool = "_global"

  private var entries: [Entry] = []
  /// By what follows `state.` in a path.
  private var positions: [Name: Int] = [:]

  /// Collects the counters of a policy's keys.
  init(of policy: [Node.Member] = []) {
    guard case .mapping(let keys)? = policy.named("tools")?.value.content else { return }
    for key in keys { collect(key) }
  }

  private mutating func collect(_ key: Node.Member) {
    guard case .mapping(let members) = key.value.content,
      case .sequence(let rules)? = members.named("rules")?.value.content
    else { return }
    for rule in rules {
      guard case .mapping(let members) = rule.content, let state = members.named("state"),
        case .mapping(let parts) = state.value.content, let name = parts.named("counter")?.value,
        let text = name.label
      else { continue }
      let path = StateCounters.path(of: key.name.text, text)
      let window = parts.named("window").flatMap { Compiler.window(of: $0.value) }
      let counter = window.map { window in
        StateCounter(
          path: "state." + path,
          counter: Compiler.counter(of: .init(section: "tools", pattern: key.name.text, nil), text),
          window: window.length, algorithm: window.isMonth ? .month : .fixed)
      }
      guard positions[Name(path)] == nil else { continue }
      positions[Name(path)] = entries.count
      if key.name == "*" { positions[Name("*." + text)] = entries.count }
      entries.append(Entry(counter: counter, position: name.position))
    }
  }

  private static func path(of key: String, _ counter: String) -> String {
    "\(key == "*" ? everyTool : key).\(counter)"
  }

  /// What is known of a counter.
  enum Finding {
    case known(StateCounter)
    /// Its definition has a mistake.
    case broken
    case none
  }

  /// Looks a counter up for a condition; `path` is what follows `state.` there.
  mutating func read(_ path: String) -> Finding {
    guard let position = positions[Name(path)] else { return .none }
    entries[position].isRead = true
    return entries[position].counter.map { .known($0) } ?? .broken
  }

  /// Takes a counter for the one rule that counts in it, on that line.
  ///
  /// - Returns: the counter; or the line of another rule that counts in one of the same path, which may be another key's:
  ///   `_global` is the name for all tools, and can be a tool's own.
  mutating func define(
    _ counter: String, of key: String, line: Int
  ) -> (counter: StateCounter?, other: (path: String, line: Int)?) {
    let path = StateCounters.path(of: key, counter)
    guard let position = positions[Name(path)] else { return (nil, nil) }
    if let other = entries[position].line { return (nil, ("state." + path, other)) }
    entries[position].line = line
    return (entries[position].counter, nil)
  }

  /// The paths of all counters, as conditions write them.
  var paths: [String] { entries.compactMap { $0.counter?.path } }

  /// Where counters are defined that no condition looks at.
  var unread: [(path: String, position: Position)] {
    entries.filter { $0.line != nil && !$0.isRead }.compactMap { entry in
      entry.counter.map { ($0.path, entry.position) }
    }
  }
}
