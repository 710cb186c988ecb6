/// Looks in a regular expression for anchors that hold less than they seem to.
struct AnchorReader {
  enum Looseness {
    /// `^a|b$`: the anchors belong to some of the alternatives.
    case alternation
    /// `(?m)^a$`: the anchors are those of a line.
    case lines
  }

  /// The expression without the flags that it begins with.
  private let body: [UInt8]
  private let flags: [UInt8]

  init(_ pattern: String) {
    let bytes = Array(pattern.utf8)
    let opening = Array("(?".utf8)
    guard bytes.starts(with: opening), let end = bytes.firstIndex(of: UInt8(ascii: ")")),
      bytes[2..<end].allSatisfy({ UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || $0 == UInt8(ascii: "U") })
    else {
      body = bytes
      flags = []
      return
    }
    flags = Array(bytes[2..<end])
    body = Array(bytes[(end + 1)...])
  }

  /// In what way the anchors are loose; nil where they are not, or where there are none.
  var looseness: Looseness? {
    let alternatives = alternatives
    let (begins, ends) = (alternatives.map(beginsAnchored), alternatives.map(endsAnchored))
    let anchors = body.contains(UInt8(ascii: "^")) || body.contains(UInt8(ascii: "$"))
    if flags.contains(UInt8(ascii: "m")), anchors, begins.contains(true) || ends.contains(true) { return .lines }
    guard alternatives.count > 1, Set(begins).count > 1 || Set(ends).count > 1 else { return nil }
    return .alternation
  }

  private func beginsAnchored(_ range: Range<Int>) -> Bool {
    body[range].first == UInt8(ascii: "^") || body[range].starts(with: "\\A".utf8)
  }

  /// A backslash before the last character makes that one a plain one, unless it is itself behind another.
  private func endsAnchored(_ range: Range<Int>) -> Bool {
    if body[range].suffix(2).elementsEqual("\\z".utf8) { return true }
    guard body[range].last == UInt8(ascii: "$") else { return false }
    let backslashes = body[range].dropLast().reversed().prefix { $0 == UInt8(ascii: "\\") }.count
    return backslashes.isMultiple(of: 2)
  }

  /// What stands between the `|` that are in no group and no class.
  private var alternatives: [Range<Int>] {
    var found: [Range<Int>] = []
    var (start, depth, inClass) = (0, 0, false)
    var index = 0
    while index < body.count {
      switch body[index] {
      case UInt8(ascii: "\\"): index += 1
      case UInt8(ascii: "["): inClass = true
      case UInt8(ascii: "]"): inClass = false
      case UInt8(ascii: "(") where !inClass: depth += 1
      case UInt8(ascii: ")") where !inClass: depth -= 1
      case UInt8(ascii: "|") where !inClass && depth == 0:
        found.append(start..<index)
        start = index + 1
      default: break
      }
      index += 1
    }
    found.append(start..<body.count)
    return found
  }
}
