import Wire

/// What is demanded of arrays: of their elements, of how many there are.
enum ElementKeywords {
  static func compile(
    _ schema: SchemaObject, _ compiler: inout SchemaCompiler
  ) throws(OperandError) -> [any SchemaKeyword] {
    var keywords: [any SchemaKeyword] = []
    let least = try schema.count("minItems")
    let most = try schema.count("maxItems")
    if least != nil || most != nil { keywords.append(Counts(least: least ?? 0, most: most ?? .max)) }
    if let elements = try elements(schema, &compiler) { keywords.append(elements) }
    if let contained = try schema.schema("contains", &compiler) {
      let least = try schema.count("minContains") ?? 1
      keywords.append(Contained(schema: contained, least: least, most: try schema.count("maxContains") ?? .max))
    }
    if try schema.flag("uniqueItems") ?? false { keywords.append(Unique()) }
    return keywords
  }

  private static func elements(
    _ schema: SchemaObject, _ compiler: inout SchemaCompiler
  ) throws(OperandError) -> Elements? {
    // Up to draft 2019-09 a list under `items` is what `prefixItems` is now, and `additionalItems` the rest.
    if case .array? = schema["items"] {
      let first = try schema.schemas("items", &compiler) ?? []
      return Elements(first: first, rest: try schema.schema("additionalItems", &compiler))
    }
    let first = schema.isOld ? [] : try schema.schemas("prefixItems", &compiler) ?? []
    let rest = try schema.schema("items", &compiler)
    return first.isEmpty && rest == nil ? nil : Elements(first: first, rest: rest)
  }

  /// `prefixItems` and `items`.
  private struct Elements: SchemaKeyword {
    let first: [Int]
    let rest: Int?

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .array else { return true }
      var isValid = true
      for (position, element) in value.elements.enumerated() {
        guard let schema = position < first.count ? first[position] : rest else { break }
        if try !run.evaluate(schema, element: element, at: position) { isValid = false }
        if run.tracks, rest == nil { seen.some.insert(position) }
      }
      if rest != nil { seen.isAll = true }
      return isValid
    }
  }

  /// `contains`, with `minContains` and `maxContains`.
  private struct Contained: SchemaKeyword {
    let schema: Int
    let least: Int
    let most: Int

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .array else { return true }
      var count = 0
      for (position, element) in value.elements.enumerated() where try run.tries(schema, element) != nil {
        count += 1
        if run.tracks { seen.some.insert(position) }
      }
      if count < least {
        run.object("must have at least \(least) elements of the kind that its schema wants; it has \(count)")
      } else if count > most {
        run.object("must have at most \(most) elements of the kind that its schema bounds; it has \(count)")
      }
      return count >= least && count <= most
    }
  }

  /// `minItems` and `maxItems`.
  private struct Counts: SchemaKeyword {
    let least: Int
    let most: Int

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .array else { return true }
      if value.count < least {
        run.object("must have at least \(least) elements; it has \(value.count)")
      } else if value.count > most {
        run.object("must have at most \(most) elements; it has \(value.count)")
      }
      return value.count >= least && value.count <= most
    }
  }

  /// `uniqueItems`.
  private struct Unique: SchemaKeyword {
    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .array else { return true }
      try run.spend(value.count + value.range.count / 16)
      var forms: [[UInt8]: Int] = [:]
      for (position, element) in value.elements.enumerated() {
        guard let earlier = forms.updateValue(position, forKey: Unique.form(element.tree).encoded()) else { continue }
        run.object("must have no element twice; [\(earlier)] and [\(position)] are equal")
        return false
      }
      return true
    }

    /// A value that is written as all that equal it: members in the order of their names. As deep as a message may be.
    private static func form(_ value: JSON) -> JSON {
      switch value {
      case .array(let elements): .array(elements.map(form))
      case .object(let members):
        .object(members.map { (name: $0.name, value: form($0.value)) }.sorted { $0.name < $1.name })
      default: value
      }
    }
  }
}
