import Wire

extension PolicyDraft {
  /// The policy as a file.
  var text: String {
    var members: [(name: Name, value: JSON)] = [("default", .string(defaults)), ("mode", .string(mode))]
    if !hide.isEmpty { members.append(("hide", .array(hide.map { .string($0) }))) }
    members.append(("tools", .object(keys.map { (Name($0.pattern), $0.json) })))
    return PolicyDraft.lines(of: .object(members)).joined(separator: "\n") + "\n"
  }

  /// YAML in blocks, each line of it.
  private static func lines(of value: JSON) -> [String] {
    switch value {
    case .object(let members) where !members.isEmpty:
      return members.flatMap { name, value in
        let lines = lines(of: value)
        if isBlock(value) { return ["\(scalar(name.text)):"] + lines.map { "  " + $0 } }
        return ["\(scalar(name.text)): \(lines[0])"]
      }
    case .array(let elements) where !elements.isEmpty:
      return elements.flatMap { element in
        lines(of: element).enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
      }
    case .string(let text): return [scalar(text)]
    default: return [String(decoding: value.encoded(), as: UTF8.self)]
    }
  }

  private static func isBlock(_ value: JSON) -> Bool {
    switch value {
    case .object(let members): !members.isEmpty
    case .array(let elements): !elements.isEmpty
    default: false
    }
  }

  /// Plain where every reader takes it for a string.
  private static func scalar(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F || $0 == 0x2E }
    if isPlain, !["", "true", "false", "null"].contains(text), text.utf8.first != 0x2E { return text }
    return String(decoding: JSON.string(text).encoded(), as: UTF8.self)
  }
}

extension PolicyDraft.Key {
  fileprivate var json: JSON {
    let kept: [(name: Name, value: JSON)] = arguments == "any" ? [] : [("arguments", .string(arguments))]
    return .object(kept + [("rules", .array(rules.map(\.json)))])
  }
}

extension PolicyDraft.Rule {
  fileprivate var json: JSON {
    var members: [(name: Name, value: JSON)] = [("name", .string(name))]
    if action != "evaluate" { members.append(("action", .string(action))) }
    if let mode { members.append(("mode", .string(mode))) }
    if let when { members.append(("when", when.json)) }
    if let unless { members.append(("unless", unless.json)) }
    if let require { members.append(("require", require.json)) }
    if let limit { members.append(("rate_limit", limit)) }
    if let budget { members.append(("budget", budget)) }
    if let script { members.append(("lua", .string("-- \(script)"))) }
    if !set.isEmpty { members.append(("set", .object(set.map { (Name($0.path), $0.value) }))) }
    if !remove.isEmpty { members.append(("remove", .array(remove.map { .string($0) }))) }
    return .object(members)
  }
}

extension PolicyDraft.Condition {
  fileprivate var json: JSON {
    switch self {
    case .all(let inner): return Generator.object(("all", .array(inner.map(\.json))))
    case .any(let inner): return Generator.object(("any", .array(inner.map(\.json))))
    case .not(let inner): return Generator.object(("not", inner.json))
    case .test(let test):
      var members = test.operators.map { (name: Name($0.name), value: $0.operand) } as [(name: Name, value: JSON)]
      if let fallback = test.fallback { members.append(("default", fallback)) }
      if let optional = test.optional { members.append(("optional", optional)) }
      return .object([(Name(test.path), .object(members))])
    }
  }
}
