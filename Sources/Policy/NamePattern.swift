public import Wire

/// A tool name, a glob, or `*`.
public struct NamePattern: Sendable, CustomStringConvertible {
  /// The pattern as it was written.
  public let description: String
  let glob: Glob

  /// Reads a pattern: `*` is any run of code points, `?` is one, `[a-z]` a class, `\` takes the next literally.
  ///
  /// - Throws: an unclosed class or a trailing backslash.
  public init(_ text: String) throws(OperandError) {
    description = text
    glob = try Glob(text)
  }

  /// Whether the pattern is `*` alone, or more of them, which does not count as naming a tool under `default: deny`.
  public var isEverything: Bool { glob.isEverything }

  /// The one name that matches, where the pattern is a name and no glob.
  public var exactName: Name? { glob.exact.map { Name(String(decoding: $0, as: UTF8.self)) } }

  /// Whether the name matches.
  public func matches(_ name: Name) -> Bool {
    var text = name.text
    return text.withUTF8 { glob.matches($0) }
  }
}

extension NamePattern: Hashable {
  /// Whether two patterns match the same names by being the same.
  public static func == (left: NamePattern, right: NamePattern) -> Bool { left.glob == right.glob }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(glob) }
}
