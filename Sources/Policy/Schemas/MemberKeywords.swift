import Wire

/// What is demanded of objects: of their members, of the names, of how many there are.
enum MemberKeywords {
  static func compile(
    _ schema: SchemaObject, _ compiler: inout SchemaCompiler
  ) throws(OperandError) -> [any SchemaKeyword] {
    var keywords: [any SchemaKeyword] = []
    if let required = schema["required"] {
      let names = try schema.names(required, of: "required")
      if !names.isEmpty { keywords.append(Required(names: names, because: nil)) }
    }
    let least = try schema.count("minProperties")
    let most = try schema.count("maxProperties")
    if least != nil || most != nil { keywords.append(Counts(least: least ?? 0, most: most ?? .max)) }
    if let names = try schema.schema("propertyNames", &compiler) { keywords.append(Names(schema: names)) }
    if let members = try members(schema, &compiler) { keywords.append(members) }
    for keyword in ["dependentRequired", "dependentSchemas", "dependencies"] as [Name] {
      for (name, value) in try schema.map(keyword) ?? [] {
        if keyword != "dependentSchemas", case .array = value {
          keywords.append(Required(names: try schema.names(value, of: keyword), because: name))
        } else if keyword != "dependentRequired" {
          let target = try compiler.index(of: value, at: schema.site.member(keyword).member(name))
          keywords.append(Dependent(name: name, schema: target))
        } else {
          throw schema.wrong(keyword, "\(keyword) needs lists of names, not \(value.kind.phrase)")
        }
      }
    }
    return keywords
  }

  private static func members(
    _ schema: SchemaObject, _ compiler: inout SchemaCompiler
  ) throws(OperandError) -> Members? {
    let rest = try schema.schema("additionalProperties", &compiler)
    let named = try schema.map("properties")
    let matched = try schema.map("patternProperties")
    guard rest != nil || named != nil || matched != nil else { return nil }
    var members = Members(rest: rest)
    for (name, value) in named ?? [] {
      members.named[name] = try compiler.index(of: value, at: schema.site.member("properties").member(name))
      members.folded[NameFolding.folded(name)] = name
    }
    for (name, value) in matched ?? [] {
      let target = try compiler.index(of: value, at: schema.site.member("patternProperties").member(name))
      members.matched.append(
        (try schema.pattern(name.text, of: "patternProperties", at: name.text, &compiler), target))
    }
    return members
  }

  /// `properties`, `patternProperties` and `additionalProperties`.
  private struct Members: SchemaKeyword {
    var named: [Name: Int] = [:]
    /// The names, by what all that could be taken for them folds to.
    var folded: [Name: Name] = [:]
    var matched: [(pattern: SchemaPattern, schema: Int)] = []
    let rest: Int?

    init(rest: Int?) {
      self.rest = rest
    }

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .object else { return true }
      var isValid = true
      for (position, member) in value.members.enumerated() {
        try run.spend(1)
        try run.spend(reading: member.name)
        var isNamed = false
        if let name = member.name.name {
          if let schema = named[name] {
            isNamed = true
            if try !run.evaluate(schema, member: member) { isValid = false }
          } else if let meant = folded[NameFolding.folded(name)] {
            // The server may read it as that, and what it holds was not judged.
            throw .ambiguous(member: Excerpt.quoted(name.text), name: Excerpt.quoted(meant.text))
          }
        }
        for (pattern, schema) in matched where try pattern.matches(member.name, &run) {
          isNamed = true
          if try !run.evaluate(schema, member: member) { isValid = false }
        }
        if !isNamed, let rest, try !run.evaluate(rest, member: member) { isValid = false }
        if run.tracks, isNamed || rest != nil {
          seen.some.insert(position)
          if isNamed { seen.named.insert(position) }
        }
      }
      return isValid
    }
  }

  /// `propertyNames`.
  private struct Names: SchemaKeyword {
    let schema: Int

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .object else { return true }
      for member in value.members where try run.tries(schema, member.name) == nil {
        run.object("must have names that fit its schema; \(Excerpt.shown(member.name)) does not")
        return false
      }
      return true
    }
  }

  /// Stops where a member could be taken for one of those that are missing: the server may find it there. What is one
  /// of the `others` is that.
  private static func look(
    for missing: [Name], in object: JSONValue, others: [Name] = [], _ run: inout SchemaRun
  ) throws(SchemaStop) {
    var folded: [Name: Name] = [:]
    for name in missing { folded[NameFolding.folded(name)] = name }
    try run.spend(missing.count)
    for member in object.members {
      try run.spend(1)
      try run.spend(reading: member.name)
      guard let name = member.name.name, let meant = folded[NameFolding.folded(name)], !others.contains(name) else {
        continue
      }
      throw .ambiguous(member: Excerpt.quoted(name.text), name: Excerpt.quoted(meant.text))
    }
  }

  /// `required`; and `dependentRequired` of one member.
  private struct Required: SchemaKeyword {
    let names: [Name]
    /// The member without which nothing is required.
    let because: Name?

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .object else { return true }
      try run.spend(names.count * value.count / 8)
      if let because, value[because] == nil {
        try look(for: [because], in: value, others: names, &run)
        return true
      }
      let missing = names.filter { value[$0] == nil }
      guard let first = missing.first else { return true }
      try look(for: missing, in: value, others: names + (because.map { [$0] } ?? []), &run)
      let more = missing.count > 1 ? " and \(missing.count - 1) more" : ""
      let reason = because.map { " beside \(Excerpt.quoted($0.text))" } ?? ""
      run.object("must have \(Excerpt.quoted(first.text))\(more)\(reason)")
      return false
    }
  }

  /// `minProperties` and `maxProperties`.
  private struct Counts: SchemaKeyword {
    let least: Int
    let most: Int

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .object else { return true }
      if value.count < least {
        run.object("must have at least \(least) members; it has \(value.count)")
      } else if value.count > most {
        run.object("must have at most \(most) members; it has \(value.count)")
      }
      return least...most ~= value.count
    }
  }

  /// `dependentSchemas`, of one member.
  private struct Dependent: SchemaKeyword {
    let name: Name
    let schema: Int

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .object else { return true }
      try run.spend(value.count / 8)
      guard value[name] != nil else {
        try look(for: [name], in: value, &run)
        return true
      }
      guard let found = try run.evaluate(schema, value) else { return false }
      seen.merge(found)
      return true
    }
  }
}
