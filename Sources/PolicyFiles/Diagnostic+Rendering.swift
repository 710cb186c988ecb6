import Policy

extension Diagnostic {
  /// The longest part of a source line that is shown, in columns.
  private static let shownWidth = 100

  /// The diagnostic for people, without a final line break:
  ///
  /// ```text
  /// policy.yaml:4:7: error: unknown key "requre" in a rule [MG2002]
  ///       requre:
  ///       ^
  ///   did you mean "require"?
  /// ```
  public func rendered(colour: Bool) -> String {
    func styled(_ text: String, _ style: String) -> String {
      colour ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
    }
    let word = styled("\(severity.rawValue):", severity == .error ? "1;31" : "1;33")
    var result = "\(styled("\(place):", "1")) \(word) \(message) [\(code)]"
    if let sourceLine, let excerpt = Diagnostic.excerpt(of: sourceLine, around: place.column) {
      result += "\n  \(excerpt.text)\n  \(String(repeating: " ", count: excerpt.caret))\(styled("^", "1;32"))"
    }
    if let hint { result += "\n  \(styled(hint, "36"))" }
    return result
  }

  /// What is shown of a line, and how many columns of it stand before the code point in question.
  private static func excerpt(of line: String, around column: Int) -> (text: String, caret: Int)? {
    let scalars = line.unicodeScalars
    let target = index(ofColumn: column, in: line)
    var start = target
    var before = 0
    while start > scalars.startIndex {
      let previous = scalars.index(before: start)
      let width = columns(scalars[previous])
      if before + width > shownWidth * 3 / 4 { break }
      before += width
      start = previous
    }
    var text = start > scalars.startIndex ? "…" : ""
    var width = 0
    for scalar in scalars[start...] {
      width += columns(scalar)
      if width > shownWidth {
        text += "…"
        break
      }
      text += shown(scalar)
    }
    if text.unicodeScalars.allSatisfy({ $0 == " " }) { return nil }
    return (text, before + (start > scalars.startIndex ? 1 : 0))
  }

  /// Where a column begins, or the end of the line. Goes over bytes: lines of millions of them are looked at often.
  private static func index(ofColumn column: Int, in line: String) -> String.Index {
    var line = line
    let offset = line.withUTF8 { bytes in
      var left = max(column - 1, 0)
      var index = 0
      while index < bytes.count, left > 0 || bytes[index] & 0xC0 == 0x80 {
        if bytes[index] & 0xC0 != 0x80 { left -= 1 }
        index += 1
      }
      return index
    }
    return line.utf8.index(line.startIndex, offsetBy: offset)
  }

  private static func shown(_ scalar: Unicode.Scalar) -> String {
    scalar == "\t" ? String(repeating: " ", count: Terminal.tabWidth) : Terminal.visible(scalar)
  }

  private static func columns(_ scalar: Unicode.Scalar) -> Int {
    if scalar == "\t" { return Terminal.tabWidth }
    let visible = Terminal.visible(scalar).unicodeScalars
    return visible.count > 1 ? visible.count : Terminal.width(of: scalar)
  }
}
