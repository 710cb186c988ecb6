public import Wire

/// The names that a tool's input schema gives to the tool's arguments, and to what is in them.
///
/// Most schemas allow arguments that they do not name, which no server then looks at; so what counts is what is named.
/// Where nothing is (an object without `properties`), any name may be right.
public struct DescribedArguments: Sendable {
  /// Where a path leaves what is described.
  public struct Missing: Sendable, Equatable {
    /// The path, up to the name that is not there.
    public let path: String
    /// The name; nil for an element of what is no list.
    public let name: String?
    /// The names that stand in its place, in the order of the schema.
    public let known: [String]

    /// What leaves what is described there.
    public init(path: String, name: String?, known: [String]) {
      self.path = path
      self.name = name
      self.known = known
    }
  }

  /// How many parts of schemas one path may lead through.
  private static let mostParts = 20_000
  private static let deepest = 64

  private let document: SchemaDocument

  /// Those of a tool, as the server lists it; nil where it has no schema that can be read.
  public init?(of definition: JSONValue) {
    guard let schema = definition["inputSchema"], let document = try? SchemaDocument(schema.tree, .lenient) else {
      return nil
    }
    self.document = document
  }

  /// Where a path leads to nothing that the schema knows; nil where it does, or may.
  public func missing(_ path: Path) -> Missing? {
    guard path.root == .arguments else { return nil }
    var here = [Part(schema: document.root, site: SchemaSite())]
    var spent = 0
    for (position, step) in path.steps.enumerated() {
      if step == .descendants { return nil }
      var search = Search(document: document, step: step, spent: spent)
      let finding = search.look(in: here)
      spent = search.spent
      switch finding {
      case .found(let parts): here = parts
      case .silent: return nil
      case .lacks:
        guard !search.isExhausted else { return nil }
        let name: String? = if case .member(let bytes) = step { String(decoding: bytes, as: UTF8.self) } else { nil }
        return Missing(path: path.spelling(of: Array(path.steps.prefix(position + 1))), name: name, known: search.names)
      }
    }
    return nil
  }

  private struct Part {
    let schema: JSON
    let site: SchemaSite
  }

  private enum Finding {
    /// The step leads to these.
    case found([Part])
    /// Others are named, or none may be.
    case lacks
    /// Nothing is said about it.
    case silent
  }

  /// One step, looked for in all that a schema says of one value.
  private struct Search {
    let document: SchemaDocument
    let step: Path.Step
    var spent: Int
    var names: [String] = []
    private var seen: Set<Name> = []
    private var depth = 0

    init(document: SchemaDocument, step: Path.Step, spent: Int) {
      self.document = document
      self.step = step
      self.spent = spent
    }

    var isExhausted: Bool { spent >= DescribedArguments.mostParts }

    /// Of several schemas, one of which holds.
    mutating func look(in parts: [Part]) -> Finding {
      var found: [Part] = []
      var isSilent = false
      for part in parts {
        switch look(in: part) {
        case .found(let parts): found += parts
        case .silent: isSilent = true
        case .lacks, nil: break
        }
      }
      return !found.isEmpty ? .found(found) : isSilent ? .silent : .lacks
    }

    /// Of one schema, all of whose parts hold; nil where it has been looked at.
    private mutating func look(in part: Part) -> Finding? {
      guard case .object = part.schema else { return part.schema == .bool(false) ? .lacks : .silent }
      guard seen.insert(part.site.pointer).inserted else { return nil }
      guard !isExhausted, depth < DescribedArguments.deepest else { return .silent }
      spent += 1
      depth += 1
      defer { depth -= 1 }
      var finding = own(part)
      let references = referred(from: part)
      for case let other? in references + list("allOf", part) { join(look(in: other), to: &finding) }
      for keyword in ["anyOf", "oneOf"] as [Name] {
        let parts = list(keyword, part)
        if !parts.isEmpty { join(look(in: parts), to: &finding) }
      }
      // What holds under a condition adds names, and takes none away.
      for other in conditional(part) {
        if case .found(let parts)? = look(in: other) { join(.found(parts), to: &finding) }
      }
      if case .lacks = finding, references.contains(where: { $0 == nil }) { return .silent }
      return finding
    }

    private func join(_ other: Finding?, to finding: inout Finding) {
      switch (finding, other) {
      case (.found(let parts), .found(let more)): finding = .found(parts + more)
      case (_, .found), (.silent, .lacks): finding = other ?? finding
      default: break
      }
    }

    /// What the schema's own keywords say.
    private mutating func own(_ part: Part) -> Finding {
      switch step {
      case .member(let bytes): member(Name(String(decoding: bytes, as: UTF8.self)), of: part)
      case .element(let position): elements(of: part, from: position, upTo: position)
      case .elements: elements(of: part, from: 0, upTo: .max)
      case .descendants: .silent
      }
    }

    private mutating func member(_ name: Name, of part: Part) -> Finding {
      guard allows("object", part) else { return .lacks }
      var found: [Part] = []
      var isDescribed = false
      if case .object(let members)? = part.schema["properties"] {
        isDescribed = true
        names += members.map(\.name.text)
        if let value = members.first(where: { $0.name == name })?.value, value != .bool(false) {
          found.append(Part(schema: value, site: part.site.member("properties").member(name)))
        }
      }
      if case .object(let members)? = part.schema["patternProperties"] {
        isDescribed = true
        for (pattern, value) in members where SchemaPattern(pattern.text, .lenient).mayMatch(name) {
          found.append(Part(schema: value, site: part.site.member("patternProperties").member(pattern)))
        }
      }
      if !found.isEmpty { return .found(found) }
      for keyword in ["additionalProperties", "unevaluatedProperties"] as [Name] {
        switch part.schema[keyword] {
        case .bool(false): isDescribed = true
        case .object(let members) where !members.isEmpty:
          return .found([Part(schema: .object(members), site: part.site.member(keyword))])
        default: break
        }
      }
      return isDescribed ? .lacks : .silent
    }

    private func elements(of part: Part, from first: Int, upTo last: Int) -> Finding {
      guard allows("array", part) else { return .lacks }
      var found: [Part] = []
      var leading = 0
      var rest: Name = "items"
      for keyword in ["prefixItems", "items"] as [Name] {
        guard case .array(let schemas)? = part.schema[keyword] else { continue }
        leading = schemas.count
        if keyword == "items" { rest = "additionalItems" }
        for (position, schema) in schemas.enumerated() where first <= position && position <= last {
          found.append(Part(schema: schema, site: part.site.member(keyword).element(position)))
        }
      }
      if last >= leading, let schema = part.schema[rest], schema != .bool(false) {
        found.append(Part(schema: schema, site: part.site.member(rest)))
      }
      if !found.isEmpty { return .found(found) }
      return leading > first || part.schema[rest] == .bool(false) ? .lacks : .silent
    }

    /// Whether `type` lets a value be of that kind.
    private func allows(_ kind: String, _ part: Part) -> Bool {
      switch part.schema["type"] {
      case .string(let only): Name(only) == Name(kind)
      case .array(let kinds): kinds.contains { $0 == .string(kind) }
      default: true
      }
    }

    private func list(_ keyword: Name, _ part: Part) -> [Part] {
      guard case .array(let schemas)? = part.schema[keyword] else { return [] }
      let site = part.site.member(keyword)
      return schemas.enumerated().map { Part(schema: $0.element, site: site.element($0.offset)) }
    }

    /// What the schema refers to; nil for what is elsewhere.
    private func referred(from part: Part) -> [Part?] {
      var parts: [Part?] = []
      for keyword in ["$ref", "$dynamicRef"] as [Name] {
        guard case .string(let text)? = part.schema[keyword] else { continue }
        let found = try? document.find(text, from: document.resource(of: part.site))
        parts.append(found.map { Part(schema: $0.schema, site: $0.site) })
      }
      return parts
    }

    private func conditional(_ part: Part) -> [Part] {
      var parts = (["if", "then", "else"] as [Name]).compactMap { keyword in
        part.schema[keyword].map { Part(schema: $0, site: part.site.member(keyword)) }
      }
      for keyword in ["dependentSchemas", "dependencies"] as [Name] {
        guard case .object(let members)? = part.schema[keyword] else { continue }
        let site = part.site.member(keyword)
        parts += members.map { Part(schema: $0.value, site: site.member($0.name)) }
      }
      return parts
    }
  }
}

extension SchemaPattern {
  /// Whether a name matches; an expression that cannot be judged may.
  fileprivate func mayMatch(_ name: Name) -> Bool {
    guard case .expression(let expression) = form else { return true }
    var text = name.text
    return text.withUTF8 { expression.matches($0) }
  }
}
