import Wire

/// `minLength`, `maxLength`, `pattern` and `format`: of strings, by code point.
enum StringKeywords {
  static func compile(
    _ schema: SchemaObject, _ compiler: inout SchemaCompiler
  ) throws(OperandError) -> [any SchemaKeyword] {
    var keywords: [any SchemaKeyword] = []
    let least = try schema.count("minLength")
    let most = try schema.count("maxLength")
    if least != nil || most != nil { keywords.append(Lengths(least: least ?? 0, most: most ?? .max)) }
    if let text = try schema.text("pattern") {
      keywords.append(Pattern(pattern: try schema.pattern(text, of: "pattern", &compiler)))
    }
    if let name = try schema.text("format") {
      if let format = Format.ofSchemas(named: name) {
        keywords.append(Formatted(format: format))
      } else if schema.reading == .strict {
        throw schema.wrong(
          "format", "there is no format \(Excerpt.quoted(name))",
          hint: Spelling.hint(for: name, among: Format.namesOfSchemas))
      }
    }
    return keywords
  }

  private struct Lengths: SchemaKeyword {
    let least: Int
    let most: Int

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .string else { return true }
      try run.spend(reading: value)
      let length = value.withText(Length.codePoints)
      if length < least {
        run.object("must be at least \(least) characters long; it has \(length)")
      } else if length > most {
        run.object("must be at most \(most) characters long; it has \(length)")
      }
      return least...most ~= length
    }
  }

  private struct Pattern: SchemaKeyword {
    let pattern: SchemaPattern

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .string else { return true }
      if try pattern.matches(value, &run) { return true }
      run.object("must match \(Excerpt.quoted(pattern.text)); \(SchemaRun.seen(value))")
      return false
    }
  }

  private struct Formatted: SchemaKeyword {
    let format: Format

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .string else { return true }
      // To compile an expression takes long.
      try run.spend(format == .regex ? value.range.count * 8 + 1000 : value.range.count / 8)
      if value.withText(format.matches) { return true }
      run.object("must be \(format.phrase); \(SchemaRun.seen(value))")
      return false
    }
  }
}

/// An expression of a schema, matched by RE2.
struct SchemaPattern: Sendable {
  /// How many there may be in a schema.
  static let most = 100
  /// About how many bytes one of a server's may take.
  private static let memory: Int64 = 512 << 10

  enum Form: Sendable {
    case expression(RegularExpression)
    /// Why it has none.
    case unjudgeable(String)
  }

  /// As the schema has it.
  let text: String
  let form: Form

  init(_ text: String, _ reading: Schema.Reading) {
    self.text = text
    do throws(RegularExpression.Problem) {
      let pattern = try ECMAPattern.translated(text)
      switch reading {
      case .strict: form = .expression(try RegularExpression(pattern))
      case .lenient:
        // A server may list many, and those that unfold to much.
        guard text.utf8.count <= RegexFormat.longest else {
          throw RegularExpression.Problem(message: "it has more than \(RegexFormat.longest) bytes")
        }
        form = .expression(try RegularExpression(pattern, memory: SchemaPattern.memory))
      }
    } catch {
      form = .unjudgeable(Excerpt.cleaned(error.message, limit: 200))
    }
  }

  /// Whether a string matches somewhere.
  func matches(_ value: JSONValue, _ run: inout SchemaRun) throws(SchemaStop) -> Bool {
    try run.spend(value.range.count / 16 + 4)
    switch form {
    case .expression(let expression): return value.withText(expression.matches)
    case .unjudgeable: throw .unjudgeable("the pattern \(Excerpt.quoted(text)) cannot be judged here")
    }
  }
}
