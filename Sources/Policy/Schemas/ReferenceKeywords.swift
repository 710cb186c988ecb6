import Wire

/// `$ref` and `$dynamicRef`: what another schema demands.
enum ReferenceKeywords {
  static func compile(
    _ schema: SchemaObject, _ compiler: inout SchemaCompiler
  ) throws(OperandError) -> [any SchemaKeyword] {
    var keywords: [any SchemaKeyword] = []
    if let text = try schema.text("$ref") {
      keywords.append(Reference(target: try target(text, "$ref", schema, &compiler), name: nil))
    }
    if let text = try schema.text("$dynamicRef") {
      let target = try target(text, "$dynamicRef", schema, &compiler)
      let anchor = Name(String(decoding: SchemaURI.split(text).fragment, as: UTF8.self))
      keywords.append(Reference(target: target, name: isDynamic(text, anchor, schema, compiler) ? anchor : nil))
    }
    return keywords
  }

  private static func target(
    _ text: String, _ keyword: Name, _ schema: SchemaObject, _ compiler: inout SchemaCompiler
  ) throws(OperandError) -> Int {
    do throws(SchemaStop) {
      let found = try compiler.document.find(text, from: schema.resource)
      return try compiler.target(found.schema, at: found.site)
    } catch {
      throw schema.wrong(keyword, "\(keyword): \(Excerpt.quoted(text)) \(error.reason)")
    }
  }

  /// A dynamic reference is one only where it first leads to a dynamic anchor.
  private static func isDynamic(
    _ text: String, _ anchor: Name, _ schema: SchemaObject, _ compiler: SchemaCompiler
  ) -> Bool {
    guard let found = try? compiler.document.find(text, from: schema.resource) else { return false }
    let resource = compiler.document.resources[compiler.document.resource(of: found.site)]
    return resource.dynamicAnchors[anchor]?.pointer == found.site.pointer
  }

  private struct Reference: SchemaKeyword {
    let target: Int
    /// The dynamic anchor that it leads to.
    let name: Name?

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard let found = try run.evaluate(name.flatMap { run.dynamicTarget($0) } ?? target, value) else { return false }
      seen.merge(found)
      return true
    }
  }
}

extension SchemaCompiler {
  /// The index of a schema that a reference leads to.
  fileprivate mutating func target(_ schema: JSON, at site: SchemaSite) throws(SchemaStop) -> Int {
    do throws(OperandError) {
      return try index(of: schema, at: site)
    } catch {
      throw .unjudgeable(error.message)
    }
  }
}
