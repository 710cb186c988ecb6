public import Wire

/// Arguments that are put in place of a call's: a JSON object, read as strictly as a message.
public struct NewArguments: Sendable, Equatable {
  /// The object.
  public let object: JSONValue

  /// The arguments of that text; nil where it is not one strict JSON object.
  public init?(_ text: [UInt8]) {
    guard let tape = try? JSONTape(text, depth: NewArguments.depth), tape.root.kind == .object else { return nil }
    object = tape.root
  }

  /// The object as it will be sent.
  public var text: String { String(decoding: object.source, as: UTF8.self) }

  /// As deep as any policy lets a message nest; what this policy allows is looked at in the message as a whole.
  private static let depth = 512

  /// Equality to the byte: what is sent would be the same.
  public static func == (left: NewArguments, right: NewArguments) -> Bool {
    left.object.source == right.object.source
  }

  /// Whether these say what the call says already, numbers by value: then they change nothing, not even a spelling.
  func changeNothing(in call: Call) -> Bool {
    guard let arguments = call.arguments else { return object.count == 0 }
    return object.source == arguments.source || object.tree == arguments.tree
  }
}
