import Wire

/// Encodes whom a count is kept for, so that different ones never share an encoding.
///
/// A client, principal or server that is not known is one of its own, shared by all that are not known: such calls are
/// counted together, which is stricter than counting them apart and refuses nobody who stays within the limit. A value
/// of the call that is missing, or is no string, number or boolean, or is too long, cannot be counted by: the call is
/// refused.
enum CounterPartition {
  /// The longest value that calls are counted by, in bytes.
  static let longest = 1024
  /// The longest that stands in a key as it is; of longer ones their digest does, so that no key is much longer.
  static let longestInClear = 64

  /// Why a call cannot be counted: completes the sentence "args.user …".
  struct Uncountable: Error {
    let path: Path
    let demand: String
  }

  private enum Tag: UInt8 {
    case absent, text, digest
  }

  static func encode(_ per: [RateLimit.Partition], for call: Call) throws(Uncountable) -> [UInt8] {
    guard !per.isEmpty else { return [] }
    var output: [UInt8] = []
    output.reserveCapacity(per.count * 48)
    for partition in per {
      switch partition {
      case .session: append(call.context.session, to: &output)
      case .tool: append(call.name.text, to: &output)
      case .client: append(known: call.context.client?.member(name), to: &output)
      case .server: append(known: call.context.server?.member(name), to: &output)
      case .principal: append(known: call.context.principal?.member(subject), to: &output)
      case .value(let path): try append(path, of: call, to: &output)
      }
    }
    return output
  }

  private static let name = Array("name".utf8)
  private static let subject = Array("subject".utf8)

  private static func append(_ bytes: some Collection<UInt8>, _ tag: Tag, to output: inout [UInt8]) {
    if bytes.count > longestInClear, tag != .digest {
      var digest = SHA256()
      digest.update(bytes)
      return append(digest.bytes(), .digest, to: &output)
    }
    output.append(tag.rawValue)
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: bytes.count)) { output.append(contentsOf: $0) }
    output.append(contentsOf: bytes)
  }

  private static func append(_ text: String, to output: inout [UInt8]) {
    var text = text
    text.withUTF8 { append($0, .text, to: &output) }
  }

  private static func append(known value: JSONValue?, to output: inout [UInt8]) {
    guard let value, value.kind == .string else { return output.append(Tag.absent.rawValue) }
    value.withText { append($0, .text, to: &output) }
  }

  private static func append(_ path: Path, of call: Call, to output: inout [UInt8]) throws(Uncountable) {
    guard let value = path.value(in: call) else {
      throw Uncountable(path: path, demand: "must be there: calls are counted by it")
    }
    guard value.range.count <= longest else {
      throw Uncountable(path: path, demand: "must be at most \(longest) bytes long: calls are counted by it")
    }
    switch value.kind {
    case .string: value.withText { append($0, .text, to: &output) }
    // A server may take 42 and "42" for one account.
    case .bool: append(value.source, .text, to: &output)
    case .number:
      guard let number = value.number else { fallthrough }
      append(number.description.utf8, .text, to: &output)
    case .null, .array, .object:
      throw Uncountable(
        path: path,
        demand: "must be a string, a number or a boolean: calls are counted by it; it is \(value.kind.phrase)")
    }
  }
}
