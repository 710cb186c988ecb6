import Wire

/// A second reader of strict JSON, written to be obviously right and nothing else: the oracle of the property tests.
///
/// It works on code points where the scanner works on bytes, and shares no code with it.
struct ReferenceReader {
  private var rest: ArraySlice<Unicode.Scalar>
  private let depthLimit: Int

  /// The value of the text; nil where it is not to be accepted.
  static func read(_ bytes: [UInt8], depth: Int = 64) -> JSON? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    var reader = ReferenceReader(rest: Array(text.unicodeScalars)[...], depthLimit: depth)
    reader.space()
    guard let value = reader.value(0) else { return nil }
    reader.space()
    return reader.rest.isEmpty ? value : nil
  }

  private mutating func space() {
    while let first = rest.first, [" ", "\n", "\r", "\t"].contains(first) { rest.removeFirst() }
  }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.unicodeScalars) else { return false }
    rest.removeFirst(text.unicodeScalars.count)
    return true
  }

  private mutating func value(_ depth: Int) -> JSON? {
    if take("null") { return .null }
    if take("true") { return .bool(true) }
    if take("false") { return .bool(false) }
    switch rest.first {
    case "\""?: return string().map { .string($0) }
    case "["?: return depth < depthLimit ? array(depth + 1) : nil
    case "{"?: return depth < depthLimit ? object(depth + 1) : nil
    default: return number()
    }
  }

  private mutating func array(_ depth: Int) -> JSON? {
    rest.removeFirst()
    var elements: [JSON] = []
    space()
    if take("]") { return .array([]) }
    while true {
      space()
      guard let element = value(depth) else { return nil }
      elements.append(element)
      space()
      if take("]") { return .array(elements) }
      guard take(",") else { return nil }
    }
  }

  private mutating func object(_ depth: Int) -> JSON? {
    rest.removeFirst()
    var members: [(name: Name, value: JSON)] = []
    var names: Set<[UInt32]> = []
    space()
    if take("}") { return .object([]) }
    while true {
      space()
      guard let name = string(), names.insert(name.unicodeScalars.map(\.value)).inserted else { return nil }
      space()
      guard take(":") else { return nil }
      space()
      guard let value = value(depth) else { return nil }
      members.append((Name(name), value))
      space()
      if take("}") { return .object(members) }
      guard take(",") else { return nil }
    }
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var units: [UInt16] = []
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"": return String(validating: units, as: UTF16.self)
      case "\\":
        guard let unit = escape() else { return nil }
        units.append(unit)
      case _ where scalar.value < 0x20: return nil
      default: units.append(contentsOf: String(scalar).utf16)
      }
    }
    return nil
  }

  private mutating func escape() -> UInt16? {
    let simple: [Unicode.Scalar: UInt16] = [
      "\"": 0x22, "\\": 0x5C, "/": 0x2F, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9,
    ]
    guard let kind = rest.popFirst() else { return nil }
    if let unit = simple[kind] { return unit }
    guard kind == "u", rest.count >= 4 else { return nil }
    let digits = String(String.UnicodeScalarView(rest.prefix(4)))
    rest.removeFirst(4)
    guard digits.unicodeScalars.allSatisfy({ $0.properties.isASCIIHexDigit }) else { return nil }
    return UInt16(digits, radix: 16)
  }

  private mutating func number() -> JSON? {
    let known = "+-.eE0123456789".unicodeScalars
    let text = String(String.UnicodeScalarView(rest.prefix { known.contains($0) }))
    guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else { return nil }
    rest.removeFirst(text.unicodeScalars.count)
    let mantissa = text.split(whereSeparator: { "eE".contains($0) })[0]
    guard let double = Double(text), double.isFinite else { return nil }
    if double == 0, mantissa.contains(where: { "123456789".contains($0) }) { return nil }
    return ExactNumber(text).map { .number($0) }
  }
}
