public import Wire

/// One thing that a rule changes in a call's arguments before the call is forwarded.
public struct Edit: Sendable {
  /// Which argument: a path of names and positions.
  public let path: Path
  /// What it is set to; nil where it is removed.
  public let value: JSON?
  /// Where the policy says so.
  public let place: Place

  /// As deep as any message nests by default.
  private static let longest = 64

  /// - Throws: what keeps the path from being set.
  public init(setting path: String, to value: JSON, place: Place) throws(OperandError) {
    self.path = try Edit.path(path, "set")
    self.value = value
    self.place = place
  }

  /// - Throws: what keeps the path from being removed.
  public init(removing path: String, place: Place) throws(OperandError) {
    self.path = try Edit.path(path, "removed")
    if case .element? = self.path.steps.last {
      throw OperandError(
        "an element of a list cannot be removed: those after it would take its place", hint: "set it, or use a script")
    }
    value = nil
    self.place = place
  }

  private static func path(_ text: String, _ done: String) throws(OperandError) -> Path {
    let path = try Path(text)
    guard path.root == .arguments, !path.steps.isEmpty else {
      throw OperandError("only arguments can be \(done)", hint: "args.name")
    }
    guard path.steps.count <= longest else { throw OperandError("the path has more than \(longest) steps") }
    return path
  }

  /// Whether the two cannot both be done, whichever comes first.
  public func conflicts(with other: Edit) -> Bool {
    if path.steps.count > other.path.steps.count { return other.conflicts(with: self) }
    guard other.path.steps.starts(with: path.steps) else { return false }
    let below = other.path.steps.dropFirst(path.steps.count)
    guard let value else { return other.value != nil }
    // What the other wants is in what this one sets already, or it is not to be.
    return Edit.follow(below, from: value) != other.value
  }

  private static func follow(_ steps: ArraySlice<Path.Step>, from start: JSON) -> JSON? {
    var value = start
    for step in steps {
      switch (step, value) {
      case (.member(let name), .object(let members)):
        guard let next = members.first(where: { $0.name.text.utf8.elementsEqual(name) })?.value else { return nil }
        value = next
      case (.element(let position), .array(let elements)) where elements.indices.contains(position):
        value = elements[position]
      default: return nil
      }
    }
    return value
  }

  /// Whether arguments are not yet as it makes them.
  func changes(_ arguments: JSONValue?) -> Bool {
    let current = arguments.flatMap { Path.follow(path.steps[...], from: $0) }
    return current?.tree != value
  }

  /// What it does, after a rule's name.
  func account(isObserved: Bool) -> String {
    let name = Excerpt.cleaned(path.description)
    guard let value else { return isObserved ? "would remove \(name)" : "removes \(name)" }
    return "\(isObserved ? "would set" : "sets") \(name) to \(Excerpt.shown(value))"
  }
}
