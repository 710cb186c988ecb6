public import Wire

/// Where a value is found in a call: `args.url`, `args.items[0]['odd.name']`, `client.name`. One with wildcards leads to
/// several: `args.items[*].url` to that of every element, `args.**` to every value below.
public struct Path: Sendable, CustomStringConvertible {
  /// The path as it was written.
  public let description: String

  let root: Root
  let steps: [Step]

  /// Where a path begins.
  enum Root: Sendable, Hashable {
    case arguments, meta
    case toolName, toolAnnotations
    case client, server, principal
    case session
    case sessionCalls(Name)
  }

  /// One step into a value.
  enum Step: Sendable, Hashable {
    /// To the member of this name, in UTF-8.
    case member([UInt8])
    case element(Int)
    /// To every element of a list.
    case elements
    /// To every value below an object or a list. Comes last.
    case descendants
  }

  /// Reads a path as policies write it.
  ///
  /// - Parameter wildcards: whether it may lead to several values.
  /// - Throws: what is wrong with the spelling, with the nearest valid one.
  public init(_ text: String, dialect: Dialect = .moongate, wildcards: Bool = false) throws(OperandError) {
    description = text
    (root, steps) = try PathReader(text, wildcards: wildcards).read(dialect)
  }

  /// The names in a path, its root among them; for one that is about something else than a value of the call.
  ///
  /// - Throws: what is wrong with the spelling.
  package static func names(in text: String, dialect: Dialect) throws(OperandError) -> [String] {
    try PathReader(text).names(dialect)
  }

  /// Whether it may lead to several values.
  var isWild: Bool {
    steps.contains { step in
      switch step {
      case .elements, .descendants: true
      case .member, .element: false
      }
    }
  }

  /// The name of the argument in which the path begins, where it begins in one.
  var argument: [UInt8]? {
    if root == .arguments, case .member(let name)? = steps.first { name } else { nil }
  }

  /// The tool of which the path gives the number of calls, if it does that.
  package var countedTool: Name? {
    if case .sessionCalls(let tool) = root { tool } else { nil }
  }

  /// Whether a number can be there: not where the path is all the arguments, a name or an identifier.
  package var mayLeadToNumber: Bool {
    switch root {
    case .toolName, .session: false
    case .arguments, .meta, .toolAnnotations, .client, .server, .principal: !steps.isEmpty
    case .sessionCalls: true
    }
  }

  /// The value in the call, or nil where the path leads nowhere, or to more than one.
  public func value(in call: Call) -> JSONValue? {
    start(in: call).flatMap { Path.follow(steps[...], from: $0) }
  }

  /// The value to which the steps lead.
  static func follow(_ steps: ArraySlice<Step>, from start: JSONValue) -> JSONValue? {
    var value = start
    for step in steps {
      switch step {
      case .member(let name):
        guard let next = value.member(name) else { return nil }
        value = next
      case .element(let position):
        guard let next = value[position] else { return nil }
        value = next
      case .elements, .descendants: return nil
      }
    }
    return value
  }

  /// The value on the way to which the path's next step leads nowhere, though it is neither absent nor null: a name below
  /// what is no object, a position in what is no list. Then the path cannot be said to lead to nothing.
  func bar(in call: Call) -> (value: JSONValue, position: Int)? {
    start(in: call).flatMap { Path.bar(steps[...], from: $0) }
  }

  /// The same for steps from a value, with the position of the step that leads nowhere.
  static func bar(_ steps: ArraySlice<Step>, from start: JSONValue) -> (value: JSONValue, position: Int)? {
    var value = start
    for position in steps.indices {
      if Path.bars(steps[position], value) { return (value, position) }
      guard let next = follow(steps[position...position], from: value) else { return nil }
      value = next
    }
    return nil
  }

  /// Whether the step is for values of another kind than this.
  static func bars(_ step: Step, _ value: JSONValue) -> Bool {
    if value.isNull { return false }
    return switch step {
    case .member: value.kind != .object
    case .element, .elements: value.kind != .array
    case .descendants: value.kind != .object && value.kind != .array
    }
  }

  /// What the steps begin from.
  func start(in call: Call) -> JSONValue? {
    switch root {
    case .arguments: call.arguments
    case .meta: call.meta
    case .toolName: call.subject == .tool ? call.nameValue : nil
    case .toolAnnotations: call.definition?.member(Path.annotations)
    case .client: call.context.client
    case .server: call.context.server
    case .principal: call.context.principal
    case .session: Path.made(.string(call.context.session))
    case .sessionCalls(let tool): Path.made(.number(ExactNumber(call.context.calls[tool] ?? 0)))
    }
  }

  private static let annotations = Array("annotations".utf8)

  /// A value that no message holds. Neither a string nor a number is ever refused by the reader.
  private static func made(_ value: JSON) -> JSONValue? {
    do throws(JSONError) {
      return try value.tape().root
    } catch {
      return nil
    }
  }
}

extension Path: Hashable {
  /// Whether two paths lead to the same value, however they are spelt.
  public static func == (left: Path, right: Path) -> Bool {
    left.root == right.root && left.steps == right.steps
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(root)
    hasher.combine(steps)
  }
}
