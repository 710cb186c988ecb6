import Policy
import Wire

/// What a condition decides for its rule.
enum ConditionRole {
  case when, unless, require
  /// The `conditions` of Intercept v1.
  case conditions
}

extension Compiler {
  private static let groups = ["all", "any", "not"]

  /// The condition that is the value of `when`, `unless` or `require`.
  mutating func condition(_ member: Node.Member, role: ConditionRole) -> Condition? {
    guard isThere(member, empty: nil) else { return nil }
    let errors = report.errors
    let condition = condition(member.value, key: member, role: role, dialect: .moongate)
    // What has been left out for a mistake would be missed.
    if role == .when, report.errors == errors { warnOfAbsence(in: condition) }
    return condition
  }

  private mutating func warnOfAbsence(in condition: Condition?) {
    for test in condition?.testsUnknownWhereAbsent ?? [] {
      report.note(
        .whenMayBeUnknown, at: test.place.position,
        "where \(test.path.description) is absent this is unknown, and the rule applies",
        hint: test.fallback == nil
          ? "say what an absent argument counts as: `default: …`"
          : "its default cannot be judged either: give one of the kind that the operators need")
    }
  }

  /// `conditions` of Intercept v1: a list, all of which must hold.
  mutating func conditions(_ member: Node.Member) -> Condition? {
    guard elements(of: member) != nil else { return nil }
    return condition(member.value, key: member, role: .conditions, dialect: .intercept)
  }

  private mutating func condition(
    _ node: Node, key: Node.Member, role: ConditionRole, dialect: Dialect
  ) -> Condition? {
    switch node.content {
    case .broken: return nil
    case .sequence(let elements):
      return list(elements, at: node, key: key, role: role, dialect: dialect).map { .all($0) }
    case .mapping(let members):
      return condition(members, at: node, key: key, role: role, dialect: dialect)
    case .scalar:
      report.note(
        .conditionShape, at: node.isMissing ? key.position : node.position,
        "a condition is a map or a list, not \(node.kind)",
        hint: "write it as `{ args.name: value }`")
      return nil
    }
  }

  private mutating func list(
    _ elements: [Node], at node: Node, key: Node.Member, role: ConditionRole, dialect: Dialect
  ) -> [Condition]? {
    guard !elements.isEmpty else {
      report.note(
        .emptySection, at: node.position, "\(quoted(key.name.text)) has no conditions",
        hint: "add one, or leave the key out")
      return nil
    }
    var conditions: [Condition] = []
    for element in elements {
      // An entry of three keys is how Intercept v1 writes it.
      var dialect = dialect
      if case .mapping(let members) = element.content, Compiler.isLong(members) { dialect = .intercept }
      if let condition = condition(element, key: key, role: role, dialect: dialect) { conditions.append(condition) }
    }
    return conditions
  }

  private static func isLong(_ members: [Node.Member]) -> Bool {
    members.contains { $0.name == "path" || $0.name == "op" }
  }

  private mutating func condition(
    _ members: [Node.Member], at node: Node, key: Node.Member, role: ConditionRole, dialect: Dialect
  ) -> Condition? {
    if members.isEmpty {
      report.note(
        .emptySection, at: node.position, "\(quoted(key.name.text)) has an empty condition",
        hint: "write it as `{ args.name: value }`")
      return nil
    }
    if Compiler.isLong(members) { return longTest(at: node, role: role, dialect: dialect) }
    var conditions: [Condition] = []
    for member in members {
      if let condition = condition(member, role: role, dialect: dialect) { conditions.append(condition) }
    }
    return conditions.count == 1 ? conditions[0] : .all(conditions)
  }

  private mutating func condition(_ member: Node.Member, role: ConditionRole, dialect: Dialect) -> Condition? {
    let name = member.name.text
    guard Compiler.groups.contains(where: { $0 == name }) else {
      return shortTest(member, role: role, dialect: dialect)
    }
    guard isThere(member, empty: nil) else { return nil }
    if name == "not" {
      return condition(member.value, key: member, role: role, dialect: dialect).map { .not($0) }
    }
    guard let elements = elements(of: member) else { return nil }
    let conditions = list(elements, at: member.value, key: member, role: role, dialect: dialect)
    return conditions.map { name == "any" ? .any($0) : .all($0) }
  }

  /// `{path, op, value}`.
  private mutating func longTest(at node: Node, role: ConditionRole, dialect: Dialect) -> Condition? {
    guard let members = members(of: node, the: "a condition", .condition) else { return nil }
    for key in ["path", "op", "value"] where members.named(Name(key)) == nil {
      report.note(
        .missingKey, at: node.position, "this condition lacks \"\(key)\"",
        hint: "a condition in this form has \"path\", \"op\" and \"value\"")
    }
    var draft = TestDraft(role: role, dialect: dialect)
    if let member = members.named("path") {
      draft.place = member.value.position
      if let text = string(member) {
        if dialect == .intercept {
          noteBrackets(in: text, members.named("op")?.value.text, at: member.value.position, role: role)
        }
        find(text, at: member.value.position, for: &draft)
      }
    }
    if let member = members.named("op"), let name = string(member) {
      let operand = members.named("value")
      if operatorNames.contains(where: { $0 == name }) {
        if let operand, isThere(operand, empty: nil) {
          append(name, operand: operand.value, to: &draft)
        }
      } else {
        noteUnknownOperator(name, at: member.value.position)
      }
    }
    for member in members where member.name == "default" || member.name == "optional" {
      modify(&draft, with: member)
    }
    return finish(draft)
  }

  /// Tells of what looks like a path to an element, where it is part of a name.
  private mutating func noteBrackets(in path: String, _ name: String?, at position: Position, role: ConditionRole) {
    guard !Compiler.isState(path), path.utf8.contains(where: { "[]*".utf8.contains($0) }), !report.isFull else {
      return
    }
    let isPath = (try? Path(path, wildcards: true)) != nil
    let hint =
      isPath
      ? "write it under \"require\" as `\(path): { \(name ?? "eq"): … }`"
      : "elements are written `args.items[*].name: { … }`"
    report.note(
      role == .conditions ? .bracketsInName : .badPath, at: position,
      "in a condition of this form brackets and \"*\" are part of a name, and do not lead to elements",
      hint: role == .conditions || !isPath ? hint : "write it as `\(path): { \(name ?? "eq"): … }`")
  }

  /// `<path>: <value>` or `<path>: {<operator>: <operand>, …}`.
  private mutating func shortTest(_ member: Node.Member, role: ConditionRole, dialect: Dialect) -> Condition? {
    var draft = TestDraft(role: role, dialect: dialect)
    draft.place = member.position
    if dialect == .intercept { noteBrackets(in: member.name.text, nil, at: member.position, role: role) }
    find(member.name.text, at: member.position, for: &draft)
    guard isThere(member, empty: nil) else { return nil }
    guard case .mapping(let operators) = member.value.content else {
      warnOfList(member.value)
      append("eq", operand: member.value, to: &draft)
      return finish(draft)
    }
    for entry in operators {
      switch entry.name.text {
      case "default", "optional": modify(&draft, with: entry)
      case let name where operatorNames.contains(where: { $0 == name }):
        if isThere(entry, empty: nil) { append(name, operand: entry.value, to: &draft) }
      case let name: noteUnknownOperator(name, at: entry.position, mayBeMember: true)
      }
    }
    if operators.allSatisfy({ $0.name == "default" || $0.name == "optional" }) {
      report.note(
        .conditionShape, at: member.position, "this condition has no operator",
        hint: "add one, such as `eq` or `exists`")
    }
    return finish(draft)
  }

  /// A test whose parts are still being read.
  private struct TestDraft {
    var role: ConditionRole
    var dialect: Dialect
    var place = Position.start
    var path: Path?
    var operators: [any Operator] = []
    /// Whether it is about a counter; then which one, if there is one, and by what operators.
    var isOfCount = false
    var counter: StateCounter?
    var countOperators: [(name: String, operand: Node)] = []
    var fallback: JSON?
    var optional = Condition.Test.Optionality.required
  }

  /// What the condition is about: a value of the call, or a counter.
  private mutating func find(_ text: String, at position: Position, for draft: inout TestDraft) {
    if Compiler.isState(text) {
      draft.isOfCount = true
      draft.counter = counter(text, at: position, dialect: draft.dialect)
    } else {
      draft.path = path(text, at: position, dialect: draft.dialect)
    }
  }

  private mutating func finish(_ draft: TestDraft) -> Condition? {
    if draft.isOfCount {
      if draft.fallback != nil || draft.optional != .required {
        report.note(
          .contradiction, at: draft.place, "a count is always there, and 0 at first",
          hint: "leave out \"default\" and \"optional\"")
      }
      guard let counter = draft.counter else { return nil }
      let test = countTest(counter, draft.countOperators, dialect: draft.dialect, at: draft.place)
      return test.map { .count($0) }
    }
    return finishTest(draft).map { .test($0) }
  }

  private mutating func finishTest(_ draft: TestDraft) -> Condition.Test? {
    guard let path = draft.path else { return nil }
    // A JSON tree of a policy nests less deep than any tape may.
    let fallback = draft.fallback.flatMap { try? $0.tape().root }
    return Condition.Test(
      path: path, operators: draft.operators, fallback: fallback, optional: draft.optional,
      place: source.place(draft.place))
  }

  private mutating func modify(_ draft: inout TestDraft, with member: Node.Member) {
    guard isThere(member, empty: nil) else { return }
    if member.name == "default" {
      draft.fallback = member.value.json
      return
    }
    guard case .scalar(let scalar) = member.value.content else {
      if !member.value.isBroken { noteOptional(member.value) }
      return
    }
    switch scalar.value {
    case .bool(true): draft.optional = .absentOrNull
    case .bool(false): draft.optional = .required
    case .string("blank"): draft.optional = .absentNullOrBlank
    default: noteOptional(member.value)
    }
  }

  private mutating func noteOptional(_ node: Node) {
    report.note(
      .unknownWord, at: node.position, "\"optional\" is true, false or \"blank\"",
      hint: "\"blank\" also excuses an empty string")
  }

  private mutating func append(_ name: String, operand: Node, to draft: inout TestDraft) {
    if draft.dialect == .intercept { noteOtherReadings(of: operand) }
    guard !draft.isOfCount else { return draft.countOperators.append((name, operand)) }
    guard let json = operand.json else { return }
    do {
      guard let made = try Operators.make(name, operand: json, dialect: draft.dialect) else { return }
      draft.operators.append(made)
      warn(of: name, operand: operand, json: json, path: draft.path)
    } catch {
      for error in error.all {
        let position = operand.position(at: error.path, isPutIn: report.hasOrigin)
        report.note(.badOperand, at: position, error.message, hint: error.hint)
      }
    }
  }

  private mutating func noteUnknownOperator(_ name: String, at position: Position, mayBeMember: Bool = false) {
    report.note(
      .unknownOperator, at: position, "there is no operator \(quoted(name))",
      hint: report.isFull ? nil : hint(forUnknown: name, mayBeMember: mayBeMember))
  }

  private func hint(forUnknown name: String, mayBeMember: Bool) -> String? {
    if mayBeMember, Spelling.nearest(to: name, among: operatorNames) == nil {
      return "to compare with a map, write `eq: { … }`"
    }
    return Spelling.hint(for: name, among: operatorNames)
  }

  /// What makes a path: equal spellings mean the same, and a policy has few.
  struct PathSpelling: Hashable {
    let text: Name
    let dialect: Dialect
  }

  private mutating func path(_ text: String, at position: Position, dialect: Dialect) -> Path? {
    if text == "result" || text.hasPrefix("result.") || text.hasPrefix("result[") {
      report.note(
        .laterVersion, at: position, "this version of Moongate does not have \"result\" in conditions",
        hint: "remove the condition")
      return nil
    }
    if let path = paths[PathSpelling(text: Name(text), dialect: dialect)] { return path }
    do {
      let path = try Path(text, dialect: dialect, wildcards: true)
      paths[PathSpelling(text: Name(text), dialect: dialect)] = path
      return path
    } catch {
      report.note(.badPath, at: position, error.message, hint: error.hint)
      return nil
    }
  }
}
