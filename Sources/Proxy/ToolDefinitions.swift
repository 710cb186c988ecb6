import Wire

/// The server's own definitions of its tools, as `tools/list` gave them last. Bounded.
struct ToolDefinitions: Sendable {
  private var definitions: [Name: JSONValue] = [:]
  private var bytes = 0

  subscript(name: Name) -> JSONValue? { definitions.isEmpty ? nil : definitions[name] }

  /// Remembers more of them, up to `limit` bytes in all; a tool beyond that counts as not seen.
  mutating func add(_ listed: [(name: Name, definition: JSONValue)], limit: Int) {
    for (name, definition) in listed {
      let source = Array(definition.source)
      // A copy of its own, so that a definition does not keep the whole page that it came in.
      guard bytes + source.count <= limit, let tape = try? JSONTape(source, depth: 512) else { continue }
      bytes += source.count - (definitions[name]?.source.count ?? 0)
      definitions[name] = tape.root
    }
  }
}
