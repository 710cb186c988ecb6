/// A call of `require` with a name in quotes: `require("lib.hosts")`, `require "lib.hosts"`.
struct RequireCall: Equatable {
  var name: String
  /// Counted from 1; columns count code points, like all places.
  var position: Position
  /// Whether it stands in a function, and so need not be run when the text is.
  var isInFunction: Bool
}

/// Finds the calls of `require` in a Lua text: what looks like one in a comment or a string is none.
///
/// This reads tokens and what opens and closes blocks; that the text is Lua is for the compiler to say.
struct RequireCalls: Sequence, IteratorProtocol {
  private enum Token: Equatable {
    case name(String)
    /// What is in a string; nil where it has escapes, or no end.
    case string(String?)
    case other(UInt8)
  }

  private let text: [UInt8]
  private var index = 0
  private var position = Position.start
  /// Where the last token began.
  private var tokenStart = Position.start
  private var pushedBack: Token?
  /// For each open block whether it is a function's.
  private var blocks: [Bool] = []
  private var functions = 0

  /// The calls in a text.
  init(_ text: [UInt8]) {
    self.text = text
  }

  mutating func next() -> RequireCall? {
    var last: Token?
    while let token = nextToken() {
      defer { last = token }
      guard case .name(let word) = token else { continue }
      let start = tokenStart
      switch word {
      case "function": open(isFunction: true)
      case "do", "if", "repeat": open(isFunction: false)
      case "end", "until": if blocks.popLast() == true { functions -= 1 }
      case "require" where last != .other(UInt8(ascii: ".")) && last != .other(UInt8(ascii: ":")):
        if let name = argument() {
          return RequireCall(name: name, position: start, isInFunction: functions > 0)
        }
      default: break
      }
    }
    return nil
  }

  private mutating func open(isFunction: Bool) {
    blocks.append(isFunction)
    if isFunction { functions += 1 }
  }

  /// The one string that a call is given, with parentheses or without.
  private mutating func argument() -> String? {
    guard let first = nextToken() else { return nil }
    if case .string(let name) = first { return name }
    guard first == .other(UInt8(ascii: "(")), let second = nextToken() else {
      pushedBack = first
      return nil
    }
    if case .string(let name) = second { return name }
    pushedBack = second
    return nil
  }

  // MARK: Tokens

  private func byte(_ offset: Int = 0) -> UInt8? {
    index + offset < text.count ? text[index + offset] : nil
  }

  private mutating func advance() {
    if text[index] == UInt8(ascii: "\n") {
      position = Position(line: position.line + 1, column: 1)
    } else if text[index] & 0xC0 != 0x80 {
      position.column += 1
    }
    index += 1
  }

  private mutating func nextToken() -> Token? {
    if let token = pushedBack {
      pushedBack = nil
      return token
    }
    while let first = byte() {
      tokenStart = position
      switch first {
      case UInt8(ascii: "-") where byte(1) == first:
        advance()
        advance()
        if let level = longBracketLevel() { _ = longString(level) } else { skipLine() }
      case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(shortString(first))
      case UInt8(ascii: "["):
        if let level = longBracketLevel() { return .string(longString(level)) }
        advance()
        return .other(first)
      case _ where RequireCalls.isWord(first): return .name(word())
      case 0...0x20: advance()
      default:
        advance()
        return .other(first)
      }
    }
    return nil
  }

  private mutating func skipLine() {
    while let next = byte(), next != UInt8(ascii: "\n") { advance() }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  private mutating func word() -> String {
    let start = index
    while let next = byte(), RequireCalls.isWord(next) { advance() }
    return String(decoding: text[start..<index], as: UTF8.self)
  }

  /// What stands between the quotation marks; nil if there is an escape, or the line ends first.
  private mutating func shortString(_ quote: UInt8) -> String? {
    advance()
    let start = index
    var hasEscape = false
    while let next = byte(), next != quote, next != UInt8(ascii: "\n") {
      if next == UInt8(ascii: "\\") {
        hasEscape = true
        advance()
      }
      if byte() != nil { advance() }
    }
    let content = text[start..<index]
    guard byte() == quote else { return nil }
    advance()
    return hasEscape ? nil : String(decoding: content, as: UTF8.self)
  }

  /// How many equals signs there are in the long bracket that opens here; nil where none does.
  private func longBracketLevel() -> Int? {
    guard byte() == UInt8(ascii: "[") else { return nil }
    var level = 0
    while byte(level + 1) == UInt8(ascii: "=") { level += 1 }
    return byte(level + 1) == UInt8(ascii: "[") ? level : nil
  }

  private mutating func longString(_ level: Int) -> String {
    for _ in 0..<level + 2 { advance() }
    let close = [UInt8(ascii: "]")] + [UInt8](repeating: UInt8(ascii: "="), count: level) + [UInt8(ascii: "]")]
    let start = index
    while byte() != nil {
      if byte() == close[0], text[index...].starts(with: close) {
        let content = text[start..<index]
        for _ in close { advance() }
        return String(decoding: content, as: UTF8.self)
      }
      advance()
    }
    return String(decoding: text[start...], as: UTF8.self)
  }
}
