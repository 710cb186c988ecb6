extension Message {
  /// The call that the message makes: of a tool, a resource or a prompt.
  ///
  /// - Parameters:
  ///   - context: what the session knows; only asked for where there is a call.
  ///   - definition: the definition of the tool of a name, as the server listed it, if it has been seen.
  /// - Returns: nil for messages that a policy's rules do not judge.
  /// - Throws: -32602 where the params have the wrong shape.
  public func call(
    in context: @autoclosure () -> Call.Context, defined definition: (Name) -> JSONValue? = { _ in nil }
  ) throws(MessageError) -> Call? {
    guard case .request = kind, let method = knownMethod, let subject = method.subject else { return nil }
    let member = subject == .resource ? "uri" : "name"
    guard let params else { throw wrong("`params` is missing") }
    let nameMember = subject == .resource ? Member.uri : Member.name
    guard let nameValue = params.member(nameMember), let name = nameValue.name else {
      throw wrong("`params.\(member)` must be a string")
    }
    try check(name, member)
    let arguments = subject == .resource ? nil : params.member(Member.arguments)
    if let arguments {
      guard arguments.kind == .object else {
        throw wrong("`params.arguments` must be an object, not \(arguments.kind.article)")
      }
      if subject == .prompt, let odd = arguments.members.first(where: { $0.value.kind != .string }) {
        throw wrong("prompt argument \(Excerpt.of(odd.name.string ?? "")) must be a string")
      }
    }
    let meta = params.member(Member.meta)
    if let meta, meta.kind != .object { throw wrong("`params._meta` must be an object, not \(meta.kind.article)") }
    return Call(
      subject: subject, name: name, nameValue: nameValue, arguments: arguments, meta: meta, context: context(),
      definition: definition(name))
  }

  private func check(_ name: Name, _ member: String) throws(MessageError) {
    var text = name.text
    if text.withUTF8({ !$0.isEmpty && NameFolding.isPlainASCII($0) }) { return }
    let scalars = text.unicodeScalars
    guard let first = scalars.first, let last = scalars.last else { throw wrong("`params.\(member)` is empty") }
    if first.properties.isWhitespace || last.properties.isWhitespace {
      throw wrong("`params.\(member)` begins or ends with white space")
    }
    if scalars.contains(where: { $0.properties.generalCategory == .control }) {
      throw wrong("`params.\(member)` holds a control character")
    }
  }

  private func wrong(_ message: String) -> MessageError {
    MessageError(code: MessageError.invalidParams, message: message, id: id, sort: .request)
  }
}
