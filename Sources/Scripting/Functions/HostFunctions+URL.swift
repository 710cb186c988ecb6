import Policy
import Wire

extension HostFunctions {
  /// `url`: the same code as the `url` operator.
  static let url: [HostFunction] = [
    HostFunction(
      "url.parse", "url.parse(text)",
      [
        "The parts of a URL that every common parser reads the same way; or nil and what is ambiguous about it.",
        "@param text string",
        "@return moongate.url? parts", "@return string? why",
      ],
      examples: [
        #"url.parse("https://a.example:8443/x?y").port == 8443"#,
        #"url.parse("https://a.example\\@b.example/") == nil"#,
      ]
    ) { arguments, outcome in
      guard let text = arguments.string(0) else {
        outcome.append(.none)
        return outcome.append(notText)
      }
      do throws(StrictURL.Ambiguity) {
        outcome.append(.json(try StrictURL(text).parts.encoded()))
      } catch {
        outcome.append(.none)
        outcome.append("the URL \(error)")
      }
    },
    HostFunction(
      "url.allowed", "url.allowed(text, options)",
      [
        "Whether a URL leads where it may; if not, why. What is no string never does.", "@param text any",
        "@param options? moongate.allowlist", "@return boolean allowed", "@return string? why",
      ],
      examples: [
        #"url.allowed("https://a.example/x", { hosts = { "*.example" } })"#, #"not url.allowed("https://127.0.0.1/")"#,
        #"not url.allowed("http://a.example/", { schemes = { "https" } })"#,
      ]
    ) { arguments, outcome in
      do throws(OperandError) {
        let options = arguments.json(1).map(Array.init)
        guard options != nil || arguments.isAbsent(1) else {
          return outcome.fail("url.allowed: options is a table, not \(arguments.shown(1))")
        }
        let allowlist = try allowlists.value(for: options ?? Array("{}".utf8))
        guard let text = arguments.bytes(0) else {
          outcome.append(.bool(false))
          return outcome.append(notText)
        }
        let objection = allowlist.objection(to: text)
        outcome.append(.bool(objection == nil))
        if let objection { outcome.append("the URL \(objection)") }
      } catch {
        outcome.fail("url.allowed: \(error.message)")
      }
    },
  ]

  private static let notText = "the URL is not a string"

  // The worker has one thread, and nothing else calls host functions.
  private nonisolated(unsafe) static let allowlists = BoundedCache<URLAllowlist, OperandError>(64) {
    options throws(OperandError) in
    // The guard has written the text; what does not read back is an empty table that nothing marks as an object.
    guard let tape = try? JSONTape(options) else { throw OperandError("the options cannot be read") }
    return try URLAllowlist(operand: tape.root.tree)
  }
}

extension StrictURL {
  /// The parts as a JSON object.
  fileprivate var parts: JSON {
    var members: [(name: Name, value: JSON)] = [("scheme", .string(scheme))]
    if let userinfo { members.append(("userinfo", .string(userinfo))) }
    members.append(("host", .string(host)))
    if let port { members.append(("port", .number(ExactNumber(port)))) }
    members.append(("path", .string(path)))
    if let query { members.append(("query", .string(query))) }
    if let fragment { members.append(("fragment", .string(fragment))) }
    return .object(members)
  }
}
