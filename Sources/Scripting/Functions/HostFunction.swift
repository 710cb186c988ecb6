import CLuaGuard
import Policy

/// One function or value that scripts see beside Lua's own: what it is called, what it does in Lua's terms, and how.
public struct HostFunction: Sendable {
  /// Its full name: `url.parse`, `deny`.
  public let name: String
  /// Its annotations and prose for the Lua language server, one line each, without the dashes before them.
  public let documentation: [String]
  /// How a call looks: `url.parse(text)`; nil for a value.
  public let signature: String?
  /// Lua expressions that are true: documentation that the tests hold the function against.
  public let examples: [String]
  /// What each eight bytes of the strings it is given cost, in instructions.
  let price: Int
  /// What it does. Nil where the guard does it itself, because it ends the script or works on tables in place.
  let body: (@Sendable (HostArguments, inout HostOutcome) -> Void)?

  init(
    _ name: String, _ signature: String?, _ documentation: [String], examples: [String] = [], price: Int = 1,
    _ body: (@Sendable (HostArguments, inout HostOutcome) -> Void)? = nil
  ) {
    self.name = name
    self.signature = signature
    self.documentation = documentation
    self.examples = examples
    self.price = price
    self.body = body
  }
}

/// What a script passed to a host function. Valid while the function runs.
struct HostArguments {
  private let values: UnsafeBufferPointer<moongate_value>

  init(_ values: UnsafeBufferPointer<moongate_value>) {
    self.values = values
  }

  private func value(_ index: Int) -> moongate_value? {
    index < values.count ? values[index] : nil
  }

  /// Whether the argument is nil, or was not passed.
  func isAbsent(_ index: Int) -> Bool {
    guard let value = value(index) else { return true }
    return value.kind == MOONGATE_NIL
  }

  /// The bytes of a string.
  func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8>? {
    guard let value = value(index), value.kind == MOONGATE_STRING else { return nil }
    return UnsafeBufferPointer(start: value.text.bytes, count: value.text.count)
  }

  /// A string, if it is UTF-8.
  func string(_ index: Int) -> String? {
    bytes(index).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// A whole number.
  func integer(_ index: Int) -> Int64? {
    guard let value = value(index) else { return nil }
    switch value.kind {
    case MOONGATE_INTEGER: return value.integer
    case MOONGATE_FLOAT: return Int64(exactly: value.real)
    default: return nil
    }
  }

  /// What was passed, for a message: `"a string"`, `7`, `a table`.
  func shown(_ index: Int) -> String {
    guard let value = value(index) else { return "nothing" }
    switch value.kind {
    case MOONGATE_NIL: return "nil"
    case MOONGATE_FALSE: return "false"
    case MOONGATE_TRUE: return "true"
    case MOONGATE_INTEGER: return String(value.integer)
    case MOONGATE_FLOAT: return String(value.real)
    case MOONGATE_STRING: return bytes(index).map(Excerpt.quoted) ?? "a string"
    case MOONGATE_JSON:
      switch json(index)?.first {
      case UInt8(ascii: "n"): return "null"
      case UInt8(ascii: "{"), UInt8(ascii: "["): return "a table"
      default: return "a number"
      }
    default: return "a function"
    }
  }

  /// A table as JSON text.
  func json(_ index: Int) -> UnsafeBufferPointer<UInt8>? {
    guard let value = value(index), value.kind == MOONGATE_JSON else { return nil }
    return UnsafeBufferPointer(start: value.text.bytes, count: value.text.count)
  }
}

/// What a host function gives back, in order; or the error that it raises.
struct HostOutcome {
  enum Value {
    case none
    case bool(Bool)
    case integer(Int64)
    case string([UInt8])
    /// Becomes a table.
    case json([UInt8])
  }

  /// At most as many as a match has groups.
  static let most = 17

  private(set) var values: [Value] = []
  private(set) var failed = false
  private(set) var exceeded = false
  /// How many bytes may come back. A function whose result can be much larger than its arguments looks at this while it
  /// makes it.
  let room = Int(clamping: moongate_guard_room())

  mutating func append(_ value: Value) {
    if values.count < HostOutcome.most { values.append(value) }
  }

  mutating func append(_ text: String) {
    append(.string(Array(text.utf8)))
  }

  /// Ends the script: the result outgrew the room.
  mutating func exceed() {
    values = []
    exceeded = true
  }

  /// Raises an error in the script.
  mutating func fail(_ message: String) {
    values = [.string(Array(message.utf8))]
    failed = true
  }
}
