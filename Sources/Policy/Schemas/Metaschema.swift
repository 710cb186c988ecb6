import Wire

/// A schema of schemas, which others refer to by its address and expect to be there: for a tool that is given a schema.
///
/// What each says is what the standard demands of a schema, put in one document; its other parts, such as the
/// vocabularies of 2020-12, cannot be referred to by themselves.
struct Metaschema: Sendable {
  /// Under which name it stands in a document that refers to it.
  let member: Name
  let address: Name
  let schema: JSON

  private static let known = [
    Metaschema(member: "x-metaschema-2020-12", address: "https://json-schema.org/draft/2020-12/schema", draft2020),
    Metaschema(member: "x-metaschema-draft-07", address: "http://json-schema.org/draft-07/schema", draft7),
  ].compactMap { $0 }

  private init?(member: Name, address: Name, _ text: String) {
    guard let tape = try? JSONTape(Array(text.utf8)) else { return nil }
    self.member = member
    self.address = address
    schema = tape.root.tree
  }

  /// Those that a document refers to, unless it has a part of that address itself.
  static func referred(from root: JSON) -> [Metaschema] {
    var addresses: Set<Name> = []
    var own: Set<Name> = []
    var waiting = [root]
    while let value = waiting.popLast() {
      switch value {
      case .array(let elements): waiting += elements
      case .object(let members):
        for (name, value) in members {
          if case .string(let text) = value {
            if name == "$ref" || name == "$dynamicRef" { addresses.insert(SchemaURI.split(text).address) }
            if name == "$id" { own.insert(SchemaURI.split(text).address) }
          } else {
            waiting.append(value)
          }
        }
      default: break
      }
    }
    return known.filter { addresses.contains($0.address) && !own.contains($0.address) }
  }

  /// The document with these beside its own keywords.
  static func adding(_ schemas: [Metaschema], to root: JSON) -> JSON {
    guard case .object(let members) = root else { return root }
    return .object(members + schemas.map { (name: $0.member, value: $0.schema) })
  }

  private static let draft2020 = """
    {"$id": "https://json-schema.org/draft/2020-12/schema", "$dynamicAnchor": "meta", "type": ["object", "boolean"],
     "properties": {
       "$id": {"type": "string", "format": "uri-reference", "pattern": "^[^#]*#?$"},
       "$schema": {"type": "string", "format": "uri"},
       "$ref": {"type": "string", "format": "uri-reference"},
       "$dynamicRef": {"type": "string", "format": "uri-reference"},
       "$anchor": {"$ref": "#/$defs/anchor"}, "$dynamicAnchor": {"$ref": "#/$defs/anchor"},
       "$vocabulary": {"type": "object", "propertyNames": {"format": "uri"}, "additionalProperties": {"type": "boolean"}},
       "$comment": {"type": "string"}, "$defs": {"$ref": "#/$defs/map"}, "definitions": {"$ref": "#/$defs/map"},
       "dependencies": {"type": "object",
         "additionalProperties": {"anyOf": [{"$dynamicRef": "#meta"}, {"$ref": "#/$defs/names"}]}},
       "prefixItems": {"$ref": "#/$defs/list"}, "items": {"$dynamicRef": "#meta"}, "contains": {"$dynamicRef": "#meta"},
       "properties": {"$ref": "#/$defs/map"}, "additionalProperties": {"$dynamicRef": "#meta"},
       "patternProperties": {"$ref": "#/$defs/map", "propertyNames": {"format": "regex"}},
       "dependentSchemas": {"$ref": "#/$defs/map"}, "propertyNames": {"$dynamicRef": "#meta"},
       "if": {"$dynamicRef": "#meta"}, "then": {"$dynamicRef": "#meta"}, "else": {"$dynamicRef": "#meta"},
       "allOf": {"$ref": "#/$defs/list"}, "anyOf": {"$ref": "#/$defs/list"}, "oneOf": {"$ref": "#/$defs/list"},
       "not": {"$dynamicRef": "#meta"}, "unevaluatedItems": {"$dynamicRef": "#meta"},
       "unevaluatedProperties": {"$dynamicRef": "#meta"},
       "type": {"anyOf": [{"$ref": "#/$defs/type"},
         {"type": "array", "items": {"$ref": "#/$defs/type"}, "minItems": 1, "uniqueItems": true}]},
       "const": true, "enum": {"type": "array"}, "multipleOf": {"type": "number", "exclusiveMinimum": 0},
       "maximum": {"type": "number"}, "exclusiveMaximum": {"type": "number"},
       "minimum": {"type": "number"}, "exclusiveMinimum": {"type": "number"},
       "maxLength": {"$ref": "#/$defs/count"}, "minLength": {"$ref": "#/$defs/count"},
       "pattern": {"type": "string", "format": "regex"},
       "maxItems": {"$ref": "#/$defs/count"}, "minItems": {"$ref": "#/$defs/count"}, "uniqueItems": {"type": "boolean"},
       "maxContains": {"$ref": "#/$defs/count"}, "minContains": {"$ref": "#/$defs/count"},
       "maxProperties": {"$ref": "#/$defs/count"}, "minProperties": {"$ref": "#/$defs/count"},
       "required": {"$ref": "#/$defs/names"},
       "dependentRequired": {"type": "object", "additionalProperties": {"$ref": "#/$defs/names"}},
       "title": {"type": "string"}, "description": {"type": "string"}, "default": true,
       "deprecated": {"type": "boolean"}, "readOnly": {"type": "boolean"}, "writeOnly": {"type": "boolean"},
       "examples": {"type": "array"}, "format": {"type": "string"}, "contentEncoding": {"type": "string"},
       "contentMediaType": {"type": "string"}, "contentSchema": {"$dynamicRef": "#meta"}},
     "$defs": {
       "anchor": {"type": "string", "pattern": "^[A-Za-z_][-A-Za-z0-9._]*$"},
       "count": {"type": "integer", "minimum": 0},
       "list": {"type": "array", "minItems": 1, "items": {"$dynamicRef": "#meta"}},
       "map": {"type": "object", "additionalProperties": {"$dynamicRef": "#meta"}},
       "names": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
       "type": {"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]}}}
    """

  private static let draft7 = """
    {"$id": "http://json-schema.org/draft-07/schema#", "type": ["object", "boolean"],
     "properties": {
       "$id": {"type": "string", "format": "uri-reference"}, "$schema": {"type": "string", "format": "uri"},
       "$ref": {"type": "string", "format": "uri-reference"}, "$comment": {"type": "string"},
       "title": {"type": "string"}, "description": {"type": "string"}, "default": true, "readOnly": {"type": "boolean"},
       "writeOnly": {"type": "boolean"}, "examples": {"type": "array"},
       "multipleOf": {"type": "number", "exclusiveMinimum": 0},
       "maximum": {"type": "number"}, "exclusiveMaximum": {"type": "number"},
       "minimum": {"type": "number"}, "exclusiveMinimum": {"type": "number"},
       "maxLength": {"$ref": "#/definitions/count"}, "minLength": {"$ref": "#/definitions/count"},
       "pattern": {"type": "string", "format": "regex"},
       "additionalItems": {"$ref": "#"}, "items": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/list"}]},
       "maxItems": {"$ref": "#/definitions/count"}, "minItems": {"$ref": "#/definitions/count"},
       "uniqueItems": {"type": "boolean"}, "contains": {"$ref": "#"},
       "maxProperties": {"$ref": "#/definitions/count"}, "minProperties": {"$ref": "#/definitions/count"},
       "required": {"$ref": "#/definitions/names"}, "additionalProperties": {"$ref": "#"},
       "definitions": {"$ref": "#/definitions/map"}, "properties": {"$ref": "#/definitions/map"},
       "patternProperties": {"allOf": [{"$ref": "#/definitions/map"}], "propertyNames": {"format": "regex"}},
       "dependencies": {"type": "object",
         "additionalProperties": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/names"}]}},
       "propertyNames": {"$ref": "#"}, "const": true, "enum": {"type": "array"},
       "type": {"anyOf": [{"$ref": "#/definitions/type"},
         {"type": "array", "items": {"$ref": "#/definitions/type"}, "minItems": 1, "uniqueItems": true}]},
       "format": {"type": "string"}, "contentMediaType": {"type": "string"}, "contentEncoding": {"type": "string"},
       "if": {"$ref": "#"}, "then": {"$ref": "#"}, "else": {"$ref": "#"}, "allOf": {"$ref": "#/definitions/list"},
       "anyOf": {"$ref": "#/definitions/list"}, "oneOf": {"$ref": "#/definitions/list"}, "not": {"$ref": "#"}},
     "definitions": {
       "count": {"type": "integer", "minimum": 0},
       "list": {"type": "array", "minItems": 1, "items": {"$ref": "#"}},
       "map": {"type": "object", "additionalProperties": {"$ref": "#"}},
       "names": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
       "type": {"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]}}}
    """
}
