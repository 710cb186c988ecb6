import Wire

/// What a store has said, in words.
extension Findings {
  /// Refuses for what is used up.
  mutating func refuse(_ place: Place, of reservation: Reservation, used: Amount, retryAfter: Int64?, in call: Call) {
    let rule = place.rule.rule
    let seconds = retryAfter.map(Findings.seconds)
    let next = seconds.map { "; next in \($0) s" } ?? ""
    var refusal = Refusal(rule: rule.name, reason: "", retryAfterSeconds: seconds)
    let count: String
    switch place.source {
    case .limit(let position):
      let limit = place.rule.rateLimits[position]
      let most = reservation.most ?? Amount(limit.max)
      if limit.algorithm == .concurrency {
        count = "\(used) of \(limit.max) calls are in flight; try again when one has ended"
      } else {
        count = "\(used) of \(most) used\(next)"
      }
      refusal.remaining = most.remainder(without: used).number
    case .budget(let position):
      let budget = place.rule.budgets[position]
      let cost = budget.text(reservation.amount)
      let most = reservation.most ?? budget.max
      if reservation.amount > most {
        count = "this call costs \(cost), and all that may be spent is \(budget.text(most))"
        refusal.retryAfterSeconds = nil
      } else {
        count = "\(budget.text(used)) of \(budget.text(most)) spent; this call costs \(cost)\(next)"
      }
      refusal.remaining = most.remainder(without: used).number
    case .state, .look:
      count = "\(place.counterPath) counts no further\(next)"
    }
    refusal.reason = Findings.told(rule, count, for: call)
    refuse(refusal, by: place.rule)
  }

  /// Refuses, or holds for a person, because of what counts would come to.
  mutating func object(
    _ wanted: Wanted, in claim: Claim, _ places: [Place], counts: [Amount], retryAfter: Int64?, in call: Call
  ) {
    let rule = wanted.rule.rule
    let comparison = wanted.demand.failing(for: counts)
    var detail = "a count stands in the way"
    var refusal = Refusal(rule: rule.name, reason: detail)
    if let comparison, places.indices.contains(comparison.index), counts.indices.contains(comparison.index) {
      let (count, own) = (counts[comparison.index], claim.own(at: comparison.index))
      let path = places[comparison.index].counterPath
      let seen = own > 0 ? "this call would make it \(count)" : "it is \(count)"
      detail = "\(path) must \(comparison.demand); \(seen)"
      if comparison.relation == .lte || comparison.relation == .lt {
        refusal.remaining = comparison.value.remainder(without: count.remainder(without: own)).number
      }
    }
    if let retryAfter {
      let seconds = Findings.seconds(retryAfter)
      detail += "; next in \(seconds) s"
      refusal.retryAfterSeconds = seconds
    }
    refusal.reason = Findings.told(rule, detail, for: call)
    if wanted.isHold {
      refusal.reason = Findings.approval(refusal.reason)
      hold(refusal, for: wanted.rule)
    } else {
      refuse(refusal, by: wanted.rule)
    }
  }

  /// Refuses because the store could not be asked.
  mutating func refuse(_ place: Place, fault: String) {
    refuse(Findings.uncounted(place.rule.rule, fault), by: place.rule)
  }

  static func uncounted(_ rule: Rule, _ fault: String) -> Refusal {
    Refusal(rule: rule.name, reason: "this call could not be counted: its counter cannot be reached", fault: fault)
  }

  /// Rounded up, so that who waits so long has waited enough.
  private static func seconds(_ nanoseconds: Int64) -> Int {
    max(1, Int(nanoseconds / 1_000_000_000) + (nanoseconds % 1_000_000_000 > 0 ? 1 : 0))
  }

  /// Tells of what has been taken, and of what conditions saw of counts.
  mutating func noteTaken(_ counts: [Amount], enforcedOnly: Bool) {
    guard trace != nil else { return }
    noteCounts(counts, enforcedOnly: enforcedOnly)
    let reservations = claim(enforcedOnly: enforcedOnly).reservations
    for (index, place) in places(enforcedOnly: enforcedOnly).enumerated() {
      let amount = reservations[index].amount
      switch place.source {
      case .limit(let position):
        let limit = place.rule.rateLimits[position]
        trace?.add(
          place.rule,
          limit.algorithm == .concurrency
            ? "concurrency: one of \(limit.max) taken"
            : "rate_limit: one of \(limit.max) in \(Trace.seconds(limit.window)) s taken")
      case .budget(let position):
        let budget = place.rule.budgets[position]
        let used = counts.indices.contains(index) ? ", \(budget.text(counts[index])) spent" : ""
        trace?.add(
          place.rule,
          "\(budget.word): \(budget.text(amount)) of \(budget.text(budget.max)) in \(budget.span) taken\(used)")
      case .state:
        let used = counts.indices.contains(index) ? ", which makes it \(counts[index])" : ""
        trace?.add(place.rule, "state: \(amount) added to \(place.counterPath)\(used)")
      case .look: break
      }
    }
  }

  /// Tells what conditions saw of counts.
  mutating func noteCounts(_ counts: [Amount], enforcedOnly: Bool) {
    guard trace != nil else { return }
    let places = places(enforcedOnly: enforcedOnly)
    for wanted in wanted(enforcedOnly: enforcedOnly) {
      for comparison in wanted.demand.comparisons
      where places.indices.contains(comparison.index) && counts.indices.contains(comparison.index) {
        let verdict = comparison.holds(for: counts) ? "holds" : "fails"
        let path = places[comparison.index].counterPath
        trace?.add(
          wanted.rule,
          "\(path) \(comparison.relation.rawValue) \(comparison.value): \(verdict) (\(counts[comparison.index]))")
      }
    }
  }
}

extension Findings.Place {
  /// The counter as conditions name it.
  fileprivate var counterPath: String {
    switch source {
    case .limit, .budget: rule.rule.name
    case .state: Excerpt.cleaned(rule.rule.state?.counter.path ?? "")
    case .look(let position): Excerpt.cleaned(rule.counters[position].path)
    }
  }
}

extension Budget {
  /// The window in words.
  fileprivate var span: String { algorithm == .month ? "a month" : "\(Trace.seconds(window)) s" }
}

extension Demand.Comparison {
  /// Completes the sentence "state.a.count must …".
  fileprivate var demand: String {
    switch relation {
    case .lt: "be less than \(value)"
    case .lte: "be at most \(value)"
    case .gt: "be greater than \(value)"
    case .gte: "be at least \(value)"
    case .eq: "be \(value)"
    case .neq: "not be \(value)"
    }
  }
}
