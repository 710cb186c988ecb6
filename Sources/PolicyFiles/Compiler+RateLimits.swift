import Policy
import Wire

extension Compiler {
  /// `30/minute` or `{max, window, per, algorithm}`.
  mutating func rateLimit(_ member: Node.Member, rule: String, of key: Key) -> RateLimit? {
    guard isThere(member, empty: nil) else { return nil }
    let place = source.place(member.position)
    let counter = Compiler.counter(of: key, rule: rule)
    switch member.value.content {
    case .broken: return nil
    case .mapping:
      return rateLimit(map: member, counter: counter, place: place)
    case .scalar(let scalar):
      guard case .string(let text) = scalar.value else { break }
      guard let (max, window) = rateLimit(text, at: member.value.position) else { return nil }
      return RateLimit(max: max, window: window, per: [], counter: counter, place: place)
    case .sequence: break
    }
    report.note(
      .wrongKind, at: member.value.position,
      "\"rate_limit\" must be like 30/minute, or a map, not \(member.value.kind)",
      hint: "write `rate_limit: 30/minute` or `rate_limit: { max: 30, window: 60 }`")
    return nil
  }

  /// Names the counter of a rule: equal after a reload, and different for different rules, whatever their names hold.
  private static func counter(of key: Key, rule: String) -> String {
    var name = Array("\(key.section)[".utf8)
    JSON.string(key.pattern).encode(into: &name)
    name.append(contentsOf: "][".utf8)
    JSON.string(rule).encode(into: &name)
    name.append(contentsOf: "].rate_limit".utf8)
    return String(decoding: name, as: UTF8.self)
  }

  private mutating func rateLimit(_ text: String, at position: Position) -> (max: Int, window: Int64)? {
    guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else {
      report.note(
        .badWindow, at: position, "\(quoted(text)) is no rate limit",
        hint: "write the number of calls and the window: 30/minute")
      return nil
    }
    let count = String(text[..<slash])
    let unit = String(text[text.index(after: slash)...])
    let max = maximum(ExactNumber(count), text: count, at: position)
    let window = window(unit, at: position)
    guard let max, let window else { return nil }
    return (max, window)
  }

  private mutating func rateLimit(map member: Node.Member, counter: String, place: Place) -> RateLimit? {
    guard let members = members(of: member, .rateLimit) else { return nil }
    for key in ["max", "window"] where members.named(Name(key)) == nil {
      report.note(
        .missingKey, at: place.position, "\"rate_limit\" lacks \"\(key)\"",
        hint: "write `rate_limit: { max: 30, window: 60 }`")
    }
    var max: Int?
    var window: Int64?
    var limit = RateLimit(max: 1, window: 1, per: [.session], counter: counter, place: place)
    if let member = members.named("max") { max = maximum(member) }
    if let member = members.named("window") { window = self.window(member) }
    if let member = members.named("per"), let partitions = partitions(member) { limit.per = partitions }
    if let member = members.named("algorithm") { limit.algorithm = algorithm(member) ?? limit.algorithm }
    guard let max, let window else { return nil }
    limit.max = max
    limit.window = window
    return limit
  }

  private mutating func algorithm(_ member: Node.Member) -> RateLimit.Algorithm? {
    if case .scalar(let scalar) = member.value.content, scalar.text == "bucket" {
      report.note(
        .laterVersion, at: member.value.position, "this version of Moongate does not have `algorithm: bucket`",
        hint: "write \"sliding\" or \"fixed\"")
      return nil
    }
    return word(member, among: RateLimit.Algorithm.self)
  }

  private mutating func maximum(_ member: Node.Member) -> Int? {
    guard isThere(member, empty: nil), !member.value.isBroken else { return nil }
    guard case .scalar(let scalar) = member.value.content, case .number(let number) = scalar.value else {
      report.note(
        .badMaximum, at: member.value.position, "\"max\" must be a whole number of calls, not \(member.value.kind)")
      return nil
    }
    return maximum(number, text: scalar.text, at: member.value.position)
  }

  private mutating func maximum(_ number: ExactNumber?, text: String, at position: Position) -> Int? {
    guard let number, number.isWhole, let max = number.int64, max <= RateLimit.largestMaximum else {
      report.note(
        .badMaximum, at: position, "\(quoted(text)) is no number of calls",
        hint: "write a whole number from 1 to \(RateLimit.largestMaximum)")
      return nil
    }
    guard max >= 1 else {
      report.note(
        .badMaximum, at: position, "a rate limit lets at least one call pass, not \(max)",
        hint: "to refuse every call, write `action: deny`")
      return nil
    }
    return Int(max)
  }

  private mutating func window(_ member: Node.Member) -> Int64? {
    guard isThere(member, empty: nil), !member.value.isBroken else { return nil }
    let position = member.value.position
    guard case .scalar(let scalar) = member.value.content else {
      report.note(.badWindow, at: position, "\"window\" cannot be \(member.value.kind)", hint: Compiler.windowHint)
      return nil
    }
    switch scalar.value {
    case .number(let number):
      guard let seconds = number.int64, seconds >= 1, seconds <= RateLimit.longestWindow else {
        report.note(
          .badWindow, at: position, "\(quoted(scalar.text)) is no window: a number means seconds",
          hint: "write a whole number from 1 to \(RateLimit.longestWindow), which is 366 days")
        return nil
      }
      return seconds * Quantity.nanosecondsPerSecond
    case .string(let text):
      return window(text, at: position)
    case .null, .bool:
      report.note(.badWindow, at: position, "\"window\" cannot be \(member.value.kind)", hint: Compiler.windowHint)
      return nil
    }
  }

  private static let windowHint = "write seconds, \"second\", \"minute\", \"hour\", \"day\", \"week\", or one like 90s"

  private mutating func window(_ text: String, at position: Position) -> Int64? {
    if let window = Quantity.window(text) {
      if window >= 1, window <= RateLimit.longestWindow * Quantity.nanosecondsPerSecond { return window }
      report.note(
        .badWindow, at: position, "the window \(quoted(text)) is too \(window < 1 ? "short" : "long")",
        hint: "a window is one second to 366 days long")
      return nil
    }
    if text == "month" {
      report.note(
        .laterVersion, at: position, "this version of Moongate does not have windows of a month",
        hint: "write 30d: thirty days, wherever they begin")
      return nil
    }
    let near = Spelling.nearest(to: text, among: Quantity.windows.map(\.word))
    report.note(
      .badWindow, at: position, "\(quoted(text)) is no window of time",
      hint: near.map { "did you mean \"\($0)\"?" } ?? Compiler.windowHint)
    return nil
  }

  /// What `per` counts by; empty: all calls together.
  private mutating func partitions(_ member: Node.Member) -> [RateLimit.Partition]? {
    guard isThere(member, empty: nil), !member.value.isBroken else { return nil }
    let nodes: [Node]
    if case .sequence(let elements) = member.value.content { nodes = elements } else { nodes = [member.value] }
    guard !nodes.isEmpty else {
      report.note(
        .emptySection, at: member.value.position, "\"per\" is empty",
        hint: "write `per: all` to count all calls together")
      return nil
    }
    var partitions: [RateLimit.Partition] = []
    var seen: Set<Name> = []
    for node in nodes {
      guard let text = string(node, the: "an entry of \"per\"") else { continue }
      guard seen.insert(Name(text)).inserted else {
        report.note(.duplicateEntry, at: node.position, "\(quoted(text)) stands twice in \"per\"", hint: "remove one")
        continue
      }
      if let word = RateLimit.Partition.words.first(where: { $0.word == text }) {
        partitions.append(word.partition)
      } else if text == "all" {
        guard nodes.count > 1 else { return [] }
        report.note(
          .contradiction, at: node.position, "\"all\" counts all calls together, and \"per\" has other entries",
          hint: "write `per: all`, or leave \"all\" out")
      } else if let path = partitionPath(text, at: node.position) {
        partitions.append(.value(path))
      }
    }
    return partitions
  }

  private mutating func partitionPath(_ text: String, at position: Position) -> Path? {
    guard text.hasPrefix("args.") || text.hasPrefix("args[") else {
      let words = RateLimit.Partition.words.map(\.word) + ["all"]
      report.note(
        .badPartition, at: position, "calls cannot be counted by \(quoted(text))",
        hint: Spelling.hint(for: text, among: words + ["args.<path>"]))
      return nil
    }
    do {
      return try Path(text)
    } catch {
      report.note(.badPath, at: position, error.message, hint: error.hint)
      return nil
    }
  }
}

extension Place {
  var position: Position { Position(line: line, column: column) }
}
