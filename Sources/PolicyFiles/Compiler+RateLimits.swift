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
    var limit = RateLimit(max: 1, window: 1, per: [.session], counter: counter, place: place)
    if let member = members.named("max") { max = maximum(member) }
    if let member = members.named("window") { window = self.window(member) }
    if let member = members.named("per"), let partitions = partitions(member) { limit.per = partitions }
    if let member = members.named("on_tool_error") { limit.refund = refund(member) ?? limit.refund }
    let burst = members.named("burst").flatMap { maximum($0) }
    let algorithm = algorithm(of: members, burst: (burst ?? max).map { Amount($0) })
    guard let max, let window, let algorithm else { return nil }
    limit.max = max
    limit.window = window.length
    limit.algorithm = window.moving(algorithm)
    return limit
  }

  /// `concurrency: 4` or `{max, per}`.
  mutating func concurrency(_ member: Node.Member, rule: String, of key: Key) -> RateLimit? {
    guard isThere(member, empty: nil) else { return nil }
    let place = source.place(member.position)
    let counter = Compiler.counter(of: key, rule: rule, "concurrency")
    var limit = RateLimit(max: 1, window: 0, algorithm: .concurrency, per: [], counter: counter, place: place)
    guard case .mapping = member.value.content else {
      guard let max = maximum(member) else { return nil }
      limit.max = max
      return limit
    }
    guard let members = members(of: member, .concurrency) else { return nil }
    if let member = members.named("per"), let partitions = partitions(member) { limit.per = partitions }
    guard let most = members.named("max") else {
      report.note(
        .missingKey, at: place.position, "\"concurrency\" lacks \"max\"",
        hint: "write `concurrency: 4` or `concurrency: { max: 4, per: principal }`")
      return nil
    }
    guard let max = maximum(most) else { return nil }
    limit.max = max
    return limit
  }

  private enum AlgorithmWord: String, CaseIterable {
    case sliding, fixed, bucket
  }

  /// `algorithm` and `burst`; nil where they are wrong.
  ///
  /// - Parameter burst: what a bucket holds.
  mutating func algorithm(of members: [Node.Member], burst: Amount?) -> RateLimit.Algorithm? {
    let member = members.named("algorithm")
    let word = member.map { self.word($0, among: AlgorithmWord.self) } ?? AlgorithmWord.sliding
    if let member = members.named("burst"), word == .sliding || word == .fixed {
      report.note(
        .contradiction, at: member.position, "\"burst\" is what a bucket holds, and this limit is no bucket",
        hint: "add `algorithm: bucket`, or remove \"burst\"")
    }
    return switch word {
    case .sliding: .sliding
    case .fixed: .fixed
    case .bucket: burst.map { .bucket(burst: $0) }
    case nil: nil
    }
  }

  private enum RefundWord: String, CaseIterable {
    case keep, release
  }

  /// `on_tool_error`: what becomes of a place when the tool has answered that it failed.
  mutating func refund(_ member: Node.Member) -> Refund? {
    switch word(member, among: RefundWord.self) {
    case .keep: .notCarriedOut
    case .release: .toolError
    case nil: nil
    }
  }

  private mutating func maximum(_ member: Node.Member) -> Int? {
    guard isThere(member, empty: nil), !member.value.isBroken else { return nil }
    guard case .scalar(let scalar) = member.value.content, case .number(let number) = scalar.value else {
      report.note(
        .badMaximum, at: member.value.position,
        "\(quoted(member.name.text)) must be a whole number of calls, not \(member.value.kind)")
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
        .badMaximum, at: position, "a limit lets at least one call pass, not \(max)",
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
