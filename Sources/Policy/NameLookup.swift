import Wire

/// Finds the patterns that match a name: for a name that is written out among them by one look-up, for others by trying
/// the globs.
struct NameLookup: Sendable {
  /// For each name that is written out, the positions of all patterns that match it, globs too.
  private var exact: [Name: [Int]] = [:]
  private var globs: [(position: Int, pattern: NamePattern)] = []
  /// The positions of all globs, where each of them matches everything.
  private var everything: [Int]?

  init(_ patterns: [NamePattern]) {
    for (position, pattern) in patterns.enumerated() {
      if let name = pattern.exactName {
        exact[name, default: []].append(position)
      } else {
        globs.append((position, pattern))
      }
    }
    if globs.allSatisfy(\.pattern.isEverything) { everything = globs.map(\.position) }
    guard !globs.isEmpty else { return }
    for (name, positions) in exact { exact[name] = (positions + matchingGlobs(name)).sorted() }
  }

  /// The positions of the patterns that match, in the order of the patterns.
  func matches(_ name: Name) -> [Int] {
    if !exact.isEmpty, let positions = exact[name] { return positions }
    return everything ?? matchingGlobs(name)
  }

  private func matchingGlobs(_ name: Name) -> [Int] {
    globs.filter { $0.pattern.matches(name) }.map(\.position)
  }
}
