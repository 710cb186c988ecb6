import Policy
import Wire

/// The counters that a policy's rules define with `state`, known before any condition is read: one rule may look at
/// what another counts.
struct StateCounters {
  private struct Entry {
    /// Nil where its definition has a mistake, which is noted where it stands.
    let counter: StateCounter?
    let position: Position
    var isDefined = false
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
    // A tool that is really called `_global` goes before the name that stands for all.
    for key in keys where key.name == "*" { collect(key) }
    for key in keys where key.name != "*" { collect(key) }
  }

  private mutating func collect(_ key: Node.Member) {
    guard case .mapping(let members) = key.value.content,
      case .sequence(let rules)? = members.named("rules")?.value.content
    else { return }
    for rule in rules {
      guard case .mapping(let members) = rule.content, let state = members.named("state"),
        case .mapping(let parts) = state.value.content, let name = parts.named("counter")?.value,
        case .scalar(let scalar) = name.content, case .string(let text) = scalar.value
      else { continue }
      let path = StateCounters.path(of: key.name.text, text)
      let window = parts.named("window").flatMap { Compiler.window(of: $0.value) }
      let counter = window.map { window in
        StateCounter(
          path: "state." + path,
          counter: Compiler.counter(of: .init(section: "tools", pattern: key.name.text, nil), text),
          window: window.length, algorithm: window.isMonth ? .month : .fixed)
      }
      if let position = positions[Name(path)], entries[position].counter?.counter == counter?.counter { continue }
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

  /// Takes a counter for the one rule that counts in it.
  ///
  /// - Returns: the counter; or the line on which another rule of the key does so.
  mutating func define(_ counter: String, of key: String) -> (counter: StateCounter?, otherLine: Int?) {
    guard let position = positions[Name(StateCounters.path(of: key, counter))] else { return (nil, nil) }
    if entries[position].isDefined { return (nil, entries[position].position.line) }
    entries[position].isDefined = true
    return (entries[position].counter, nil)
  }

  /// The paths of all counters, as conditions write them.
  var paths: [String] { entries.compactMap { $0.counter?.path } }

  /// Where counters are defined that no condition looks at.
  var unread: [(path: String, position: Position)] {
    entries.filter { $0.isDefined && !$0.isRead }.compactMap { entry in
      entry.counter.map { ($0.path, entry.position) }
    }
  }
}
