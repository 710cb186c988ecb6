import Policy
import Wire

/// Makes a policy of its text. Goes on after a mistake, so that one run finds all of them.
struct Compiler {
  let source: SourceText
  /// Where relative paths begin.
  let folder: String
  /// Values for parameters that are not to have their defaults.
  let given: [Name: ParameterValue]
  let operatorNames = Operators.names
  var report = Report()
  var shelf = ScriptShelf()
  var counters = StateCounters()
  /// What the server says of its tools, where that is known.
  private let tools: ListedTools?
  /// The paths of conditions that have been read, so that each is read once.
  var paths: [PathSpelling: Path] = [:]
  private let whenScripted: () -> Void
  private var isScripted = false

  /// - Parameter whenScripted: called as soon as a rule is found to have a script.
  init(
    source: SourceText, folder: String, given: [Name: ParameterValue] = [:], against tools: ListedTools? = nil,
    whenScripted: @escaping () -> Void = {}
  ) {
    self.tools = tools
    self.source = source
    self.folder = folder
    self.given = given
    self.whenScripted = whenScripted
  }

  /// A rule has a script.
  mutating func noteScript() {
    if !isScripted { whenScripted() }
    isScripted = true
  }

  mutating func load() throws(PolicyProblems) -> LoadedPolicy {
    var rules = RuleSet()
    var store = StoreSetting()
    var description: String?
    if let root = YAMLReader.read(source, report: &report), let policy = substitute(in: root) {
      description = compile(policy: policy, into: &rules, &store)
    }
    for problem in shelf.addModules(policy: source.name, folder: folder) { note(problem) }
    noteWhatModulesLookAt(in: &rules)
    let diagnostics = report.diagnostics(in: source)
    let files = [source.name] + shelf.files
    if report.hasErrors { throw PolicyProblems(diagnostics: diagnostics, files: files) }
    return LoadedPolicy(
      rules: rules, store: store, scripts: shelf.scripts, files: files, warnings: diagnostics, description: description,
      digest: shelf.digest(after: source.bytes, with: given))
  }

  /// Notes a mistake about a script's modules. The text of a script in the policy has lost its indentation.
  private mutating func note(_ problem: Diagnostic) {
    guard problem.place.file == source.name, let mistake = Mistake(rawValue: problem.code) else {
      return report.note(problem)
    }
    var position = Position(line: problem.place.line, column: problem.place.column)
    if let whole = source.lines([position.line])[position.line], let part = problem.sourceLine, whole.hasSuffix(part) {
      position.column += whole.unicodeScalars.count - part.unicodeScalars.count
    } else {
      position.column = 1
    }
    report.note(mistake, at: position, problem.message, hint: problem.hint)
  }

  private mutating func compile(policy root: Node, into rules: inout RuleSet, _ store: inout StoreSetting) -> String? {
    guard let members = members(of: root, the: "a policy", .policy) else { return nil }
    var description: String?
    var hidden: [NamePattern] = []
    var keys: [Name: [RuleSet.Section]] = [:]
    counters = StateCounters(of: members)
    for member in members {
      let value = member.value
      switch member.name.text {
      case "version": check(version: value, of: member)
      case "description": description = string(member)
      case "default": compile(default: member, into: &rules)
      case "mode": rules.mode = word(member, among: RuleSet.Mode.self) ?? rules.mode
      case "hide": hidden = patterns(member, of: "tool")
      case "tools": keys["tools"] = sections(of: member, Vocabulary.tool)
      case "resources": keys["resources"] = sections(of: member, Vocabulary.resource)
      case "prompts": keys["prompts"] = sections(of: member, Vocabulary.prompt)
      case "methods": rules.methods = compile(methods: member)
      case "list": refuse(member, unless: "all")
      case "store": store = compile(store: member)
      case "limits": compile(limits: member, into: &rules.limits)
      default: break
      }
    }
    // Last and in this order, so that what deciding needs is made of them once.
    rules.hidden = hidden
    rules.tools = keys["tools"] ?? []
    rules.resources = keys["resources"] ?? []
    rules.prompts = keys["prompts"] ?? []
    for sections in [rules.tools, rules.prompts] { noteConflicts(in: sections, mode: rules.mode) }
    warnOfHiddenRules(rules, in: members)
    warnOfNamelessTools(rules, in: members)
    warnOfUnreadCounters()
    if let tools { warn(of: rules, in: members, against: tools) }
    return description
  }

  private mutating func check(version: Node, of member: Node.Member) {
    guard !version.isBroken else { return }
    if case .scalar(let scalar) = version.content, scalar.text == "1" { return }
    report.note(
      .unknownVersion, at: version.isMissing ? member.position : version.position,
      "\"1\" is the only version of the policy language", hint: "write `version: \"1\"`, or leave it out")
  }

  private mutating func compile(default member: Node.Member, into rules: inout RuleSet) {
    guard case .mapping = member.value.content else {
      guard let verdict = word(member, among: RuleSet.Verdict.self) else { return }
      rules.defaultVerdict = verdict
      rules.resourceDefault = verdict
      rules.promptDefault = verdict
      return
    }
    for member in members(of: member, .defaults) ?? [] {
      guard let verdict = word(member, among: RuleSet.Verdict.self) else { continue }
      switch member.name.text {
      case "tools": rules.defaultVerdict = verdict
      case "resources": rules.resourceDefault = verdict
      case "prompts": rules.promptDefault = verdict
      default: break
      }
    }
  }

  /// A list of names and globs.
  mutating func patterns(_ member: Node.Member, of noun: String) -> [NamePattern] {
    var patterns: [NamePattern] = []
    var seen: Set<Name> = []
    let list = quoted(member.name.text)
    for entry in elements(of: member) ?? [] {
      guard let text = string(entry, the: "an entry of \(list)") else { continue }
      guard seen.insert(Name(text)).inserted else {
        report.note(
          .duplicateEntry, at: entry.position, "\(quoted(text)) stands twice in \(list)", hint: "remove one of them")
        continue
      }
      if let pattern = pattern(text, of: noun, at: entry.position) { patterns.append(pattern) }
    }
    return patterns
  }

  /// The keys under `tools`, `resources` or `prompts`, with their rules.
  private mutating func sections(of member: Node.Member, _ vocabulary: Vocabulary) -> [RuleSet.Section] {
    var sections: [RuleSet.Section] = []
    let noun = String(member.name.text.dropLast())
    for entry in entries(of: member) ?? [] {
      let pattern = pattern(entry.name.text, of: noun, at: entry.position)
      var rules: [Rule] = []
      var arguments = ArgumentsCheck.any
      for key in members(of: entry, vocabulary) ?? [] {
        switch key.name.text {
        case "rules": rules = compile(rules: key, of: Key(section: member.name.text, pattern: entry.name.text, pattern))
        case "arguments": arguments = word(key, among: ArgumentsCheck.self) ?? arguments
        default: break
        }
      }
      if member.name == "resources", let pattern { check(resourceKey: entry, pattern) }
      if let pattern { sections.append(RuleSet.Section(pattern: pattern, rules: rules, arguments: arguments)) }
    }
    return sections
  }

  private mutating func check(resourceKey key: Node.Member, _ pattern: NamePattern) {
    guard !report.isFull, let oddity = ResourceKey.oddity(of: pattern) else { return }
    report.note(
      .unreachableResource, at: key.position,
      "no URI in normal form matches this: it \(oddity)",
      hint: ResourceKey.normalSpelling(of: key.name.text).map { "write \(quoted($0))" }
        ?? "see \"Resources, prompts and methods\" in the reference for the normal form")
  }

  /// The name or glob; nil if it is malformed, which is noted.
  private mutating func pattern(_ text: String, of noun: String, at position: Position) -> NamePattern? {
    guard !text.isEmpty else {
      report.note(.badName, at: position, "a \(noun)'s name is empty", hint: "\"*\" stands for every \(noun)")
      return nil
    }
    do {
      return try NamePattern(text)
    } catch {
      report.note(.badName, at: position, error.message, hint: error.hint)
      return nil
    }
  }

  /// Tells of a key whose other values a later version brings.
  mutating func refuse(_ member: Node.Member, unless only: String, among words: [String]? = nil) {
    guard let text = string(member), text != only else { return }
    if let words, !words.contains(text) {
      report.note(
        .unknownWord, at: member.value.position, "\(quoted(member.name.text)) cannot be \(quoted(text))",
        hint: Spelling.hint(for: text, among: words))
    } else {
      report.note(
        .laterVersion, at: member.value.position,
        "this version of Moongate does not have \(quoted("\(member.name.text): \(text)"))",
        hint: "write \"\(only)\", or leave the key out")
    }
  }

  private mutating func warnOfHiddenRules(_ rules: RuleSet, in members: [Node.Member]) {
    guard !rules.hidden.isEmpty, case .mapping(let keys)? = members.named("tools")?.value.content else { return }
    for section in rules.tools where !section.rules.isEmpty && !report.isFull {
      guard let name = section.pattern.exactName, rules.hides(name) else { continue }
      guard let key = keys.named(Name(section.pattern.description)) else { continue }
      report.note(
        .rulesOfHiddenTool, at: key.position, "\(quoted(key.name.text)) is hidden: these rules are never judged",
        hint: "remove them, or the entry in \"hide\"")
    }
  }
}
