import Wire

/// Finds the patterns that match a name: exact names by one look-up, globs one by one after it.
struct NameLookup: Sendable {
  private var exact: [Name: [Int]] = [:]
  private var globs: [(position: Int, pattern: NamePattern)] = []

  init(_ patterns: [NamePattern]) {
    for (position, pattern) in patterns.enumerated() {
      if let name = pattern.exactName {
        exact[name, default: []].append(position)
      } else {
        globs.append((position, pattern))
      }
    }
  }

  /// The position of a pattern that matches, if one does.
  func firstMatch(_ name: Name) -> Int? {
    if let position = exact[name]?.first { return position }
    return globs.first { $0.pattern.matches(name) }?.position
  }

  /// Calls `body` with the position of each pattern that matches, in the order of the patterns.
  func forEachMatch(_ name: Name, _ body: (Int) -> Void) {
    var exact = (exact.isEmpty ? [] : exact[name] ?? [])[...]
    for (position, pattern) in globs where pattern.matches(name) {
      while let first = exact.first, first < position {
        body(first)
        exact.removeFirst()
      }
      body(position)
    }
    for position in exact { body(position) }
  }
}
