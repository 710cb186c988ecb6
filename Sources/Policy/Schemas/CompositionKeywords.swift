import Wire

/// `allOf`, `anyOf`, `oneOf`, `not` and `if`: schemas of the same value, together.
enum CompositionKeywords {
  static func compile(
    _ schema: SchemaObject, _ compiler: inout SchemaCompiler
  ) throws(OperandError) -> [any SchemaKeyword] {
    var keywords: [any SchemaKeyword] = []
    if let schemas = try schema.schemas("allOf", &compiler) { keywords.append(All(schemas: schemas)) }
    if let schemas = try schema.schemas("anyOf", &compiler) { keywords.append(Alternatives(schemas: schemas)) }
    if let schemas = try schema.schemas("oneOf", &compiler) { keywords.append(One(schemas: schemas)) }
    if let schema = try schema.schema("not", &compiler) { keywords.append(Not(schema: schema)) }
    if let condition = try schema.schema("if", &compiler) {
      let then = try schema.schema("then", &compiler)
      keywords.append(If(condition: condition, then: then, otherwise: try schema.schema("else", &compiler)))
    }
    return keywords
  }

  private struct All: SchemaKeyword {
    let schemas: [Int]

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      var isValid = true
      for schema in schemas {
        guard let found = try run.evaluate(schema, value) else {
          isValid = false
          continue
        }
        seen.merge(found)
      }
      return isValid
    }
  }

  private struct Alternatives: SchemaKeyword {
    let schemas: [Int]

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      // The only one says itself what is wrong.
      if schemas.count == 1 {
        guard let found = try run.evaluate(schemas[0], value) else { return false }
        seen.merge(found)
        return true
      }
      var isValid = false
      for schema in schemas {
        guard let found = try run.tries(schema, value) else { continue }
        isValid = true
        seen.merge(found)
        // The others matter only to what is left over.
        if !run.tracks { break }
      }
      if !isValid {
        run.object("must fit one of \(schemas.count) alternatives of its schema; \(SchemaRun.seen(value))")
      }
      return isValid
    }
  }

  private struct One: SchemaKeyword {
    let schemas: [Int]

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      var fitting: SchemaEvaluated?
      for schema in schemas {
        guard let found = try run.tries(schema, value) else { continue }
        guard fitting == nil else {
          run.object("must fit only one of \(schemas.count) alternatives of its schema; it fits more")
          return false
        }
        fitting = found
      }
      guard let fitting else {
        run.object("must fit one of \(schemas.count) alternatives of its schema; \(SchemaRun.seen(value))")
        return false
      }
      seen.merge(fitting)
      return true
    }
  }

  private struct Not: SchemaKeyword {
    let schema: Int

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard try run.tries(schema, value) != nil else { return true }
      run.object("must not be what its schema excludes; \(SchemaRun.seen(value))")
      return false
    }
  }

  private struct If: SchemaKeyword {
    let condition: Int
    let then: Int?
    let otherwise: Int?

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      let found = try run.tries(condition, value)
      if let found { seen.merge(found) }
      guard let schema = found != nil ? then : otherwise else { return true }
      guard let more = try run.evaluate(schema, value) else { return false }
      seen.merge(more)
      return true
    }
  }
}
