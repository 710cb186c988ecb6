extension Report {
  /// Notes where a text stops being YAML, in words that say what to do.
  mutating func note(_ failure: YAMLEvents.Failure, in source: SourceText) {
    // At its end libyaml begins a line that the text does not have.
    let place = source.within(failure.position)
    let began = failure.contextPosition
    switch (failure.context ?? "", failure.problem) {
    case (_, "found character that cannot start any token"):
      noteStray(at: place, in: source)
    case (_, let problem) where problem.hasPrefix("found a tab character"):
      note(.tabIndentation, at: place, "a tab in the indentation", hint: "indent with spaces")
    case ("while scanning an alias", _), ("while scanning an anchor", _):
      noteStray(at: began, in: source)
    case ("while scanning a quoted scalar", "found unexpected end of stream"),
      ("while scanning a quoted scalar", "found unexpected document indicator"):
      note(.yamlSyntax, at: began, "these quotes are never closed")
    case (_, "found unknown escape character"):
      note(
        .yamlSyntax, at: place, "an escape that double quotes do not know",
        hint: "in single quotes a backslash is an ordinary character")
    case (_, "mapping values are not allowed in this context"):
      note(
        .yamlSyntax, at: place, "a \":\" where YAML expects none",
        hint: "quote a value that holds \": \", or check the indentation")
    case (_, "did not find expected ',' or ']'"):
      note(
        .yamlSyntax, at: place, "a \",\" or \"]\" is missing", hint: "the list begins on line \(began.line)")
    case (_, "did not find expected ',' or '}'"):
      note(
        .yamlSyntax, at: place, "a \",\" or \"}\" is missing", hint: "the map begins on line \(began.line)")
    case (_, "could not find expected ':'"):
      note(
        .yamlSyntax, at: began, "a \":\" is missing after this key",
        hint: "check the indentation, and quotes that are still open")
    case (_, "did not find expected key"):
      note(
        .yamlSyntax, at: place, "YAML expects a key of the map that begins on line \(began.line)",
        hint: "indent this line as the other keys of that map")
    case (_, "did not find expected '-' indicator"):
      note(
        .yamlSyntax, at: place, "YAML expects a \"- \" entry of the list that begins on line \(began.line)",
        hint: "indent this line as the list's entries, or as their content")
    case (_, "block sequence entries are not allowed in this context"):
      note(.yamlSyntax, at: place, "a list may not begin here", hint: "begin it on a line of its own")
    case (_, "did not find expected <document start>"):
      note(.yamlSyntax, at: place, "something follows the end of the policy", hint: "check the indentation")
    default:
      note(.yamlSyntax, at: place, failure.problem)
    }
  }

  /// Notes a character that cannot begin a value as it stands.
  private mutating func noteStray(at position: Position, in source: SourceText) {
    let line = source.lines([position.line])[position.line] ?? ""
    let scalar = line.unicodeScalars.dropFirst(position.column - 1).first
    if scalar == "\t" {
      note(.tabIndentation, at: position, "a tab in the indentation", hint: "indent with spaces")
      return
    }
    let character = scalar.map { Terminal.visible($0) } ?? ""
    note(
      .unquotedIndicator, at: position, "a value that begins with \"\(character)\" needs quotes",
      hint: "write it in quotes, like \"*\"")
  }
}
