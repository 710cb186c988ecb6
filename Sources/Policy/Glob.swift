/// A shell pattern over code points: `*` is any run of them, `?` is one, `[a-z]` a class, `\` takes the next literally.
struct Glob: Sendable, Hashable {
  enum Token: Sendable, Hashable {
    /// Exactly these UTF-8 bytes.
    case literal([UInt8])
    case one
    case run
    case oneOf(Class)
  }

  /// Some of all code points.
  struct Class: Sendable, Hashable {
    let ranges: [ClosedRange<UInt32>]
    let isNegated: Bool

    static let everything = Class(ranges: [], isNegated: true)

    func contains(_ scalar: UInt32) -> Bool {
      for range in ranges where range.contains(scalar) { return !isNegated }
      return isNegated
    }
  }

  let tokens: [Token]

  /// Compiles a pattern.
  ///
  /// - Throws: an unclosed or empty class, a range from high to low, or a trailing backslash.
  init(_ text: String) throws(OperandError) {
    var tokens: [Token] = []
    var literal: [UInt8] = []
    var rest = text.unicodeScalars[...]
    func flush() {
      if !literal.isEmpty { tokens.append(.literal(literal)) }
      literal = []
    }
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*":
        flush()
        if tokens.last != .run { tokens.append(.run) }
      case "?":
        flush()
        tokens.append(.one)
      case "[":
        flush()
        tokens.append(try Glob.characterClass(&rest))
      case "\\":
        guard let next = rest.popFirst() else {
          throw OperandError("the pattern ends in a backslash", hint: "\\\\ for a backslash itself")
        }
        literal.append(contentsOf: UTF8.encode(next) ?? UTF8.encodedReplacementCharacter)
      default:
        literal.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    flush()
    self.tokens = tokens
  }

  /// What follows `[`: `!` or `^` negates, a `]` that comes first is itself, `a-z` is a range.
  private static func characterClass(_ rest: inout Substring.UnicodeScalarView) throws(OperandError) -> Token {
    let negated = rest.first == "!" || rest.first == "^"
    if negated { rest.removeFirst() }
    var ranges: [ClosedRange<UInt32>] = []
    var isFirst = true
    while true {
      guard let scalar = rest.popFirst() else { throw unclosed }
      if scalar == "]", !isFirst { return .oneOf(Class(ranges: ranges, isNegated: negated)) }
      isFirst = false
      let low = try literally(scalar, &rest)
      var high = low
      if rest.first == "-", rest.dropFirst().first != "]", rest.count > 1 {
        rest.removeFirst()
        guard let end = rest.popFirst() else { throw unclosed }
        high = try literally(end, &rest)
      }
      guard low.value <= high.value else {
        throw OperandError("the range \(low)-\(high) in the pattern runs from high to low")
      }
      ranges.append(low.value...high.value)
    }
  }

  private static let unclosed = OperandError("a [ in the pattern is not closed", hint: "\\[ for a bracket itself")

  private static func literally(
    _ scalar: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView
  ) throws(OperandError) -> Unicode.Scalar {
    guard scalar == "\\" else { return scalar }
    guard let next = rest.popFirst() else { throw unclosed }
    return next
  }

  /// The one text that the pattern matches, where it is no pattern but a text.
  var exact: [UInt8]? {
    switch tokens.count {
    case 0: []
    case 1: if case .literal(let bytes) = tokens[0] { bytes } else { nil }
    default: nil
    }
  }

  /// Whether every text matches.
  var isEverything: Bool { tokens == [.run] }

  /// Whether the UTF-8 text matches, in time of at most its length times the pattern's.
  func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var token = 0
    var position = 0
    // Where to try again: after the last run, one code point further each time. An earlier run never needs another try.
    var retry: (token: Int, position: Int)?
    while true {
      if token == tokens.count {
        if position == text.count { return true }
      } else if case .run = tokens[token] {
        token += 1
        if token == tokens.count { return true }
        retry = (token, position)
        continue
      } else if let next = step(tokens[token], text, position) {
        token += 1
        position = next
        continue
      }
      guard let last = retry, last.position < text.count else { return false }
      let next = last.position + Glob.length(text[last.position])
      retry = (last.token, next)
      (token, position) = (last.token, next)
    }
  }

  private func step(_ token: Token, _ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int? {
    switch token {
    case .run: return position
    case .one: return position < text.count ? position + Glob.length(text[position]) : nil
    case .literal(let bytes):
      guard text.count - position >= bytes.count else { return nil }
      for offset in bytes.indices where text[position + offset] != bytes[offset] { return nil }
      return position + bytes.count
    case .oneOf(let members):
      guard position < text.count else { return nil }
      let length = Glob.length(text[position])
      return members.contains(Glob.scalar(text, position, length)) ? position + length : nil
    }
  }

  /// How long the code point is that begins with this byte. The text is UTF-8.
  static func length(_ lead: UInt8) -> Int {
    switch lead {
    case 0..<0xC0: 1
    case 0xC0..<0xE0: 2
    case 0xE0..<0xF0: 3
    default: 4
    }
  }

  /// The code point of that length that begins there.
  static func scalar(_ text: UnsafeBufferPointer<UInt8>, _ position: Int, _ length: Int) -> UInt32 {
    let lead = UInt32(text[position])
    guard length > 1, position + length <= text.count else { return lead }
    let mask: UInt32 = length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07
    return (1..<length).reduce(lead & mask) { $0 << 6 | UInt32(text[position + $1] & 0x3F) }
  }
}
