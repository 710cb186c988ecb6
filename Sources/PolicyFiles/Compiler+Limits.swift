import Policy
import Wire

extension Compiler {
  /// `limits:`, within ranges in which each of them still works.
  mutating func compile(limits member: Node.Member, into limits: inout Limits) {
    for member in members(of: member, .limits) ?? [] {
      switch member.name.text {
      case "message":
        for member in members(of: member, .messageLimits) ?? [] {
          switch member.name.text {
          case "bytes": set(&limits.messageBytes, size(member, from: 1 << 10, to: 1 << 30))
          default: set(&limits.messageDepth, count(member, from: 4, to: 512))
          }
        }
      case "in_flight": set(&limits.inFlight, count(member, from: 1, to: 65_536))
      default:
        for member in members(of: member, .scriptLimits) ?? [] {
          switch member.name.text {
          case "instructions": set(&limits.scriptInstructions, count(member, from: 1_000, to: 1_000_000_000))
          case "memory": set(&limits.scriptMemory, size(member, from: 256 << 10, to: 1 << 30))
          case "time": limits.scriptTime = time(member, from: 1_000_000, to: 60_000_000_000) ?? limits.scriptTime
          default: set(&limits.scriptDepth, count(member, from: 8, to: 190))
          }
        }
      }
    }
  }

  private func set(_ limit: inout Int, _ value: Int64?) {
    if let value { limit = Int(value) }
  }

  private mutating func count(_ member: Node.Member, from least: Int64, to most: Int64) -> Int64? {
    guard let scalar = scalar(member) else { return nil }
    if case .number(let number) = scalar.value, let count = number.int64, (least...most).contains(count) {
      return count
    }
    noteLimit(member, "a whole number", from: "\(least)", to: "\(most)")
    return nil
  }

  private mutating func size(_ member: Node.Member, from least: Int64, to most: Int64) -> Int64? {
    guard let scalar = scalar(member) else { return nil }
    let bytes: Int64? =
      switch scalar.value {
      case .number(let number): number.int64
      case .string(let text): Quantity.size(text)
      case .null, .bool: nil
      }
    if let bytes, (least...most).contains(bytes) { return bytes }
    noteLimit(member, "a size", from: "\(least >> 10)KiB", to: "\(most >> 20)MiB")
    return nil
  }

  private mutating func time(_ member: Node.Member, from least: Int64, to most: Int64) -> Int64? {
    guard let scalar = scalar(member) else { return nil }
    if case .string(let text) = scalar.value, let time = Quantity.time(text), (least...most).contains(time) {
      return time
    }
    noteLimit(member, "a time with its unit", from: "\(least / 1_000_000)ms", to: "\(most / 1_000_000_000)s")
    return nil
  }

  private mutating func scalar(_ member: Node.Member) -> Node.Scalar? {
    guard isThere(member, empty: nil), !member.value.isBroken else { return nil }
    if case .scalar(let scalar) = member.value.content { return scalar }
    report.note(
      .badLimit, at: member.value.position, "\(quoted(member.name.text)) cannot be \(member.value.kind)")
    return nil
  }

  private mutating func noteLimit(_ member: Node.Member, _ what: String, from least: String, to most: String) {
    report.note(
      .badLimit, at: member.value.position, "\(quoted(member.name.text)) must be \(what) from \(least) to \(most)")
  }
}
