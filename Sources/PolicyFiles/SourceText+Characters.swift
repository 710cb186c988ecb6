extension SourceText {
  /// Whether the text can be given to a YAML reader: UTF-8 of printable characters, in which every reader sees the same
  /// lines, and without directives. Notes the first place at which it is not.
  func isReadable(report: inout Report) -> Bool {
    if bytes.count > SourceText.limit {
      report.note(
        .policyTooLarge, at: .start, "the policy is larger than \(SourceText.limit >> 20) MiB",
        hint: "split it: one policy for each server")
      return false
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      report.note(.notUTF8, at: .start, "this is UTF-16", hint: "save the file as UTF-8")
      return false
    }
    var position = Position.start
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case 0x0A:
        position = Position(line: position.line + 1, column: 1)
        index += 1
        continue
      case 0x09, 0x20...0x7E:
        if byte == UInt8(ascii: "%"), position.column == 1, isDirective(at: index) {
          report.note(
            .directive, at: position, "a policy has no directives", hint: "it is always YAML 1.2: remove the line")
          return false
        }
        index += 1
      case 0x0D where index + 1 < bytes.count && bytes[index + 1] == 0x0A:
        index += 1
      case 0x80...0xFF:
        guard let (scalar, length) = scalar(at: index) else {
          report.note(.notUTF8, at: position, "this is not UTF-8", hint: "save the file as UTF-8")
          return false
        }
        if SourceText.isForbidden(scalar) { return forbid(scalar, at: position, report: &report) }
        index += length
      default:
        return forbid(Unicode.Scalar(byte), at: position, report: &report)
      }
      position.column += 1
    }
    return true
  }

  private func forbid(_ scalar: Unicode.Scalar, at position: Position, report: inout Report) -> Bool {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let code = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let what =
      switch scalar.value {
      case 0: "a zero byte: this is no text"
      case 0x0D: "a carriage return that ends no line"
      case 0x85, 0x2028, 0x2029: "U+\(code), which YAML 1.1 takes for the end of a line and YAML 1.2 does not"
      case 0x202A...0x202E, 0x2066...0x2069: "U+\(code), which shows the text in another order than it stands in"
      default: "the control character U+\(code)"
      }
    report.note(
      .forbiddenCharacter, at: position, what,
      hint: scalar.value == 0 ? "save the file as UTF-8" : "in double quotes it can be written as \\u\(code)")
    return false
  }

  private func isDirective(at index: Int) -> Bool {
    bytes[index...].starts(with: "%TAG".utf8) || bytes[index...].starts(with: "%YAML".utf8)
  }

  /// The code point that begins at `index`, and how many bytes it takes; nil where it is malformed.
  private func scalar(at index: Int) -> (Unicode.Scalar, Int)? {
    var decoder = UTF8()
    var rest = bytes[index..<min(index + 4, bytes.count)].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&rest) else { return nil }
    return (scalar, UTF8.width(scalar))
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x80...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}
