import Wire

/// Finds the patterns that match a name: for a name that is written out among them by one look-up, for others in one
/// reading, however many globs there are.
struct NameLookup: Sendable {
  /// For each name that is written out, the positions of all patterns that match it, globs too.
  private let exact: [Name: [Int]]
  private let globs: GlobTree
  /// The positions of all globs, where each of them matches everything.
  private let everything: [Int]?

  init(_ patterns: [NamePattern]) {
    var exact: [Name: [Int]] = [:]
    var globs: [(position: Int, glob: Glob)] = []
    for (position, pattern) in patterns.enumerated() {
      if let name = pattern.exactName {
        exact[name, default: []].append(position)
      } else {
        globs.append((position, pattern.glob))
      }
    }
    let tree = GlobTree(globs)
    let everything = globs.allSatisfy(\.glob.isEverything) ? globs.map(\.position) : nil
    if !globs.isEmpty {
      for name in Array(exact.keys) {
        exact[name]?.append(contentsOf: everything ?? NameLookup.matches(name, in: tree))
        exact[name]?.sort()
      }
    }
    self.exact = exact
    self.globs = tree
    self.everything = everything
  }

  /// The positions of the patterns that match, in their order.
  func matches(_ name: Name) -> [Int] {
    if !exact.isEmpty, let positions = exact[name] { return positions }
    return everything ?? NameLookup.matches(name, in: globs)
  }

  /// Whether any of the patterns matches.
  func contains(_ name: Name) -> Bool { !matches(name).isEmpty }

  private static func matches(_ name: Name, in globs: GlobTree) -> [Int] {
    var text = name.text
    return text.withUTF8 { globs.matches($0) }
  }
}
