import Wire

/// Where a schema stands in its document.
struct SchemaSite: Sendable {
  /// As a JSON pointer, by which sites are told apart.
  private(set) var pointer: Name = ""
  /// The same way, for messages about it.
  private(set) var steps: [OperandError.Step] = []

  func member(_ name: Name) -> SchemaSite {
    var escaped: [UInt8] = Array("/".utf8)
    for byte in name.text.utf8 {
      switch byte {
      case UInt8(ascii: "~"): escaped += Array("~0".utf8)
      case UInt8(ascii: "/"): escaped += Array("~1".utf8)
      default: escaped.append(byte)
      }
    }
    return site(String(decoding: escaped, as: UTF8.self), .member(name.text))
  }

  func element(_ position: Int) -> SchemaSite { site("/\(position)", .element(position)) }

  private func site(_ pointer: String, _ step: OperandError.Step) -> SchemaSite {
    var site = self
    site.pointer = Name(self.pointer.text + pointer)
    site.steps.append(step)
    return site
  }
}

/// The text of a schema, in which every part with an identifier or an anchor has been found.
struct SchemaDocument {
  /// How many schemas there may be in it.
  static let mostSchemas = 10_000

  /// A part with an identifier of its own.
  struct Resource {
    let address: Name
    let site: SchemaSite
    var anchors: [Name: SchemaSite] = [:]
    var dynamicAnchors: [Name: SchemaSite] = [:]
  }

  let root: JSON
  /// Draft 7 or older: what stands beside `$ref` says nothing.
  let isOld: Bool
  private(set) var resources: [Resource]
  private var owners: [Name: Int] = [:]
  private var addresses: [Name: Int] = ["": 0]

  init(_ root: JSON, _ reading: Schema.Reading) throws(OperandError) {
    let known = Metaschema.referred(from: root)
    self.root = known.isEmpty ? root : Metaschema.adding(known, to: root)
    isOld = SchemaDocument.isOld(root)
    resources = [Resource(address: "", site: SchemaSite())]
    var waiting: [(schema: JSON, site: SchemaSite, owner: Int)] = known.map {
      ($0.schema, SchemaSite().member($0.member), 0)
    }
    waiting.append((root, SchemaSite(), 0))
    while let (schema, site, owner) = waiting.popLast() {
      guard case .object(let members) = schema else { continue }
      let resource = try note(schema, at: site, in: owner)
      guard owners.count <= SchemaDocument.mostSchemas else {
        throw OperandError("there are more than \(SchemaDocument.mostSchemas) schemas in it", at: site.steps)
      }
      for member in members {
        for (schema, site) in SchemaDocument.schemas(in: member, at: site) { waiting.append((schema, site, resource)) }
      }
    }
  }

  private static func isOld(_ root: JSON) -> Bool {
    guard case .string(let dialect)? = root["$schema"] else { return false }
    return ["draft-07", "draft-06", "draft-04", "draft-03"].contains { draft in
      dialect.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual(draft.utf8) }
    }
  }

  /// Notes what a schema calls itself: the resource that it belongs to.
  private mutating func note(_ schema: JSON, at site: SchemaSite, in owner: Int) throws(OperandError) -> Int {
    var resource = owner
    let hidesSiblings = isOld && schema["$ref"] != nil
    if let id = schema["$id"], !hidesSiblings {
      guard case .string(let text) = id else { throw wrong("$id", "a string", id, at: site) }
      let (address, fragment) = SchemaURI.split(text)
      if !address.text.isEmpty {
        let address = SchemaURI.resolve(address, against: resources[owner].address)
        resource = site.steps.isEmpty ? 0 : resources.count
        guard addresses.updateValue(resource, forKey: address) == nil else {
          throw OperandError("$id stands twice: \(Excerpt.quoted(text))", at: site.steps + [.member("$id")])
        }
        let found = Resource(address: address, site: site)
        if resource == 0 { resources[0] = found } else { resources.append(found) }
      }
      if !fragment.isEmpty {
        try anchor(Name(String(decoding: fragment, as: UTF8.self)), "$id", \.anchors, at: site, in: resource)
      }
    }
    owners[site.pointer] = resource
    for (keyword, table) in [("$anchor", \Resource.anchors), ("$dynamicAnchor", \Resource.dynamicAnchors)] {
      guard let value = schema[Name(keyword)] else { continue }
      guard case .string(let name) = value else { throw wrong(keyword, "a string", value, at: site) }
      try anchor(Name(name), keyword, table, at: site, in: resource)
    }
    return resource
  }

  private mutating func anchor(
    _ name: Name, _ keyword: String, _ table: WritableKeyPath<Resource, [Name: SchemaSite]>, at site: SchemaSite,
    in resource: Int
  ) throws(OperandError) {
    guard resources[resource][keyPath: table].updateValue(site, forKey: name) == nil else {
      throw OperandError("\(Excerpt.quoted(name.text)) is an anchor already", at: site.steps + [.member(keyword)])
    }
  }

  private func wrong(_ keyword: String, _ wanted: String, _ value: JSON, at site: SchemaSite) -> OperandError {
    OperandError("\(keyword) needs \(wanted), not \(value.kind.phrase)", at: site.steps + [.member(keyword)])
  }

  /// The schemas that a member of a schema holds, by what the keyword means.
  static func schemas(in member: (name: Name, value: JSON), at site: SchemaSite) -> [(JSON, SchemaSite)] {
    let site = site.member(member.name)
    switch (member.name.text, member.value) {
    case ("allOf", .array(let elements)), ("anyOf", .array(let elements)), ("oneOf", .array(let elements)),
      ("prefixItems", .array(let elements)), ("items", .array(let elements)):
      return elements.enumerated().map { ($0.element, site.element($0.offset)) }
    case ("properties", .object(let members)), ("patternProperties", .object(let members)),
      ("$defs", .object(let members)), ("definitions", .object(let members)),
      ("dependentSchemas", .object(let members)), ("dependencies", .object(let members)):
      return members.map { ($0.value, site.member($0.name)) }
    case ("additionalProperties", _), ("propertyNames", _), ("unevaluatedProperties", _), ("items", _),
      ("additionalItems", _), ("unevaluatedItems", _), ("contains", _), ("not", _), ("if", _), ("then", _),
      ("else", _), ("contentSchema", _):
      return [(member.value, site)]
    default: return []
    }
  }

  /// The resource that a site belongs to: its own, or that of the nearest schema around it.
  func resource(of site: SchemaSite) -> Int {
    var pointer = site.pointer.text.utf8[...]
    while true {
      if let owner = owners[Name(String(Substring(pointer)))] { return owner }
      guard let slash = pointer.lastIndex(of: UInt8(ascii: "/")) else { return 0 }
      pointer = pointer[..<slash]
    }
  }

  /// Where a reference leads from a resource.
  ///
  /// - Throws: why it leads nowhere, as the end of a sentence that begins with the reference.
  func find(_ reference: String, from resource: Int) throws(SchemaStop) -> (schema: JSON, site: SchemaSite) {
    let (address, fragment) = SchemaURI.split(reference)
    let whole = SchemaURI.resolve(address, against: resources[resource].address)
    guard let target = addresses[whole] ?? (address.text.isEmpty ? resource : nil) else {
      throw .unjudgeable("is not in this schema, and nothing is fetched")
    }
    let found = resources[target]
    if fragment.isEmpty || fragment.first == UInt8(ascii: "/") { return try walk(fragment, from: found.site) }
    let name = Name(String(decoding: fragment, as: UTF8.self))
    guard let site = found.anchors[name] ?? found.dynamicAnchors[name] else {
      throw .unjudgeable("names no anchor of this schema")
    }
    return try walk([], from: site)
  }

  /// The schema at a site of this document.
  func schema(at site: SchemaSite) -> JSON {
    var schema = root
    for step in site.steps {
      switch (step, schema) {
      case (.element(let position), .array(let elements)) where elements.indices.contains(position):
        schema = elements[position]
      case (.member(let name), _): schema = schema[Name(name)] ?? .null
      default: schema = .null
      }
    }
    return schema
  }

  private func walk(_ pointer: [UInt8], from start: SchemaSite) throws(SchemaStop) -> (JSON, SchemaSite) {
    var schema = schema(at: start)
    var site = start
    for segment in pointer.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
      let name = SchemaDocument.unescaped(segment)
      switch schema {
      case .object:
        guard let value = schema[name] else { throw .unjudgeable("leads nowhere in this schema") }
        schema = value
        site = site.member(name)
      case .array(let elements):
        guard let position = Int(name.text), elements.indices.contains(position) else {
          throw .unjudgeable("leads nowhere in this schema")
        }
        schema = elements[position]
        site = site.element(position)
      default: throw .unjudgeable("leads nowhere in this schema")
      }
    }
    return (schema, site)
  }

  private static func unescaped(_ segment: ArraySlice<UInt8>) -> Name {
    var bytes: [UInt8] = []
    var rest = segment
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "~"), let next = rest.first, next & 0xFE == UInt8(ascii: "0") {
        bytes.append(next == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/"))
        rest = rest.dropFirst()
      } else {
        bytes.append(byte)
      }
    }
    return Name(String(decoding: bytes, as: UTF8.self))
  }
}
