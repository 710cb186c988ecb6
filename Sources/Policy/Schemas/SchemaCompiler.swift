import Wire

/// Makes the compiled form of a document: one schema after another, each once, wherever it is referred to from.
struct SchemaCompiler {
  let document: SchemaDocument
  let reading: Schema.Reading
  private(set) var nodes: [SchemaNode] = []
  private(set) var dynamicAnchors: [[Name: Int]] = []
  var tracksEvaluated = false
  var patternCount = 0
  private var indices: [Name: Int] = [:]
  private var waiting: [(index: Int, schema: JSON, site: SchemaSite)] = []

  init(_ document: SchemaDocument, _ reading: Schema.Reading) {
    self.document = document
    self.reading = reading
  }

  mutating func compile() throws(OperandError) {
    _ = try index(of: document.root, at: SchemaSite())
    for resource in document.resources {
      var targets: [Name: Int] = [:]
      for (name, site) in resource.dynamicAnchors {
        targets[name] = try index(of: document.schema(at: site), at: site)
      }
      dynamicAnchors.append(targets)
    }
    // A list of what is to be done in place of recursion: documents nest as deep as they like.
    var done = 0
    var errors: [OperandError] = []
    while done < waiting.count {
      let (index, schema, site) = waiting[done]
      done += 1
      do throws(OperandError) {
        nodes[index] = try node(schema, at: site)
      } catch {
        guard reading == .lenient else {
          errors.append(error)
          continue
        }
        let problem = Unjudgeable(problem: Excerpt.cleaned(error.message, limit: 200), kind: nil)
        nodes[index] = SchemaNode(keywords: [problem])
      }
    }
    if let error = OperandError(errors) { throw error }
  }

  /// The index of the schema at a site, which is compiled in its turn.
  mutating func index(of schema: JSON, at site: SchemaSite) throws(OperandError) -> Int {
    if let index = indices[site.pointer] { return index }
    guard nodes.count < SchemaDocument.mostSchemas else {
      throw OperandError("there are more than \(SchemaDocument.mostSchemas) schemas in it", at: site.steps)
    }
    let index = nodes.count
    nodes.append(SchemaNode())
    indices[site.pointer] = index
    waiting.append((index, schema, site))
    return index
  }

  private mutating func node(_ json: JSON, at site: SchemaSite) throws(OperandError) -> SchemaNode {
    switch json {
    case .bool(let verdict): return SchemaNode(verdict: verdict)
    case .object(let members):
      var schema = SchemaObject(
        json: json, site: site, resource: document.resource(of: site), isOld: document.isOld, reading: reading)
      if document.isOld, let reference = json["$ref"] {
        schema = schema.reduced(to: [(name: "$ref", value: reference)])
      } else if reading == .strict {
        _ = try members.readingEach { member throws(OperandError) in
          try SchemaVocabulary.check(member.name.text, at: site)
        }
      }
      var node = SchemaNode(resource: schema.resource)
      node.keywords += try ReferenceKeywords.compile(schema, &self)
      node.keywords += try ValueKeywords.compile(schema)
      node.keywords += try NumberKeywords.compile(schema)
      node.keywords += try StringKeywords.compile(schema, &self)
      node.keywords += try MemberKeywords.compile(schema, &self)
      node.keywords += try ElementKeywords.compile(schema, &self)
      node.keywords += try CompositionKeywords.compile(schema, &self)
      // What is left over is known last.
      node.keywords += try UnevaluatedKeywords.compile(schema, &self)
      return node
    default:
      throw OperandError(
        "a schema is a map, true or false, not \(json.kind.phrase)", hint: "{ type: object }", at: site.steps)
    }
  }
}

/// One schema of a document, as it is written.
struct SchemaObject {
  let json: JSON
  let site: SchemaSite
  let resource: Int
  let isOld: Bool
  let reading: Schema.Reading

  subscript(_ keyword: Name) -> JSON? { json[keyword] }

  func reduced(to members: [(name: Name, value: JSON)]) -> SchemaObject {
    SchemaObject(json: .object(members), site: site, resource: resource, isOld: isOld, reading: reading)
  }

  /// What is wrong with a keyword's value.
  func wrong(_ keyword: Name, _ message: String, hint: String? = nil) -> OperandError {
    OperandError(message, hint: hint, at: site.steps + [.member(keyword.text)])
  }

  private func wrong(_ keyword: Name, needs wanted: String, _ value: JSON) -> OperandError {
    wrong(keyword, "\(keyword) needs \(wanted), not \(value.kind.phrase)")
  }

  func text(_ keyword: Name) throws(OperandError) -> String? {
    guard let value = json[keyword] else { return nil }
    guard case .string(let text) = value else { throw wrong(keyword, needs: "a string", value) }
    return text
  }

  func number(_ keyword: Name) throws(OperandError) -> ExactNumber? {
    guard let value = json[keyword] else { return nil }
    guard case .number(let number) = value else { throw wrong(keyword, needs: "a number", value) }
    return number
  }

  func flag(_ keyword: Name) throws(OperandError) -> Bool? {
    guard let value = json[keyword] else { return nil }
    guard case .bool(let flag) = value else { throw wrong(keyword, needs: "true or false", value) }
    return flag
  }

  /// A whole number of at least 0; what no value can reach counts as the greatest.
  func count(_ keyword: Name) throws(OperandError) -> Int? {
    guard let number = try number(keyword) else { return nil }
    guard number.isWhole, !number.isNegative else {
      throw wrong(keyword, "\(keyword) is a whole number of at least 0")
    }
    return number.int64.map { Int($0) } ?? .max
  }

  func list(_ keyword: Name) throws(OperandError) -> [JSON]? {
    guard let value = json[keyword] else { return nil }
    guard case .array(let elements) = value else { throw wrong(keyword, needs: "a list", value) }
    return elements
  }

  func map(_ keyword: Name) throws(OperandError) -> [(name: Name, value: JSON)]? {
    guard let value = json[keyword] else { return nil }
    guard case .object(let members) = value else { throw wrong(keyword, needs: "a map", value) }
    return members
  }

  /// The names in a list of strings.
  func names(_ value: JSON, of keyword: Name) throws(OperandError) -> [Name] {
    guard case .array(let elements) = value else { throw wrong(keyword, needs: "a list of names", value) }
    var names: [Name] = []
    for element in elements {
      guard case .string(let text) = element else { throw wrong(keyword, needs: "a list of names", element) }
      names.append(Name(text))
    }
    return names
  }

  /// The schema that is a keyword's value.
  func schema(_ keyword: Name, _ compiler: inout SchemaCompiler) throws(OperandError) -> Int? {
    guard let value = json[keyword] else { return nil }
    return try compiler.index(of: value, at: site.member(keyword))
  }

  /// The schemas in the list that is a keyword's value.
  func schemas(_ keyword: Name, _ compiler: inout SchemaCompiler) throws(OperandError) -> [Int]? {
    guard let elements = try list(keyword) else { return nil }
    guard !elements.isEmpty || keyword == "items" else { throw wrong(keyword, "\(keyword) has no schemas") }
    var indices: [Int] = []
    for (position, element) in elements.enumerated() {
      indices.append(try compiler.index(of: element, at: site.member(keyword).element(position)))
    }
    return indices
  }

  /// The pattern of a keyword, or one that says that it cannot be judged.
  func pattern(
    _ text: String, of keyword: Name, at step: String? = nil, _ compiler: inout SchemaCompiler
  ) throws(OperandError) -> SchemaPattern {
    compiler.patternCount += 1
    guard compiler.patternCount <= SchemaPattern.most else {
      throw wrong(keyword, "there are more than \(SchemaPattern.most) patterns in the schema")
    }
    let pattern = SchemaPattern(text, reading)
    if reading == .strict, case .unjudgeable(let problem) = pattern.form {
      let steps = site.steps + [.member(keyword.text)] + (step.map { [.member($0)] } ?? [])
      throw OperandError(
        "the expression does not compile: \(problem)", hint: "no look-around, no back-references", at: steps)
    }
    return pattern
  }
}

/// Refuses, because a part of a schema cannot be judged here.
struct Unjudgeable: SchemaKeyword {
  let problem: String
  /// The only kind of values of which the part says something.
  let kind: JSONValue.Kind?

  func judge(
    _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
  ) throws(SchemaStop) -> Bool {
    if let kind, value.kind != kind { return true }
    throw .unjudgeable(problem)
  }
}

/// The keywords of JSON Schema.
enum SchemaVocabulary {
  /// Those that demand something, and those that identify.
  private static let demands = [
    "$anchor", "$defs", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema", "additionalItems",
    "additionalProperties", "allOf", "anyOf", "const", "contains", "definitions", "dependencies", "dependentRequired",
    "dependentSchemas", "else", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "if", "items", "maxContains",
    "maxItems", "maxLength", "maxProperties", "maximum", "minContains", "minItems", "minLength", "minProperties",
    "minimum", "multipleOf", "not", "oneOf", "pattern", "patternProperties", "prefixItems", "properties",
    "propertyNames", "required", "then", "type", "unevaluatedItems", "unevaluatedProperties", "uniqueItems",
  ]
  /// Those that only tell something.
  private static let notes = [
    "$comment", "contentEncoding", "contentMediaType", "contentSchema", "default", "deprecated", "description",
    "examples", "readOnly", "title", "writeOnly",
  ]

  /// A misspelt keyword would demand nothing.
  static func check(_ keyword: String, at site: SchemaSite) throws(OperandError) {
    guard !(demands + notes).contains(where: { Name($0) == Name(keyword) }), !keyword.hasPrefix("x-") else { return }
    throw OperandError(
      "JSON Schema has no keyword \(Excerpt.quoted(keyword))",
      hint: Spelling.nearest(to: keyword, among: demands + notes).map { "did you mean \"\($0)\"?" }
        ?? "begin a keyword of your own with \"x-\"",
      at: site.steps + [.member(keyword)])
  }
}
