import Policy
import Wire

/// Puts the values of parameters in the places of `${name}`, before anything else looks at the policy.
///
/// What is put in stands at the place of the scalar that named it, and is not looked at for further placeholders.
struct Substitution {
  /// The most bytes of text that may be put in: as many as a policy may have.
  static let byteLimit = SourceText.limit

  var parameters = Parameters()
  private var values = 0
  private var bytes = 0
  private var isStopped = false

  /// The policy with the values in place, `parameters` as it is; nil if it would become too large, which has been noted.
  mutating func policy(_ root: Node, report: inout Report) -> Node? {
    let policy = replaced(root, .policy, depth: 1, report: &report) ?? root
    return isStopped ? nil : policy
  }

  /// The value of `parameters`, in which nothing may refer to a parameter.
  mutating func definitions(_ node: Node, report: inout Report) -> Node {
    replaced(node, .definitions, depth: 2, report: &report) ?? node
  }

  /// What a value is in the policy, as far as it matters for what stands in it.
  private enum Site {
    case policy, sections, section, rules, rule
    /// A script, whose text is Lua's.
    case script
    /// `parameters`, which has its own turn.
    case parameters
    /// What `parameters` holds.
    case definitions
    case other

    var isOfDefinitions: Bool {
      if case .definitions = self { true } else { false }
    }

    func below(_ key: String? = nil) -> Site {
      switch (self, key) {
      case (.policy, "tools"), (.policy, "resources"), (.policy, "prompts"): .sections
      case (.policy, "parameters"): .parameters
      case (.sections, .some): .section
      case (.section, "rules"): .rules
      case (.rules, nil): .rule
      case (.rule, "lua"): .script
      case (.definitions, _): .definitions
      default: .other
      }
    }
  }

  /// The node with values in place; nil where that is the node itself. The reader has bounded the depth.
  private mutating func replaced(_ node: Node, _ site: Site, depth: Int, report: inout Report) -> Node? {
    if case .parameters = site { return nil }
    values += 1
    switch node.content {
    case .broken: return nil
    case .scalar(let scalar):
      if case .script = site { return nil }
      guard case .string(let text) = scalar.value, let parts = Placeholder.parts(of: text) else { return nil }
      return replaced(scalar, parts, at: node.position, site, depth: depth, report: &report)
    case .sequence(let elements):
      guard let elements = replaced(elements, site.below(), depth: depth + 1, report: &report) else { return nil }
      return Node(content: .sequence(elements), position: node.position)
    case .mapping(let members):
      guard let members = replaced(members, site, depth: depth + 1, report: &report) else { return nil }
      return Node(content: .mapping(members), position: node.position)
    }
  }

  private mutating func replaced(
    _ elements: [Node], _ site: Site, depth: Int, report: inout Report
  ) -> [Node]? {
    var result: [Node]?
    for (index, element) in elements.enumerated() {
      guard let node = replaced(element, site, depth: depth, report: &report) else {
        result?.append(element)
        continue
      }
      if result == nil { result = Array(elements[..<index]) }
      if case .scalar = element.content, case .sequence(let list) = node.content {
        result?.append(contentsOf: list)
      } else {
        result?.append(node)
      }
    }
    return result
  }

  private mutating func replaced(
    _ members: [Node.Member], _ site: Site, depth: Int, report: inout Report
  ) -> [Node.Member]? {
    // Rules of Intercept know no parameters.
    if case .rule = site, parameters.isEmpty, RuleDraft.isOfIntercept(members) { return nil }
    var result: [Node.Member]?
    var hasNewNames = false
    for (index, member) in members.enumerated() {
      values += 1
      let name: Name?
      if let parts = Placeholder.parts(of: member.name.text) {
        name = self.text(of: parts, at: member.position, site, report: &report).map { Name($0) }
        hasNewNames = true
      } else {
        name = member.name
      }
      let below = site.below((name ?? member.name).text)
      let value = replaced(member.value, below, depth: depth, report: &report)
      if result == nil, value != nil || name != member.name { result = Array(members[..<index]) }
      guard let name else { continue }
      result?.append(Node.Member(name: name, position: member.position, value: value ?? member.value))
    }
    return hasNewNames ? result.map { Substitution.unique($0, report: &report) } : result
  }

  /// Notes names that have become equal.
  private static func unique(_ members: [Node.Member], report: inout Report) -> [Node.Member] {
    var lines: [Name: Int] = [:]
    return members.filter { member in
      if let line = lines[member.name] {
        report.note(
          .duplicateKey, at: member.position, "the key \(quoted(member.name.text)) stands twice in this map",
          hint: "it stands first on line \(line)")
        return false
      }
      lines[member.name] = member.position.line
      return true
    }
  }

  private mutating func replaced(
    _ scalar: Node.Scalar, _ parts: [Placeholder.Part], at position: Position, _ site: Site, depth: Int,
    report: inout Report
  ) -> Node {
    if !site.isOfDefinitions, parts.count == 1, case .parameter(let name) = parts[0] {
      return value(of: name, at: position, depth: depth, report: &report)
    }
    guard let text = text(of: parts, at: position, site, report: &report) else {
      return Node(content: .broken, position: position)
    }
    // Plain text that is empty would count as left out.
    let style = scalar.style == .plain ? .quoted : scalar.style
    return Node(
      content: .scalar(Node.Scalar(text: text, value: .string(text), style: style, lastLine: scalar.lastLine)),
      position: position)
  }

  /// The value that a whole scalar stands for.
  private mutating func value(of name: String, at position: Position, depth: Int, report: inout Report) -> Node {
    let broken = Node(content: .broken, position: position)
    guard let parameter = use(name, at: position, report: &report), let value = parameter.value else { return broken }
    guard take(parameter.extent, depth: depth, at: position, report: &report) else { return broken }
    report.noteOrigin([parameter.origin], of: position)
    var node = Node(value.json, at: position)
    if case .scalar(var scalar) = node.content, let spelling = value.spelling {
      scalar.text = spelling
      node.content = .scalar(scalar)
    }
    return node
  }

  /// The text of which these are the parts; nil where it has none, which has been noted.
  private mutating func text(
    of parts: [Placeholder.Part], at position: Position, _ site: Site, report: inout Report
  ) -> String? {
    var text = ""
    var isGood = true
    var origins: [String] = []
    for part in parts {
      switch part {
      case .text(let plain): text += plain
      case .parameter(let name), .malformed(let name):
        if site.isOfDefinitions {
          report.note(
            .parameterWithinParameters, at: position,
            "a parameter cannot refer to another, as \(quoted("${\(name)}")) would",
            hint: "for the characters themselves write \("$${\(name)}")")
          return nil
        }
        guard let parameter = named(part, at: position, report: &report) else {
          isGood = false
          continue
        }
        guard let value = parameter.value else {
          isGood = false
          continue
        }
        guard let spelling = value.spelling else {
          report.note(
            .valueWithinText, at: position,
            "the parameter \(quoted(name)) is \(value.kind), which has no place within a text",
            hint: "only a string, a number or a boolean has; \(Parameter.hint(from: [parameter.origin]))")
          isGood = false
          continue
        }
        var extent = ParameterValue.Extent(.null)
        extent.values = 0
        extent.bytes = spelling.utf8.count
        guard take(extent, depth: 0, at: position, report: &report) else { return nil }
        if !origins.contains(parameter.origin) { origins.append(parameter.origin) }
        text += spelling
      }
    }
    guard isGood else { return nil }
    if !origins.isEmpty { report.noteOrigin(origins, of: position) }
    return text
  }

  private mutating func named(_ part: Placeholder.Part, at position: Position, report: inout Report) -> Parameter? {
    switch part {
    case .text: return nil
    case .parameter(let name): return use(name, at: position, report: &report)
    case .malformed(let name):
      let bare = String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      report.note(
        .badParameterName, at: position, "\(quoted("${\(name)}")) does not name a parameter",
        hint: parameters.contains(Name(bare))
          ? "write \("${\(bare)}")" : "for the characters themselves write \("$${\(name)}")")
      return nil
    }
  }

  private mutating func use(_ name: String, at position: Position, report: inout Report) -> Parameter? {
    if let parameter = parameters.use(name) { return parameter }
    guard !parameters.isIncomplete else { return nil }
    let near = report.isFull ? nil : Spelling.hint(for: name, among: parameters.names)
    report.note(
      .unknownParameter, at: position, "there is no parameter \(quoted(name))",
      hint: near ?? "define it under \"parameters\"; for the characters themselves write \("$${\(name)}")")
    return nil
  }

  /// Takes what is put in into account, before it is made.
  private mutating func take(
    _ extent: ParameterValue.Extent, depth: Int, at position: Position, report: inout Report
  ) -> Bool {
    guard !isStopped else { return false }
    // The scalar itself has been counted.
    values += max(extent.values - 1, 0)
    bytes += extent.bytes
    if depth + extent.height > YAMLReader.depthLimit {
      report.note(
        .tooComplex, at: position,
        "with what a parameter puts in, values nest deeper than \(YAMLReader.depthLimit) levels",
        hint: "a policy needs far fewer")
      return false
    }
    if values > YAMLReader.nodeLimit {
      report.note(
        .tooComplex, at: position,
        "with what parameters put in, the policy has more than \(YAMLReader.nodeLimit) values",
        hint: "use long values in fewer places")
      isStopped = true
    } else if bytes > Substitution.byteLimit {
      report.note(
        .policyTooLarge, at: position,
        "parameters put more than \(Substitution.byteLimit >> 20) MiB of text into the policy",
        hint: "use long values in fewer places")
      isStopped = true
    }
    return !isStopped
  }
}
