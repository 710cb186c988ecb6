import Wire

/// The server's own definitions of its tools, as `tools/list` gave them last. Bounded.
struct ToolDefinitions: Sendable {
  private var definitions: [Name: JSONValue] = [:]
  private var bytes = 0
  /// Whether it is known that the server has no other tools than these.
  var isWhole = false

  subscript(name: Name) -> JSONValue? { definitions.isEmpty ? nil : definitions[name] }

  /// Remembers more of them, up to `limit` bytes in all; a tool beyond that counts as not seen.
  ///
  /// - Returns: whether there was room for all.
  @discardableResult
  mutating func add(_ listed: some Sequence<(name: Name, definition: JSONValue)>, limit: Int) -> Bool {
    var hadRoom = true
    for (name, definition) in listed {
      let source = Array(definition.source)
      // A copy of its own, so that a definition does not keep the whole page that it came in.
      guard bytes + source.count <= limit, let tape = try? JSONTape(source, depth: 512) else {
        hadRoom = false
        continue
      }
      bytes += source.count - (definitions[name]?.source.count ?? 0)
      definitions[name] = tape.root
    }
    return hadRoom
  }

  /// Remembers those of another list too; where both have a tool, the other's definition counts.
  mutating func add(_ other: ToolDefinitions, limit: Int) {
    let listed = other.definitions.map { (name: $0.key, definition: $0.value) }
    add(listed.sorted { $0.name.text < $1.name.text }, limit: limit)
  }
}
