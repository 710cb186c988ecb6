import Policy
import Wire

extension Compiler {
  /// `30/minute` or `{max, window, per, algorithm}`.
  mutating func rateLimit(_ member: Node.Member, rule: String, of key: Key) -> RateLimit? {
    guard isThere(member, empty: nil) else { return nil }
    let place = source.place(member.position)
    let counter = Compiler.counter(of: key, rule: rule, "rate_limit")
    switch member.value.content {
    case .broken: return nil
    case .mapping:
      return rateLimit(map: member, counter: counter, place: place)
    case .scalar(let scalar):
      guard case .string(let text) = scalar.value else { break }
      guard let (max, window) = rateLimit(text, at: member.value.position) else { return nil }
      return RateLimit(max: max, window: window.length, per: [], counter: counter, place: place)
    case .sequence: break
    }
    report.note(
      .wrongKind, at: member.value.position,
      "\"rate_limit\" must be like 30/minute, or a map, not \(member.value.kind)",
      hint: "write `rate_limit: 30/minute` or `rate_limit: { max: 30, window: 60 }`")
    return nil
  }

  private mutating func rateLimit(_ text: String, at position: Position) -> (max: Int, window: Window)? {
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
    var window: Window?
    var algorithm = RateLimit.Algorithm.sliding
    var limit = RateLimit(max: 1, window: 1, per: [.session], counter: counter, place: place)
    if let member = members.named("max") { max = maximum(member) }
    if let member = members.named("window") { window = self.window(member) }
    if let member = members.named("per"), let partitions = partitions(member) { limit.per = partitions }
    if let member = members.named("algorithm") { algorithm = self.algorithm(member) ?? algorithm }
    guard let max, let window else { return nil }
    limit.max = max
    limit.window = window.length
    limit.algorithm = window.moving(algorithm)
    return limit
  }

  private enum AlgorithmWord: String, CaseIterable {
    case sliding, fixed
  }

  mutating func algorithm(_ member: Node.Member) -> RateLimit.Algorithm? {
    if case .scalar(let scalar) = member.value.content, scalar.text == "bucket" {
      report.note(
        .laterVersion, at: member.value.position, "this version of Moongate does not have `algorithm: bucket`",
        hint: "write \"sliding\" or \"fixed\"")
      return nil
    }
    return switch word(member, among: AlgorithmWord.self) {
    case .sliding: .sliding
    case .fixed: .fixed
    case nil: nil
    }
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

  /// What `per` counts by; empty: all calls together.
  mutating func partitions(_ member: Node.Member) -> [RateLimit.Partition]? {
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
