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
    let scalars = Array(line.unicodeScalars)
    let target = min(max(column - 1, 0), scalars.count)
    var start = 0
    var before = 0
    for index in 0..<target { before += columns(scalars[index]) }
    while before > shownWidth * 3 / 4 {
      before -= columns(scalars[start])
      start += 1
    }
    var text = start > 0 ? "…" : ""
    var width = 0
    for index in start..<scalars.count {
      width += columns(scalars[index])
      if width > shownWidth {
        text += "…"
        break
      }
      text += shown(scalars[index])
    }
    if text.unicodeScalars.allSatisfy({ $0 == " " }) { return nil }
    return (text, before + (start > 0 ? 1 : 0))
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
