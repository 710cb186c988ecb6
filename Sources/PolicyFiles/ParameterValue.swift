public import Wire

/// A value for a parameter of a policy, and how a number or a word in it is spelt.
public struct ParameterValue: Sendable {
  /// The value.
  public let json: JSON
  /// What is put into a longer text; nil for what has no place there.
  let spelling: String?

  /// A value that was made.
  public init(_ json: JSON) {
    self.json = json
    switch json {
    case .string(let text): spelling = text
    case .number(let number): spelling = number.description
    case .bool(let value): spelling = value ? "true" : "false"
    case .null, .array, .object: spelling = nil
    }
  }

  /// The value that YAML text holds, such as `20` or `[a.example, b.example]`.
  ///
  /// - Parameter name: what the text is called in places and messages.
  /// - Throws: every mistake in it.
  public init(yaml text: String, named name: String) throws(PolicyProblems) {
    let source = SourceText(Array(text.utf8), name: name)
    var report = Report()
    let node = YAMLReader.read(source, report: &report)
    guard !report.hasErrors, let node, let value = ParameterValue(node) else {
      throw PolicyProblems(diagnostics: report.diagnostics(in: source), files: [])
    }
    self = value
  }

  /// What a node holds; nil if a mistake has been noted in it.
  init?(_ node: Node) {
    guard let json = node.json else { return nil }
    self.json = json
    switch json {
    case .string, .number, .bool: spelling = node.text
    case .null, .array, .object: spelling = nil
    }
  }

  /// What it is, with an article, for messages.
  var kind: String { Node(json, at: .start).kind }

  /// What it takes in a policy.
  struct Extent {
    /// How many values there are, itself among them.
    var values = 1
    /// How many levels there are below it.
    var height = 0
    /// How many bytes its texts have.
    var bytes = 0

    init(_ json: JSON) {
      switch json {
      case .null, .bool, .number: break
      case .string(let text): bytes = text.utf8.count
      case .array(let elements):
        for element in elements { add(Extent(element)) }
      case .object(let members):
        for member in members {
          // In a file the name is a value, too.
          values += 1
          bytes += member.name.text.utf8.count
          height = max(height, 1)
          add(Extent(member.value))
        }
      }
    }

    private mutating func add(_ below: Extent) {
      values += below.values
      bytes += below.bytes
      height = max(height, below.height + 1)
    }
  }
}

extension Node {
  /// A made value, all of which stands at one place.
  init(_ json: JSON, at position: Position) {
    self.position = position
    func scalar(_ text: String, _ value: CoreSchema.Value, _ style: Style = .plain) -> Content {
      .scalar(Scalar(text: text, value: value, style: style, lastLine: position.line))
    }
    switch json {
    case .null: content = scalar("null", .null)
    case .bool(let value): content = scalar(value ? "true" : "false", .bool(value))
    case .number(let number): content = scalar(number.description, .number(number))
    // In quotes, so that an empty one is there.
    case .string(let text): content = scalar(text, .string(text), .quoted)
    case .array(let elements): content = .sequence(elements.map { Node($0, at: position) })
    case .object(let members):
      content = .mapping(
        members.map { Member(name: $0.name, position: position, value: Node($0.value, at: position)) })
    }
  }
}
