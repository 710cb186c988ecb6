import Wire

/// Reads a YAML text to a tree that keeps its places. Mistakes that do not end the text are noted, and reading goes on.
struct YAMLReader: ~Copyable {
  /// The most values a policy may have, aliases written out.
  static let nodeLimit = 2_000_000
  /// How deep they may nest.
  static let depthLimit = 64

  /// Nothing more can be read; the reason has been noted.
  private struct Stop: Error {}

  /// A value that aliases may stand for.
  private struct Anchored {
    var node: Node
    var size: Int
    var height: Int
  }

  private var events: YAMLEvents
  private let source: SourceText
  private var anchors: [Name: Anchored?] = [:]
  private var nodeCount = 0
  /// The depth of the deepest value since the last anchor.
  private var deepest = 0

  /// The value that the text holds; nil if it holds none, or cannot be read to its end, which has been noted.
  static func read(_ source: SourceText, report: inout Report) -> Node? {
    guard source.isReadable(report: &report) else { return nil }
    guard let events = YAMLEvents(source.bytes) else {
      report.note(.yamlSyntax, at: .start, "out of memory")
      return nil
    }
    var reader = YAMLReader(events: events, source: source)
    return try? reader.document(report: &report)
  }

  private init(events: consuming YAMLEvents, source: SourceText) {
    self.events = events
    self.source = source
  }

  private mutating func document(report: inout Report) throws(Stop) -> Node? {
    _ = try next(report: &report)
    guard case .documentStart = try next(report: &report).kind else {
      report.note(
        .emptyPolicy, at: .start, "the policy is empty",
        hint: "a policy that allows everything is written `default: allow`")
      return nil
    }
    let root = try node(try next(report: &report), depth: 1, report: &report)
    _ = try next(report: &report)
    let after = try next(report: &report)
    if case .documentStart = after.kind {
      report.note(
        .secondDocument, at: after.start, "a second document begins here",
        hint: "a policy is one document; `---` may only stand before it")
    }
    return root
  }

  private mutating func next(report: inout Report) throws(Stop) -> YAMLEvents.Event {
    do {
      return try events.next()
    } catch {
      report.note(error, in: source)
      throw Stop()
    }
  }

  private mutating func node(
    _ event: YAMLEvents.Event, depth: Int, report: inout Report
  ) throws(Stop) -> Node {
    try count(1, depth: depth, at: event.start, inAlias: false, report: &report)
    if let tag = event.tag {
      report.note(
        .tag, at: event.start, "a policy has no tags, such as \(quoted(tag))",
        hint: "quote a value that is to be a string; else leave the tag out")
    }
    if case .alias(let name) = event.kind { return try alias(name, at: event.start, depth: depth, report: &report) }
    guard let anchor = event.anchor else { return try content(of: event, depth: depth, report: &report) }
    let outer = deepest
    let before = nodeCount
    deepest = depth
    anchors.updateValue(nil, forKey: Name(anchor))
    let node = try content(of: event, depth: depth, report: &report)
    anchors[Name(anchor)] = Anchored(node: node, size: nodeCount - before + 1, height: deepest - depth)
    deepest = max(outer, deepest)
    return node
  }

  private mutating func content(
    of event: YAMLEvents.Event, depth: Int, report: inout Report
  ) throws(Stop) -> Node {
    switch event.kind {
    case .scalar(let text, let style):
      return scalar(text, style: style, event: event, report: &report)
    case .sequenceStart:
      var elements: [Node] = []
      while true {
        let next = try next(report: &report)
        if case .sequenceEnd = next.kind { break }
        elements.append(try node(next, depth: depth + 1, report: &report))
      }
      return Node(content: .sequence(elements), position: event.start)
    case .mappingStart:
      return Node(content: .mapping(try members(depth: depth, report: &report)), position: event.start)
    default:
      // The events of a document are balanced: nothing else begins a value.
      return Node(content: .broken, position: event.start)
    }
  }

  private func scalar(
    _ text: String, style: Node.Style, event: YAMLEvents.Event, report: inout Report
  ) -> Node {
    var value = CoreSchema.Value.string(text)
    if style == .plain {
      switch CoreSchema.resolve(plain: text) {
      case .value(let resolved): value = resolved
      case .numberOutOfRange:
        report.note(
          .numberOutOfRange, at: event.start, "\(quoted(text)) is a number that cannot be held",
          hint: "quote it if it is a string")
        return Node(content: .broken, position: event.start)
      }
      if case .number(let number) = value, CoreSchema.hasLeadingZero(text) {
        report.note(
          .leadingZero, at: event.start, "YAML 1.2 reads \(text) as the number \(number)",
          hint: "quote it if it is a string; else leave the zero out")
      }
    }
    let scalar = Node.Scalar(text: text, value: value, style: style, lastLine: event.end.line)
    return Node(content: .scalar(scalar), position: event.start)
  }

  private mutating func members(depth: Int, report: inout Report) throws(Stop) -> [Node.Member] {
    var members: [Node.Member] = []
    var lines = FirstLines()
    while true {
      let event = try next(report: &report)
      if case .mappingEnd = event.kind { return members }
      let key = try node(event, depth: depth + 1, report: &report)
      let value = try node(try next(report: &report), depth: depth + 1, report: &report)
      guard case .scalar(let scalar) = key.content, !scalar.isMissing else {
        if !key.isBroken {
          report.note(
            .keyIsNoName, at: key.position, "a key must be a name, not \(key.kind)",
            hint: "a value that begins with `{`, `[` or `?` needs quotes")
        }
        continue
      }
      if scalar.text == "<<", scalar.style == .plain {
        report.note(
          .mergeKey, at: key.position, "a policy has no merge keys",
          hint: "write the keys out, or use an alias for the whole map")
        continue
      }
      let name = Name(scalar.text)
      if let line = lines.line(of: name, among: members) {
        report.note(
          .duplicateKey, at: key.position, "the key \(quoted(scalar.text)) stands twice in this map",
          hint: "it stands first on line \(line)")
        continue
      }
      members.append(Node.Member(name: name, position: key.position, value: value))
    }
  }

  /// Knows where each key of a map stands first.
  private struct FirstLines {
    /// So many keys are as quickly looked through.
    private static let few = 8

    private var lines: [Name: Int] = [:]
    private var count = 0

    mutating func line(of name: Name, among members: [Node.Member]) -> Int? {
      if members.count <= FirstLines.few { return members.named(name)?.position.line }
      for member in members[count...] { lines[member.name] = member.position.line }
      count = members.count
      return lines[name]
    }
  }

  private mutating func alias(
    _ name: String, at position: Position, depth: Int, report: inout Report
  ) throws(Stop) -> Node {
    switch anchors[Name(name)] {
    case .some(.some(let anchored)):
      try count(
        anchored.size, depth: depth + anchored.height, at: position, inAlias: true, report: &report)
      return anchored.node
    case .some(.none):
      report.note(
        .unknownAlias, at: position, "the alias \(quoted("*" + name)) stands within its own value",
        hint: "an alias repeats a value that is complete above it")
    case .none:
      report.note(
        .unknownAlias, at: position, "there is no anchor \(quoted("&" + name)) above this alias",
        hint: "if no alias is meant, quote the value: \(quoted("*" + name))")
    }
    return Node(content: .broken, position: position)
  }

  /// Takes values into account before they are made.
  private mutating func count(
    _ size: Int, depth: Int, at position: Position, inAlias: Bool, report: inout Report
  ) throws(Stop) {
    nodeCount += size
    deepest = max(deepest, depth)
    if depth > YAMLReader.depthLimit {
      report.note(
        .tooComplex, at: position, "values nest deeper than \(YAMLReader.depthLimit) levels",
        hint: "a policy needs far fewer")
      throw Stop()
    }
    if nodeCount > YAMLReader.nodeLimit {
      if inAlias {
        report.note(
          .aliasExplosion, at: position,
          "written out, the aliases make more than \(YAMLReader.nodeLimit) values",
          hint: "use fewer aliases within aliases")
      } else {
        report.note(
          .tooComplex, at: position, "the policy has more than \(YAMLReader.nodeLimit) values",
          hint: "split it: one policy for each server")
      }
      throw Stop()
    }
  }
}
