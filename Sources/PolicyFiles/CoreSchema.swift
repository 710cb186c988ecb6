import Wire

/// What a plain scalar means by the core schema of YAML 1.2.2, section 10.3.2.
enum CoreSchema {
  enum Value: Sendable {
    case null
    case bool(Bool)
    case number(ExactNumber)
    case string(String)
  }

  enum Resolution {
    case value(Value)
    /// `.inf`, `.nan`, or more than a double can hold.
    case numberOutOfRange
  }

  static func resolve(plain text: String) -> Resolution {
    switch text {
    case "", "~", "null", "Null", "NULL": return .value(.null)
    case "true", "True", "TRUE": return .value(.bool(true))
    case "false", "False", "FALSE": return .value(.bool(false))
    default: break
    }
    guard let first = text.utf8.first, isNumberStart(first) else { return .value(.string(text)) }
    let bytes = Array(text.utf8)
    if isSpecialFloat(text) { return .numberOutOfRange }
    if let number = prefixed(bytes) { return .value(.number(number)) }
    guard let literal = literal(bytes) else { return .value(.string(text)) }
    // Operands meet the numbers of messages: what no message can hold, no policy can.
    guard (try? JSONTape(literal, depth: 1)) != nil, let number = ExactNumber(literal: literal) else {
      return .numberOutOfRange
    }
    return .value(.number(number))
  }

  /// Whether a number is written with a zero before its other digits, which YAML 1.1 took for octal.
  static func hasLeadingZero(_ text: String) -> Bool {
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    return digits.count > 1 && digits.first == UInt8(ascii: "0") && digits.allSatisfy(isDigit)
  }

  /// Whether a reader of YAML 1.1, as Intercept has one, takes a plain text for another number than this one does:
  /// `0777`, `1_000`, `0b11`.
  static func isReadDifferently(_ text: String) -> Bool {
    if hasLeadingZero(text) { return true }
    var digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    guard let first = digits.first, isDigit(first) else { return false }
    if digits.starts(with: "0b".utf8) || digits.starts(with: "0x".utf8) || digits.starts(with: "0o".utf8) {
      if !digits.starts(with: "0b".utf8), !digits.contains(UInt8(ascii: "_")) { return false }
      digits = digits.dropFirst(2)
      return !digits.isEmpty && digits.allSatisfy { isDigit($0) || $0 | 0x20 &- 0x61 < 6 || $0 == UInt8(ascii: "_") }
    }
    return digits.contains(UInt8(ascii: "_"))
      && digits.allSatisfy { isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") }
  }

  private static func isNumberStart(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func isSpecialFloat(_ text: String) -> Bool {
    var rest = text[...]
    if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
    switch rest {
    case ".inf", ".Inf", ".INF": return true
    case ".nan", ".NaN", ".NAN": return rest.startIndex == text.startIndex
    default: return false
    }
  }

  /// `0o17` and `0x1F`, if they fit 64 bits; longer ones are strings.
  private static func prefixed(_ bytes: [UInt8]) -> ExactNumber? {
    guard bytes.count > 2, bytes[0] == UInt8(ascii: "0") else { return nil }
    let radix: Int
    switch bytes[1] {
    case UInt8(ascii: "o"): radix = 8
    case UInt8(ascii: "x"): radix = 16
    default: return nil
    }
    guard bytes[2] != UInt8(ascii: "+"), bytes[2] != UInt8(ascii: "-") else { return nil }
    return UInt64(String(decoding: bytes[2...], as: UTF8.self), radix: radix).map { ExactNumber($0) }
  }

  /// The JSON literal of `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`; nil where it is none.
  private static func literal(_ bytes: [UInt8]) -> [UInt8]? {
    var rest = bytes[...]
    var literal: [UInt8] = []
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      if sign == UInt8(ascii: "-") { literal.append(sign) }
      rest = rest.dropFirst()
    }
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    let significant = whole.drop { $0 == UInt8(ascii: "0") }
    literal.append(contentsOf: significant.isEmpty ? [UInt8(ascii: "0")] : significant)
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      let fraction = rest.prefix(while: isDigit)
      rest = rest.dropFirst(fraction.count)
      if fraction.isEmpty, whole.isEmpty { return nil }
      if !fraction.isEmpty { literal.append(contentsOf: [UInt8(ascii: ".")] + fraction) }
    } else if whole.isEmpty {
      return nil
    }
    if rest.isEmpty { return literal }
    guard rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") else { return nil }
    literal.append(UInt8(ascii: "e"))
    rest = rest.dropFirst()
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      literal.append(sign)
      rest = rest.dropFirst()
    }
    guard !rest.isEmpty, rest.allSatisfy(isDigit) else { return nil }
    return literal + rest
  }
}
