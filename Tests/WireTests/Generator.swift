import Randomness

extension Random {
  mutating func chance(_ part: Int, in whole: Int) -> Bool { below(whole) < part }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

/// Makes JSON texts: right ones in every spelling, and wrong ones by small changes.
struct TextGenerator {
  var random: Random

  init(seed: UInt64) {
    random = Random(seed: seed)
  }

  static let words = [
    "", "a", "name", "Name", "jsonrpc", "method", "tools/call", "waves at dusk", "é", "e\u{301}", "日本語", "𝄞", "\u{7F}",
    "\u{2028}", "\u{200B}x", "ſ", "K", "</script>", "\u{FFFD}", "\u{10FFFF}", "https://example.com/?q=1#f", "\u{E000}",
  ]

  static let numbers = [
    "0", "-0", "1", "-1", "10", "1.0", "1e0", "1E+2", "1e-2", "0.1", "-0.001", "123456789012345678901234567890",
    "1e308",
    "9007199254740993", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "3.14159265358979",
    "5e-324", "2.2250738585072014e-308", "0e400", "1.7976931348623157e308", "0.30000000000000004",
    "100000000000000000000e-20",
  ]

  mutating func space() -> String {
    random.chance(9, in: 10) ? "" : random.pick([" ", "\n", "\t", "\r", "  ", " \n "])
  }

  /// A string literal, its characters escaped or not as chance has it.
  mutating func string(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case "/" where random.chance(1, in: 4): literal += "\\/"
      case _ where scalar.value < 0x20 || random.chance(1, in: 12):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16, uppercase: random.chance(1, in: 2))
          literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }

  mutating func text() -> String {
    var text = ""
    for _ in 0..<random.below(4) {
      text += random.pick(TextGenerator.words) + random.pick(["", " ", "\n", "\"", "\\", "\t"])
    }
    return text
  }

  mutating func number() -> String {
    if random.chance(1, in: 3) { return random.pick(TextGenerator.numbers) }
    var literal = random.chance(1, in: 3) ? "-" : ""
    literal += String(random.next() >> UInt64(random.below(64)))
    if random.chance(1, in: 3) { literal += "." + String(random.below(100_000)) }
    if random.chance(1, in: 4) {
      literal += random.pick(["e", "E"]) + random.pick(["", "+", "-"]) + String(random.below(280))
    }
    return literal
  }

  /// A value nested at most `depth` deep.
  mutating func value(depth: Int) -> String {
    switch random.below(depth > 0 ? 8 : 5) {
    case 0: random.pick(["true", "false", "null"])
    case 1, 2: number()
    case 3, 4: string(text())
    case 5: array(depth: depth)
    default: object(depth: depth)
    }
  }

  mutating func array(depth: Int) -> String {
    let elements = (0..<random.below(5)).map { _ in space() + value(depth: depth - 1) + space() }
    return "[" + (elements.isEmpty ? space() : elements.joined(separator: ",")) + "]"
  }

  /// Names are those of a small set now and then, so that some objects have one twice.
  mutating func object(depth: Int) -> String {
    let members = (0..<random.below(random.chance(1, in: 20) ? 40 : 5)).map { position in
      let name = random.chance(1, in: 6) ? random.pick(TextGenerator.words) : "m\(position)" + text()
      return space() + string(name) + space() + ":" + space() + value(depth: depth - 1) + space()
    }
    return "{" + (members.isEmpty ? space() : members.joined(separator: ",")) + "}"
  }

  /// The text with a few bytes changed, dropped, doubled or swapped for others that matter.
  mutating func mutated(_ text: [UInt8]) -> [UInt8] {
    var text = text
    for _ in 0...random.below(3) where !text.isEmpty {
      let place = random.below(text.count)
      switch random.below(6) {
      case 0: text.remove(at: place)
      case 1: text.insert(text[place], at: place)
      case 2: text[place] = UInt8(truncatingIfNeeded: random.next())
      case 3: text.insert(contentsOf: Array(random.pick(TextGenerator.hostile).utf8), at: place)
      case 4: text.removeSubrange(place...)
      default: text[place] = random.pick(Array("{}[]\",:\\0123456789.eE+-truefalsn/u \u{1}".utf8))
      }
    }
    return text
  }

  static let hostile = [
    "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\u0000", "\\x41", "\u{FEFF}", "NaN", "Infinity", "-", "01", "1.", ".5",
    "1e",
    "0x1", ",", ",]", "//c", "/**/", "'", "\u{0}", "\u{1F}", "\u{7F}", "nul", "\\", "\\u12", "1e400", "-1e309",
    "1e-400",
    "\"a\":1,\"a\":2", "{\"\\u0061\":1,\"a\":2}", "[[[[[[[[[[", "]]", "}", "\u{85}", "+1", "tru", "True",
  ]
}
