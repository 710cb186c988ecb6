import Wire

/// `unevaluatedProperties` and `unevaluatedItems`: what no other keyword of the schema, or of those that it refers to
/// for the same value, has looked at.
enum UnevaluatedKeywords {
  static func compile(
    _ schema: SchemaObject, _ compiler: inout SchemaCompiler
  ) throws(OperandError) -> [any SchemaKeyword] {
    var keywords: [any SchemaKeyword] = []
    if let rest = try schema.schema("unevaluatedProperties", &compiler) { keywords.append(Members(rest: rest)) }
    if let rest = try schema.schema("unevaluatedItems", &compiler) { keywords.append(Elements(rest: rest)) }
    if !keywords.isEmpty { compiler.tracksEvaluated = true }
    return keywords
  }

  private struct Members: SchemaKeyword {
    let rest: Int

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .object else { return true }
      var isValid = true
      for (position, member) in value.members.enumerated() where !seen.contains(position) {
        if try !run.evaluate(rest, member: member) { isValid = false }
      }
      seen.isAll = true
      return isValid
    }
  }

  private struct Elements: SchemaKeyword {
    let rest: Int

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .array else { return true }
      var isValid = true
      for (position, element) in value.elements.enumerated() where !seen.contains(position) {
        if try !run.evaluate(rest, element: element, at: position) { isValid = false }
      }
      seen.isAll = true
      return isValid
    }
  }
}
