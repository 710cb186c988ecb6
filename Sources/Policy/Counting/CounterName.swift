public import Wire

/// A counter's name in its parts: `tools["luma_*"]["thirty a minute"].rate_limit`.
public struct CounterName: Sendable, Equatable {
  /// What it counts for: a section of the policy, or `scripts`.
  public var section: String
  /// The names in brackets: of a tool's key and a rule, or of a script and what it counts.
  public var names: [Name]
  /// What of the rule it is: `rate_limit`, `budget`, …
  public var kind: String

  /// The parts of ``RateLimit/counter``; nil where they are none.
  public init?(_ counter: String) {
    let bytes = Array(counter.utf8)
    guard var position = bytes.firstIndex(of: UInt8(ascii: "[")) else { return nil }
    section = String(decoding: bytes[..<position], as: UTF8.self)
    names = []
    while position < bytes.count, bytes[position] == UInt8(ascii: "[") {
      guard let end = CounterName.end(ofStringAt: position + 1, in: bytes), end < bytes.count,
        bytes[end] == UInt8(ascii: "]"), let text = try? JSONTape(Array(bytes[position + 1..<end]), depth: 4),
        let name = text.root.name
      else { return nil }
      names.append(name)
      position = end + 1
    }
    guard position < bytes.count, bytes[position] == UInt8(ascii: ".") else { return nil }
    kind = String(decoding: bytes[(position + 1)...], as: UTF8.self)
  }

  private static func end(ofStringAt start: Int, in bytes: [UInt8]) -> Int? {
    guard start < bytes.count, bytes[start] == UInt8(ascii: "\"") else { return nil }
    var position = start + 1
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""): return position + 1
      case UInt8(ascii: "\\"): position += 2
      default: position += 1
      }
    }
    return nil
  }
}
