/// The `id` of a JSON-RPC request: a string, or an integer of 64 bits (MCP forbids null and fractions).
public enum RequestID: Hashable, Sendable, CustomStringConvertible {
  case integer(Int64)
  case string(Name)

  /// The longest string, in bytes: an id is kept until its answer has come.
  public static let longest = 4096

  /// The id that a value is; nil where it can be none.
  public init?(_ value: JSONValue) {
    guard value.range.count <= RequestID.longest + 2 else { return nil }
    if let integer = value.integer {
      self = .integer(integer)
    } else if let name = value.name {
      self = .string(name)
    } else {
      return nil
    }
  }

  /// Hashes the value alone: a number and a string seldom meet in one table.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .integer(let value): hasher.combine(value)
    case .string(let name): hasher.combine(name)
    }
  }

  /// The id as JSON text.
  public var encoded: [UInt8] {
    switch self {
    case .integer(let value): Array(String(value).utf8)
    case .string(let name): JSON.string(name.text).encoded()
    }
  }

  /// The id as JSON text.
  public var description: String { String(decoding: encoded, as: UTF8.self) }
}

/// One JSON-RPC message of the Model Context Protocol, in its right shape.
public struct Message: Sendable {
  /// What the message is.
  public enum Kind: Sendable {
    /// Wants an answer.
    case request(id: RequestID, method: Name)
    /// Wants none.
    case notification(method: Name)
    /// Answers a request; `isError` where it carries `error` in place of `result`. `id` is nil where the other side
    /// could not read it (an error with `id: null`).
    case response(id: RequestID?, isError: Bool)
  }

  /// What the message is.
  public let kind: Kind
  /// The method, where it is one that the protocol defines; nil for others (they pass, and are worth a line in a log)
  /// and for responses.
  public let knownMethod: KnownMethod?
  /// The whole message: an object.
  public let body: JSONValue
  // Places in the tape of the body, so that a message is passed on as one reference; zero for what is not there.
  private let paramsPlace: Int
  private let outcomePlace: Int

  /// A message whose parts are in their right shape. `params`, `result` and `error` are those of `body`.
  init(
    kind: Kind, knownMethod: KnownMethod?, body: JSONValue, params: JSONValue? = nil, outcome: JSONValue? = nil
  ) {
    self.kind = kind
    self.knownMethod = knownMethod
    self.body = body
    paramsPlace = params?.index ?? 0
    outcomePlace = outcome?.index ?? 0
  }

  /// `params`, where the message has them: always an object.
  public var params: JSONValue? { part(paramsPlace) }

  /// `result`, where the message is a response that has one: always an object.
  public var result: JSONValue? {
    if case .response(_, isError: false) = kind { part(outcomePlace) } else { nil }
  }

  /// `error`, where the message is a response that has one: an object with an integer `code` and a string `message`.
  public var error: JSONValue? {
    if case .response(_, isError: true) = kind { part(outcomePlace) } else { nil }
  }

  private func part(_ place: Int) -> JSONValue? {
    place == 0 ? nil : JSONValue(tape: body.tape, index: place)
  }

  /// The method, if the message has one.
  public var method: Name? {
    switch kind {
    case .request(_, let method), .notification(let method): method
    case .response: nil
    }
  }

  /// The id of the request that this is, or answers.
  public var id: RequestID? {
    switch kind {
    case .request(let id, _): id
    case .notification: nil
    case .response(let id, _): id
    }
  }

  /// The message as it was received, without white space around it.
  public var bytes: ArraySlice<UInt8> { body.source }
}
