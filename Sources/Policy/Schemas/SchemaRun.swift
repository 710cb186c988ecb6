import Wire

/// One value on its way through a schema: how deep it is, what it has cost, and what was wrong.
struct SchemaRun {
  /// What one value may cost. A step is a schema or an element looked at, or 64 bytes of text.
  static let mostSteps = 1_000_000
  /// How deep schemas may lead to schemas.
  static let mostLevels = 400
  /// How many violations are told.
  static let mostViolations = 3

  let schema: Schema
  /// Whether anything asks what has been looked at.
  let tracks: Bool
  private(set) var violations: [SchemaViolation] = []
  private var steps = 0
  private var level = 0
  /// Above zero where a violation decides between alternatives, and is nobody's fault.
  private var quiet = 0
  private var path: [Step] = []
  /// The parts with identifiers through which it has come here, the outermost first.
  private var scope: [Int] = []

  private enum Step {
    case member(JSONValue)
    case element(Int)
  }

  init(_ schema: Schema, tracks: Bool) {
    self.schema = schema
    self.tracks = tracks
  }

  /// Judges a value by one of the schemas: what that has looked at; nil where the value is not as demanded.
  mutating func evaluate(_ index: Int, _ value: JSONValue) throws(SchemaStop) -> SchemaEvaluated? {
    try spend(1)
    let node = schema.nodes[index]
    if let verdict = node.verdict {
      if !verdict { object("must not be there") }
      return verdict ? SchemaEvaluated() : nil
    }
    guard level < SchemaRun.mostLevels else { throw .tooDeep }
    level += 1
    let enters = scope.last != node.resource
    if enters { scope.append(node.resource) }
    var seen = SchemaEvaluated()
    var isValid = true
    for keyword in node.keywords {
      if try keyword.judge(value, &self, &seen) { continue }
      isValid = false
      if quiet > 0 || violations.count >= SchemaRun.mostViolations { break }
    }
    if enters { scope.removeLast() }
    level -= 1
    return isValid ? seen : nil
  }

  /// The same, of a value whose failing is nobody's fault.
  mutating func tries(_ index: Int, _ value: JSONValue) throws(SchemaStop) -> SchemaEvaluated? {
    quiet += 1
    let seen = try evaluate(index, value)
    quiet -= 1
    return seen
  }

  /// Judges a member's value.
  mutating func evaluate(_ index: Int, member: (name: JSONValue, value: JSONValue)) throws(SchemaStop) -> Bool {
    path.append(.member(member.name))
    let seen = try evaluate(index, member.value)
    path.removeLast()
    return seen != nil
  }

  /// Judges an element.
  mutating func evaluate(_ index: Int, element: JSONValue, at position: Int) throws(SchemaStop) -> Bool {
    path.append(.element(position))
    let seen = try evaluate(index, element)
    path.removeLast()
    return seen != nil
  }

  /// Counts what is about to be done.
  mutating func spend(_ cost: Int) throws(SchemaStop) {
    steps += cost
    if steps > SchemaRun.mostSteps { throw .tooMuchWork }
  }

  /// Counts a text that is about to be read.
  mutating func spend(reading value: JSONValue) throws(SchemaStop) {
    try spend(value.range.count / 64)
  }

  /// The schema that a dynamic reference by that name leads to: that of the outermost part that has one.
  func dynamicTarget(_ name: Name) -> Int? {
    for resource in scope {
      if let target = schema.dynamicAnchors[resource][name] { return target }
    }
    return nil
  }

  // MARK: What was wrong

  /// Tells what is wrong with the value at hand: `must …`.
  mutating func object(_ demand: @autoclosure () -> String) {
    guard quiet == 0, violations.count < SchemaRun.mostViolations else { return }
    violations.append(SchemaViolation(path: shownPath, demand: Excerpt.line(demand(), limit: 300)))
  }

  /// Tells what is wrong with a member of it.
  mutating func object(toMember name: JSONValue, _ demand: @autoclosure () -> String) {
    path.append(.member(name))
    object(demand())
    path.removeLast()
  }

  private var shownPath: String {
    var text = ""
    for step in path {
      switch step {
      case .element(let position): text += "[\(position)]"
      case .member(let name):
        let word = Excerpt.bare(name)
        let isPlain = word.utf8.first.map(ASCIIClass.isLetter) ?? false
        text += isPlain && word.utf8.allSatisfy(SchemaRun.isOfWords) ? ".\(word)" : "['\(word)']"
      }
    }
    return Excerpt.line(text, limit: 160)
  }

  private static func isOfWords(_ byte: UInt8) -> Bool {
    ASCIIClass.isLetter(byte) || ASCIIClass.isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  /// `it is …`, about a value.
  static func seen(_ value: JSONValue) -> String {
    switch value.kind {
    case .array, .object: "it is \(value.kind.phrase)"
    default: "it is \(Excerpt.shown(value))"
    }
  }
}
