/// Expressions as JSON Schema has them (ECMA-262, with `u`), spelt as RE2 spells them.
///
/// What both spell alike stays as it is; what RE2 spells otherwise is translated; what RE2 lacks, it refuses itself. What
/// RE2 would take for something else is refused here.
enum ECMAPattern {
  /// - Throws: what has no counterpart.
  static func translated(_ pattern: String) throws(RegularExpression.Problem) -> String {
    var output = String.UnicodeScalarView()
    var input = Substring(pattern).unicodeScalars
    var isInClass = false
    while let scalar = input.popFirst() {
      switch scalar {
      case "\\": output.append(contentsOf: try escape(&input, isInClass: isInClass).unicodeScalars)
      case "[" where isInClass: output.append(contentsOf: "\\[".unicodeScalars)
      case "[":
        isInClass = true
        output.append(scalar)
        if input.first == "^" { output.append(input.removeFirst()) }
        // An empty class matches nothing, or with ^ everything; RE2 takes the bracket for a member.
        if input.first == "]" {
          throw RegularExpression.Problem(message: "a class of characters has none")
        }
      case "]":
        isInClass = false
        output.append(scalar)
      case "(" where !isInClass:
        output.append(scalar)
        guard input.first == "?" else { continue }
        output.append(input.removeFirst())
        switch input.first {
        case ":": break
        case "<" where input.dropFirst().first != "=" && input.dropFirst().first != "!": output.append("P")
        case let kind:
          let shown = kind.map { "(?\(Character($0))" } ?? "(?"
          throw RegularExpression.Problem(message: "\(shown) is not to be had")
        }
      default: output.append(scalar)
      }
    }
    return String(output)
  }

  private static func escape(
    _ input: inout Substring.UnicodeScalarView, isInClass: Bool
  ) throws(RegularExpression.Problem) -> String {
    guard let kind = input.popFirst() else { throw RegularExpression.Problem(message: "trailing \\") }
    switch kind {
    case "p", "P": return "\\\(Character(kind))\(property(&input))"
    case "d", "D", "w", "W", "f", "n", "r", "t", "v": return "\\\(Character(kind))"
    case "b": return isInClass ? "\\x08" : "\\b"
    case "B" where !isInClass: return "\\B"
    case "s": return isInClass ? space : "[\(space)]"
    case "S":
      if isInClass { throw RegularExpression.Problem(message: "\\S in a class of characters is not to be had") }
      return "[^\(space)]"
    case "0" where !(input.first.map { "0"..."9" ~= $0 } ?? false): return "\\x00"
    case "c":
      guard let letter = input.popFirst(), letter.isASCII, letter.properties.isAlphabetic else { break }
      return "\\x{\(String(letter.value & 0x1F, radix: 16))}"
    case "x":
      guard let unit = hexadecimal(&input, 2) else { break }
      return "\\x{\(String(unit, radix: 16))}"
    case "u":
      if input.first == "{" {
        let digits = input.dropFirst().prefix { $0 != "}" }
        guard let unit = UInt32(String(digits), radix: 16), Unicode.Scalar(unit) != nil else { break }
        input = input.dropFirst(digits.count + 2)
        return "\\x{\(String(unit, radix: 16))}"
      }
      guard var unit = hexadecimal(&input, 4) else { break }
      if unit & 0xFC00 == 0xD800 {
        guard input.popFirst() == "\\", input.popFirst() == "u", let low = hexadecimal(&input, 4),
          low & 0xFC00 == 0xDC00
        else { break }
        unit = 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
      }
      return "\\x{\(String(unit, radix: 16))}"
    case _ where kind.isASCII && !kind.properties.isAlphabetic && !("0"..."9" ~= kind): return "\\\(Character(kind))"
    default: break
    }
    throw RegularExpression.Problem(message: "invalid escape sequence: \\\(Character(kind))")
  }

  private static func hexadecimal(_ input: inout Substring.UnicodeScalarView, _ count: Int) -> UInt32? {
    let digits = input.prefix(count)
    guard digits.count == count, digits.allSatisfy(\.properties.isASCIIHexDigit) else { return nil }
    input = input.dropFirst(count)
    return UInt32(String(digits), radix: 16)
  }

  /// `{Letter}`: RE2 knows general categories by their short names alone.
  private static func property(_ input: inout Substring.UnicodeScalarView) -> String {
    guard input.first == "{" else { return "" }
    let name = String(input.dropFirst().prefix { $0 != "}" })
    guard let category = categories[name] else { return "" }
    input = input.dropFirst(name.unicodeScalars.count + 2)
    return "{\(category)}"
  }

  private static let categories = [
    "Letter": "L", "Lowercase_Letter": "Ll", "Uppercase_Letter": "Lu", "Titlecase_Letter": "Lt",
    "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M", "Number": "N", "Decimal_Number": "Nd", "digit": "Nd",
    "Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P", "punct": "P", "Symbol": "S", "Separator": "Z",
    "Space_Separator": "Zs", "Control": "Cc", "cntrl": "Cc",
  ]

  /// What `\s` means: ECMA-262, WhiteSpace and LineTerminator.
  private static let space =
    #"\t\n\v\f\r\x{20}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"#
}
