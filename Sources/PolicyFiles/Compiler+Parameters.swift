import Policy
import Wire

extension Compiler {
  /// The policy with the values of its parameters in the places of `${name}`; nil if it would become too large.
  mutating func substitute(in root: Node) -> Node? {
    var substitution = Substitution()
    if case .mapping(let members) = root.content, let member = members.named("parameters") {
      let definitions = substitution.definitions(member.value, report: &report)
      substitution.parameters = parameters(
        Node.Member(name: member.name, position: member.position, value: definitions))
    }
    noteStrangers(among: substitution.parameters)
    guard mayRefer(substitution.parameters) else { return root }
    guard let policy = substitution.policy(root, report: &report) else { return nil }
    for parameter in substitution.parameters.all where !parameter.isUsed && parameter.value != nil {
      report.note(
        .unusedParameter, at: parameter.position, "nothing refers to the parameter \(quoted(parameter.name))",
        hint: "write \("${\(parameter.name)}") where its value is meant, or remove it")
    }
    return policy
  }

  /// Whether a text of the policy could have a placeholder: without a dollar, or an escape that makes one, none has.
  private func mayRefer(_ parameters: Parameters) -> Bool {
    !parameters.all.isEmpty || source.bytes.contains(UInt8(ascii: "$")) || source.bytes.contains(UInt8(ascii: "\\"))
  }

  private mutating func parameters(_ member: Node.Member) -> Parameters {
    var parameters = Parameters()
    guard let entries = entries(of: member) else {
      parameters.isIncomplete = true
      return parameters
    }
    for entry in entries {
      guard Placeholder.isName(entry.name.text) else {
        parameters.isIncomplete = true
        report.note(
          .badParameterName, at: entry.position, "\(quoted(entry.name.text)) cannot be a parameter's name",
          hint: "a name is letters, digits, \"_\" and \"-\", and begins with a letter or \"_\"")
        continue
      }
      parameters.append(parameter(entry))
    }
    return parameters
  }

  private mutating func parameter(_ entry: Node.Member) -> Parameter {
    var parameter = Parameter(name: entry.name.text, position: entry.position)
    guard isThere(entry, empty: "{}") else { return parameter }
    guard case .mapping(let members) = entry.value.content else {
      if !entry.value.isBroken {
        report.note(
          .wrongKind, at: entry.value.position,
          "the parameter \(quoted(parameter.name)) must be a map, not \(entry.value.kind)",
          hint: "write `\(parameter.name): { default: … }`")
      }
      return parameter
    }
    if let description = members.named("description") { _ = string(description) }
    let standard = members.named("default")
    if let standard, !isThere(standard, empty: nil) { return parameter }
    guard let json = entry.value.json else { return parameter }
    do {
      let schema = try ValueSchema(json)
      parameter.value = value(of: parameter, default: standard?.value, in: entry.value, schema: schema)
      parameter.isGiven = given[entry.name] != nil
      parameter.extent = (parameter.value?.json).map { ParameterValue.Extent($0) } ?? parameter.extent
    } catch {
      report.note(.badParameterSchema, at: entry.value.position(at: error.path), error.message, hint: error.hint)
    }
    return parameter
  }

  /// The value given, or else the default; nil if there is none that fits.
  private mutating func value(
    of parameter: Parameter, default standard: Node?, in entry: Node, schema: ValueSchema
  ) -> ParameterValue? {
    var value: ParameterValue?
    if let standard, let fallback = ParameterValue(standard) {
      if let objection = schema.objection(to: fallback.json) {
        report.note(
          .unfitParameterValue, at: entry.position(at: [.member("default")]),
          Compiler.phrase("the default of \(quoted(parameter.name))", objection))
      } else {
        value = fallback
      }
    }
    if let given = given[Name(parameter.name)] {
      guard let objection = schema.objection(to: given.json) else { return given }
      let message = Compiler.phrase("the value given for \(quoted(parameter.name))", objection)
      report.note(
        Diagnostic(
          .unfitParameterValue, at: Compiler.place(ofGiven: Name(parameter.name)), message: message,
          hint: "\(source.name) defines it on line \(parameter.position.line)"))
      return nil
    }
    if standard == nil {
      report.note(
        .missingParameterValue, at: parameter.position, "the parameter \(quoted(parameter.name)) has no value",
        hint: "give it one: --with \(parameter.name)=…; or write a `default: …` for it")
    }
    return value
  }

  private static func phrase(_ subject: String, _ objection: (path: String, demand: String)) -> String {
    let (path, demand) = objection
    return path.isEmpty ? "\(subject) \(demand)" : "\(subject) does not fit: \(path) \(demand)"
  }

  /// Notes values that were given for parameters which the policy does not have.
  private mutating func noteStrangers(among parameters: Parameters) {
    guard !parameters.isIncomplete else { return }
    for name in given.keys.sorted() where !parameters.contains(name) {
      report.note(
        Diagnostic(
          .unknownParameter, at: Compiler.place(ofGiven: name),
          message: "\(source.name) has no parameter \(quoted(name.text))",
          hint: Spelling.hint(for: name.text, among: parameters.names)))
    }
  }

  private static func place(ofGiven name: Name) -> Place {
    Place(file: "--with \(name)", line: 1, column: 1)
  }
}
