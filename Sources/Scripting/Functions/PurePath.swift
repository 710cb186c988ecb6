/// A POSIX path as text, in the one spelling that leads nowhere else: nothing here looks at a file system.
///
/// A path that one program reads differently from another is none: one with a NUL, a backslash (a separator to some), an
/// escape of a dot, a slash, a backslash, a NUL or a percent sign (decoded by some, perhaps twice), two slashes at its
/// beginning (a network's name to some), a tilde there (somebody's home), a drive's letter, or bytes that are not UTF-8.
struct PurePath: Equatable {
  /// Why a text is no such path: completes the sentence "the path …".
  struct Problem: Error, Equatable {
    let description: String
  }

  /// Whether it begins at the root of the file system.
  let isAbsolute: Bool
  /// Its segments. `..` stands only at the beginning of a path that is not absolute.
  let segments: [Substring]

  /// Reads a path and resolves its `.`, `..` and empty segments.
  init(_ bytes: some Collection<UInt8>) throws(Problem) {
    guard !bytes.isEmpty else { throw Problem(description: "is empty") }
    guard !bytes.contains(0) else { throw Problem(description: "has a NUL in it") }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Problem(description: "is not UTF-8") }
    if text.utf8.contains(UInt8(ascii: "\\")) { throw Problem(description: "has a backslash in it") }
    try PurePath.refuseEscapes(text)
    // By bytes: to `hasPrefix` a slash with a combining mark is another character.
    let start = Array(text.utf8.prefix(2))
    let slash = UInt8(ascii: "/")
    if start == [slash, slash] { throw Problem(description: "begins with two slashes") }
    if start[0] == UInt8(ascii: "~") { throw Problem(description: "begins with a tilde") }
    if start.count == 2, start[1] == UInt8(ascii: ":"), (start[0] | 0x20) &- UInt8(ascii: "a") < 26 {
      throw Problem(description: "begins with a drive's letter")
    }
    isAbsolute = start[0] == slash
    var segments: [Substring] = []
    for segment in text.utf8.split(separator: slash).map({ Substring($0) }) {
      switch Array(segment.utf8) {
      case [UInt8(ascii: ".")]: continue
      case [UInt8(ascii: "."), UInt8(ascii: ".")]:
        if let last = segments.last, last != ".." {
          segments.removeLast()
        } else if isAbsolute {
          throw Problem(description: "climbs above /")
        } else {
          segments.append(segment)
        }
      default: segments.append(segment)
      }
    }
    self.segments = segments
  }

  private static func refuseEscapes(_ text: String) throws(Problem) {
    let refused: [[UInt8]] = ["00", "25", "2e", "2f", "5c"].map { Array($0.utf8) }
    let bytes = Array(text.utf8)
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "%") {
      guard refused.contains(bytes[(index + 1)...].prefix(2).map { $0 | 0x20 }) else { continue }
      let escape = String(decoding: bytes[index..<index + 3], as: UTF8.self)
      throw Problem(description: "has \(escape) in it, which some programs decode")
    }
  }

  /// The path without anything that could be left out; `.` where nothing is left.
  var text: String {
    let joined = segments.joined(separator: "/")
    return isAbsolute ? "/" + joined : joined.isEmpty ? "." : joined
  }

  /// Whether the path, which begins at `root` if it is not absolute, is `root` or lies below it.
  func isWithin(_ root: PurePath) -> Bool {
    guard isAbsolute else { return segments.first != ".." }
    return segments.count >= root.segments.count
      && zip(segments, root.segments).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
  }
}
