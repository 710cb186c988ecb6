import CRE2

/// A regular expression in RE2's syntax, UTF-8, matched in linear time. The same one serves the `regex` operator and
/// the scripts' `re`.
///
/// `@unchecked Sendable`: the one stored pointer never changes, is freed only when the last reference has gone, and
/// what it points to may be used from several threads at once (re2.h: "RE2 objects are thread-safe"; its caches are
/// guarded by locks of its own).
public final class RegularExpression: @unchecked Sendable {
  /// Why a text is no regular expression.
  public struct Problem: Error, Sendable, Equatable {
    /// What is wrong, as RE2 says it: `missing closing ]: [a-z`.
    public let message: String
  }

  /// About how many bytes a pattern's program and caches may take: RE2's own default. Where the caches outgrow it, RE2
  /// starts them over, and still answers exactly.
  static let memory: Int64 = 8 << 20

  /// How many groups the expression captures, not counting the whole match.
  public let groupCount: Int

  private let pattern: OpaquePointer

  /// Compiles an expression.
  ///
  /// - Throws: a mistake in it, or a size that no budget holds (`(a{1000}){1000}`).
  public convenience init(_ pattern: String) throws(Problem) {
    try self.init(pattern, memory: Self.memory)
  }

  /// Compiles an expression whose program and caches are to take about so many bytes.
  init(_ pattern: String, memory: Int64) throws(Problem) {
    var text = pattern
    var message = [CChar](repeating: 0, count: 256)
    let compiled = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters -> OpaquePointer? in
        guard let start = characters.baseAddress else { return cre2_compile("", 0, memory, &message, 256) }
        return cre2_compile(start, characters.count, memory, &message, 256)
      }
    }
    guard let compiled else {
      let words = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw Problem(message: String(decoding: words, as: UTF8.self))
    }
    self.pattern = compiled
    groupCount = cre2_groups(compiled)
  }

  deinit {
    cre2_free(pattern)
  }

  /// Whether the expression matches anywhere in the text.
  public func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.withMemoryRebound(to: CChar.self) { cre2_match(pattern, $0.baseAddress, $0.count, 0, nil, 0) }
  }

  /// The first match that begins at or after an offset: where it stands, then where each group does; nil for a group
  /// that took no part. Nil where there is no match, or no such offset.
  ///
  /// What stands before `from` is context for `^` and `\b`. An empty match is a match: who looks for the next one has
  /// to step over it.
  public func firstMatch(in bytes: UnsafeBufferPointer<UInt8>, from: Int = 0) -> [Range<Int>?]? {
    guard from >= 0, from <= bytes.count else { return nil }
    var spans = [Int](repeating: -1, count: 2 * (groupCount + 1))
    let found = bytes.withMemoryRebound(to: CChar.self) {
      cre2_match(pattern, $0.baseAddress, $0.count, from, &spans, groupCount + 1)
    }
    guard found else { return nil }
    return (0...groupCount).map { spans[2 * $0] < 0 ? nil : spans[2 * $0]..<spans[2 * $0 + 1] }
  }
}
