import Wire

/// `type`, `enum` and `const`: of any value.
enum ValueKeywords {
  static func compile(_ schema: SchemaObject) throws(OperandError) -> [any SchemaKeyword] {
    var keywords: [any SchemaKeyword] = []
    if let type = schema["type"] { keywords.append(Types(kinds: try kinds(type, schema))) }
    if let values = try schema.list("enum") { keywords.append(Values(values: values.map { Comparand($0) })) }
    if let value = schema["const"] { keywords.append(Values(values: [Comparand(value)])) }
    return keywords
  }

  enum Kind: String, CaseIterable {
    case string, number, integer, boolean, array, object, null

    func matches(_ value: JSONValue) -> Bool {
      switch self {
      case .null: value.kind == .null
      case .string: value.kind == .string
      case .number: value.kind == .number
      case .integer: value.number?.isWhole ?? false
      case .boolean: value.kind == .bool
      case .array: value.kind == .array
      case .object: value.kind == .object
      }
    }

    var phrase: String {
      switch self {
      case .null: "null"
      case .integer, .array, .object: "an \(rawValue)"
      default: "a \(rawValue)"
      }
    }
  }

  private static func kinds(_ type: JSON, _ schema: SchemaObject) throws(OperandError) -> [Kind] {
    let elements = if case .array(let elements) = type { elements } else { [type] }
    var kinds: [Kind] = []
    for element in elements {
      // `null` is a type's name and, in YAML, a value.
      let text = if case .string(let text) = element { text } else { element.kind == .null ? "null" : "" }
      guard let kind = Kind.allCases.first(where: { Name($0.rawValue) == Name(text) }) else {
        let names = Kind.allCases.map(\.rawValue)
        throw schema.wrong(
          "type", "there is no type \(Excerpt.shown(element))",
          hint: Spelling.hint(for: text, among: names))
      }
      kinds.append(kind)
    }
    guard !kinds.isEmpty else { throw schema.wrong("type", "type names no type") }
    return kinds
  }

  private struct Types: SchemaKeyword {
    let kinds: [Kind]

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      for kind in kinds where kind.matches(value) { return true }
      run.object("must be \(kinds.map(\.phrase).joined(separator: " or ")); \(SchemaRun.seen(value))")
      return false
    }
  }

  private struct Values: SchemaKeyword {
    let values: [Comparand]

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      try run.spend(values.count)
      for expected in values {
        // To compare members, each is looked for among all.
        if value.kind == expected.kind { try run.spend(value.count * value.count / 8 + value.range.count / 64) }
        if expected.compare(value, .moongate) == .holds { return true }
      }
      for expected in values {
        // The server may read it as that, which was not compared.
        if let (member, name) = expected.twin(in: value) {
          throw .ambiguous(member: Excerpt.quoted(member.text), name: Excerpt.quoted(name.text))
        }
      }
      let some = values.prefix(8).map { Excerpt.shown($0.json) }.joined(separator: ", ")
      let wanted = values.count == 1 ? some : values.isEmpty ? "nothing" : "one of \(some)"
      run.object("must be \(wanted)\(values.count > 8 ? ", …" : ""); \(SchemaRun.seen(value))")
      return false
    }
  }
}
