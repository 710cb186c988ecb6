/// A JSON value that was made, not received: an operand of a condition, a parameter of a script, an answer.
///
/// What came over the wire is a ``JSONValue``; ``JSONValue/tree`` and ``tape()`` lead from one to the other.
public enum JSON: Sendable {
  case null
  case bool(Bool)
  case number(ExactNumber)
  case string(String)
  case array([JSON])
  /// Members in order. Names are unique.
  case object([(name: Name, value: JSON)])

  /// The member of that name, if this is an object that has it.
  public subscript(_ name: Name) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// What the value is.
  public var kind: JSONValue.Kind {
    switch self {
    case .null: .null
    case .bool: .bool
    case .number: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }

  /// The value as compact JSON text, members in order, numbers with all their digits.
  public func encoded() -> [UInt8] {
    var output: [UInt8] = []
    encode(into: &output)
    return output
  }

  /// Appends the value as compact JSON text.
  public func encode(into output: inout [UInt8]) {
    switch self {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
    case .number(let number): output.append(contentsOf: number.description.utf8)
    case .string(let text): JSONEscapes.append(text, to: &output)
    case .array(let elements):
      output.append(UInt8(ascii: "["))
      for (position, element) in elements.enumerated() {
        if position > 0 { output.append(UInt8(ascii: ",")) }
        element.encode(into: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      for (position, member) in members.enumerated() {
        if position > 0 { output.append(UInt8(ascii: ",")) }
        JSONEscapes.append(member.name.text, to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.encode(into: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// The value as a tape, so that it can be read like one that was received.
  ///
  /// - Throws: where it nests deeper than any message may, or has two members of one name.
  public func tape() throws(JSONError) -> JSONTape {
    try JSONTape(encoded(), depth: 512)
  }
}

extension JSON: Equatable {
  /// Equality as JSON means it: numbers by value, strings by code point, objects without regard to order.
  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left.count == right.count && areEqual(left, right)
    default: false
    }
  }
}

extension JSON {
  /// Whether both have the same members, where they are equally many.
  private static func areEqual(_ left: [(name: Name, value: JSON)], _ right: [(name: Name, value: JSON)]) -> Bool {
    let values = Dictionary(right.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    return left.allSatisfy { values[$0.name] == $0.value }
  }
}

extension JSONValue {
  /// The value as a tree.
  public var tree: JSON {
    switch kind {
    case .null: .null
    case .bool: .bool(bool ?? false)
    case .number: number.map { .number($0) } ?? .null
    case .string: .string(string ?? "")
    case .array: .array(elements.map(\.tree))
    case .object: .object(members.map { (Name($0.name.string ?? ""), $0.value.tree) })
    }
  }
}
