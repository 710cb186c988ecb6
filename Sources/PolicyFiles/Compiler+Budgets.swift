import Policy
import Wire

// What rules let calls spend.
extension Compiler {
  /// `budget: {max, window, cost, per, algorithm}`.
  mutating func budget(_ member: Node.Member, rule: String, of key: Key) -> Budget? {
    guard let members = members(of: member, .budget) else { return nil }
    for part in ["max", "window", "cost"] where members.named(Name(part)) == nil {
      report.note(
        .missingKey, at: member.position, "\"budget\" lacks \"\(part)\"",
        hint: "write `budget: { max: 50.00, window: day, cost: args.amount }`")
    }
    let max = members.named("max").flatMap { amount($0) }
    let window = members.named("window").flatMap { self.window($0) }
    let cost = members.named("cost").flatMap { self.cost($0) }
    var per: [RateLimit.Partition] = [.session]
    if let member = members.named("per"), let partitions = partitions(member) { per = partitions }
    let burst = members.named("burst").flatMap { amount($0) } ?? max
    let algorithm = algorithm(of: members, burst: burst?.amount)
    let refund = members.named("on_tool_error").flatMap { self.refund($0) } ?? .notCarriedOut
    guard let max, let window, let cost, let algorithm else { return nil }
    var most = max.amount
    if case .bucket(let burst) = algorithm { most = burst }
    if case .fixed(let cost) = cost, let member = members.named("cost") { warn(of: cost, beyond: most, member) }
    return Budget(
      max: max.amount, window: window.length, algorithm: window.moving(algorithm), cost: cost, per: per, refund: refund,
      decimals: max.decimals, counter: Compiler.counter(of: key, rule: rule, "budget"))
  }

  /// `spend: {per_call, hourly, daily, monthly}`: a budget for each window, all of whose calls cost `per_call`.
  mutating func spend(_ member: Node.Member, rule: String, of key: Key) -> [Budget] {
    guard let members = members(of: member, .spend) else { return [] }
    let windows: [(word: String, Window)] = [
      ("hourly", Window(length: 3_600 * Quantity.nanosecondsPerSecond)),
      ("daily", Window(length: 86_400 * Quantity.nanosecondsPerSecond)), ("monthly", .month),
    ]
    if members.named("per_call") == nil {
      report.note(
        .missingKey, at: member.position, "\"spend\" lacks \"per_call\", which is what a call costs",
        hint: "write `spend: { per_call: 0.50, daily: 50.00 }`; for a cost that the call itself gives, write `budget`")
    }
    if !windows.contains(where: { members.named(Name($0.word)) != nil }) {
      report.note(
        .missingKey, at: member.position, "\"spend\" lacks a limit",
        hint: "add \"hourly\", \"daily\" or \"monthly\": how much may be spent in that time")
    }
    let cost = members.named("per_call").flatMap { amount($0) }
    var budgets: [Budget] = []
    for (word, window) in windows {
      guard let member = members.named(Name(word)), let max = amount(member), let cost else { continue }
      warn(of: cost.amount, beyond: max.amount, member)
      budgets.append(
        Budget(
          "spend.\(word)", max: max.amount, window: window.length, algorithm: window.moving(.fixed),
          cost: .fixed(cost.amount), per: [], decimals: Swift.max(max.decimals, cost.decimals),
          counter: Compiler.counter(of: key, rule: rule, "spend.\(word)")))
    }
    return budgets
  }

  /// Warns of a cost for which there is never enough.
  private mutating func warn(of cost: Amount, beyond max: Amount, _ member: Node.Member) {
    guard cost > max else { return }
    report.note(
      .impossibleBudget, at: member.value.position,
      "one call costs \(cost), and \(max) may be spent: every call is refused",
      hint: "raise the maximum or lower the cost; to refuse every call, write `action: deny`")
  }

  /// An amount above zero, and how many digits behind the point are written.
  mutating func amount(_ member: Node.Member) -> (amount: Amount, decimals: Int)? {
    guard isThere(member, empty: nil), !member.value.isBroken else { return nil }
    let name = quoted(member.name.text)
    guard case .scalar(let scalar) = member.value.content, case .number(let number) = scalar.value else {
      report.note(
        .badAmount, at: member.value.position, "\(name) must be an amount, not \(member.value.kind)",
        hint: "write digits, without quotes: 50.00")
      return nil
    }
    guard let amount = Amount(number) else {
      report.note(
        .badAmount, at: member.value.position, "\(quoted(scalar.text)) is beyond what is counted",
        hint: "write \(Amount.bounds)")
      return nil
    }
    guard amount > 0 else {
      report.note(
        .badAmount, at: member.value.position, "\(name) must be more than nothing, not \(scalar.text)",
        hint: member.name == "max" ? "to refuse every call, write `action: deny`" : nil)
      return nil
    }
    let fraction = scalar.text.utf8.drop { $0 != UInt8(ascii: ".") }.dropFirst()
    return (amount, fraction.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count)
  }

  /// `cost`: an amount, or where the call gives it.
  private mutating func cost(_ member: Node.Member) -> Cost? {
    guard case .scalar(let scalar) = member.value.content, case .string(let text) = scalar.value else {
      return amount(member).map { .fixed($0.amount) }
    }
    do {
      let path = try Path(text)
      guard path.mayLeadToNumber else {
        report.note(
          .badPath, at: member.value.position, "\(quoted(text)) is never a number",
          hint: "write an amount, or args.amount")
        return nil
      }
      return .value(path)
    } catch {
      report.note(
        .badPath, at: member.value.position, error.message, hint: error.hint ?? "write an amount, or args.amount")
      return nil
    }
  }

  /// `approval_timeout`: how long a person has to decide.
  mutating func approvalTimeout(_ member: Node.Member) -> Int64? {
    guard isThere(member, empty: nil), !member.value.isBroken else { return nil }
    var time: Int64?
    if case .scalar(let scalar) = member.value.content {
      switch scalar.value {
      case .string(let text): time = Quantity.duration(text)
      case .number(let number): time = number.int64.flatMap { Quantity.duration("\($0)s") }
      case .null, .bool: break
      }
    }
    let second = Quantity.nanosecondsPerSecond
    if let time, (second...RateLimit.longestWindow * second).contains(time) { return time }
    report.note(
      .badDuration, at: member.value.position,
      "\"approval_timeout\" must be a time from one second to \(RateLimit.longestWindow / 86_400) days",
      hint: "write it like 30m, 90s or 1h30m; a number means seconds")
    return nil
  }
}
