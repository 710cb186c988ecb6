import Policy
import Wire

/// A value in a YAML file, and where it stands.
struct Node: Sendable {
  enum Content: Sendable {
    case scalar(Scalar)
    case sequence([Node])
    case mapping([Member])
    /// A mistake has been noted here already.
    case broken
  }

  /// How a scalar is written.
  enum Style: Sendable {
    case plain, quoted, literal, folded
  }

  struct Scalar: Sendable {
    /// As it is written, without quotes and escapes.
    var text: String
    /// What it means.
    var value: CoreSchema.Value
    var style: Style
    /// The line that it ends on.
    var lastLine: Int

    /// Whether nothing is written at all.
    var isMissing: Bool { style == .plain && text.isEmpty }
  }

  struct Member: Sendable {
    var name: Name
    var position: Position
    var value: Node
  }

  var content: Content
  var position: Position

  /// What it is, with an article, for messages.
  var kind: String {
    switch content {
    case .broken: "a mistake"
    case .sequence: "a list"
    case .mapping: "a map"
    case .scalar(let scalar):
      switch scalar.value {
      case .null: scalar.isMissing ? "nothing" : "null"
      case .bool: "a boolean"
      case .number: "a number"
      case .string: "a string"
      }
    }
  }

  var isBroken: Bool {
    if case .broken = content { true } else { false }
  }

  /// Whether the value was left out: `key:` with nothing behind it.
  var isMissing: Bool {
    if case .scalar(let scalar) = content { scalar.isMissing } else { false }
  }

  /// What is written, if it is a scalar.
  var text: String? {
    if case .scalar(let scalar) = content { scalar.text } else { nil }
  }

  /// What is written, if it is a scalar that says something.
  var label: String? {
    guard case .scalar(let scalar) = content else { return nil }
    if case .null = scalar.value { return nil }
    return scalar.text
  }

  /// The value as JSON; nil if a mistake has been noted in it.
  var json: JSON? {
    switch content {
    case .broken: return nil
    case .scalar(let scalar):
      switch scalar.value {
      case .null: return .null
      case .bool(let value): return .bool(value)
      case .number(let number): return .number(number)
      case .string(let text): return .string(text)
      }
    case .sequence(let nodes):
      var elements: [JSON] = []
      elements.reserveCapacity(nodes.count)
      for node in nodes {
        guard let element = node.json else { return nil }
        elements.append(element)
      }
      return .array(elements)
    case .mapping(let entries):
      var members: [(name: Name, value: JSON)] = []
      members.reserveCapacity(entries.count)
      for entry in entries {
        guard let value = entry.value.json else { return nil }
        members.append((entry.name, value))
      }
      return .object(members)
    }
  }

  /// Where the part of an operand stands that `path` leads to; as near as there is.
  ///
  /// - Parameter isPutIn: whether a parameter has put what stands at a place there.
  func position(at path: [OperandError.Step], isPutIn: (Position) -> Bool = { _ in false }) -> Position {
    var node = self
    var position = self.position
    for step in path {
      switch (step, node.content) {
      case (.element(let index), .sequence(let nodes)) where nodes.indices.contains(index):
        node = nodes[index]
        position = node.position
      case (.member(let name), .mapping(let members)):
        guard let member = members.first(where: { $0.name == Name(name) }) else { return position }
        node = member.value
        // A short value stands beside its name, a block below it: there the name says more.
        position =
          if case .scalar = node.content, !node.isMissing { node.position } else if isPutIn(node.position) {
            node.position
          } else { member.position }
      default: return position
      }
    }
    return position
  }
}

extension [Node.Member] {
  /// The member of that name.
  func named(_ name: Name) -> Node.Member? {
    first { $0.name == name }
  }
}
