import Wire

/// What rules want counted, and what they demand of counts.
extension Findings {
  /// What a rule wants to take in a count, or to look at in it.
  struct Place: Sendable {
    let rule: CompiledRule
    let source: Source

    /// What of the rule it is for.
    enum Source: Sendable {
      /// One of its rate limits.
      case limit(Int)
      /// One of its budgets.
      case budget(Int)
      /// Its `state`.
      case state
      /// One of the counters that its conditions look at.
      case look(Int)
    }
  }

  /// What a rule demands of counts.
  struct Wanted: Sendable {
    let rule: CompiledRule
    var demand: Demand
    /// Whether a person decides where it is not met; else the call is refused.
    let isHold: Bool
  }

  /// Places that rules want, how a store is asked for each, and what must hold of them.
  struct Places {
    var places: [Place] = []
    var reservations: [Reservation] = []
    var demands: [Wanted] = []

    mutating func append(_ other: consuming Places) {
      if places.isEmpty {
        self = other
        return
      }
      for var wanted in other.demands {
        wanted.demand = wanted.demand.shifted(by: places.count)
        demands.append(wanted)
      }
      places += other.places
      reservations += other.reservations
    }
  }

  /// Those of the rules that are enforced come first, so that a full one among them is the one that is named.
  func places(enforcedOnly: Bool) -> [Place] {
    enforcedOnly || observing.places.isEmpty ? enforced.places : enforced.places + observing.places
  }

  /// How a store is asked for ``places(enforcedOnly:)``.
  func claim(enforcedOnly: Bool) -> Claim {
    let isAlone = enforcedOnly || observing.places.isEmpty
    return Claim(
      isAlone ? enforced.reservations : enforced.reservations + observing.reservations,
      demands: wanted(enforcedOnly: enforcedOnly).map(\.demand), wantsCounts: trace != nil)
  }

  /// What is demanded of the counts at ``places(enforcedOnly:)``: what refuses before what only holds a call, so that it
  /// outranks that.
  func wanted(enforcedOnly: Bool) -> [Wanted] {
    if enforced.demands.isEmpty, enforcedOnly || observing.demands.isEmpty { return [] }
    var all = enforced.demands.filter { !$0.isHold } + enforced.demands.filter(\.isHold)
    guard !enforcedOnly else { return all }
    for var wanted in observing.demands {
      wanted.demand = wanted.demand.shifted(by: enforced.places.count)
      all.append(wanted)
    }
    return all
  }

  mutating func append(_ wanted: consuming Places, of compiled: CompiledRule) {
    if compiled.isObserved { observing.append(wanted) } else { enforced.append(wanted) }
  }

  /// Holds a rule whose conditions look at counts against the call: what they come to is for the store to say, once all
  /// else is known.
  mutating func judgeCounts(_ compiled: CompiledRule, in call: Call) {
    let rule = compiled.rule
    for (word, condition) in [("when", rule.when), ("unless", rule.unless), ("require", rule.require)] {
      if let condition { trace?.add(compiled, word, condition, condition.truth(for: call), for: call) }
    }
    // Each counter that is looked at stands where it does in the rule's list.
    var wanted = Places()
    for (position, counter) in compiled.counters.enumerated() {
      wanted.places.append(Place(rule: compiled, source: .look(position)))
      wanted.reservations.append(counter.reservation(amount: 0))
    }
    let index = { (counter: StateCounter) in compiled.counters.firstIndex(of: counter) ?? -1 }
    let spared = Residue.any([
      rule.when?.residue(for: call, wanted: .fails, index) ?? .known(false),
      rule.unless?.residue(for: call, wanted: .holds, index) ?? .known(false),
    ])
    if spared == .known(true) { return }
    let required: Residue =
      compiled.action == .deny
      ? .known(false) : rule.require?.residue(for: call, wanted: .holds, index) ?? .known(true)
    switch Residue.any([spared, required]) {
    case .known(true): break
    case .known(false):
      if compiled.action == .deny { return deny(compiled, in: call) }
      return refuseRequired(compiled, in: call)
    case .open(let demand): wanted.demands.append(Wanted(rule: compiled, demand: demand, isHold: false))
    }
    if compiled.action == .requireApproval, case .open(let demand) = spared {
      wanted.demands.append(Wanted(rule: compiled, demand: demand, isHold: true))
    }
    if !wanted.demands.isEmpty { append(wanted, of: compiled) }
    // Where only counts tell whether the rule applies, its other checks hold for every call.
    if compiled.hasMore { proceed(with: compiled, in: call, isHeld: spared == .known(false)) }
  }

  /// Notes what a rule wants to take; false where something cannot be counted, which refuses.
  mutating func take(_ compiled: CompiledRule, in call: Call) -> Bool {
    var wanted = Places()
    do throws(CounterPartition.Uncountable) {
      for (position, limit) in compiled.rateLimits.enumerated() {
        guard limit.max > 0 else {
          let reason = Findings.told(compiled.rule, "the limit is 0: no call passes", for: call)
          refuse(Refusal(rule: compiled.rule.name, reason: reason, remaining: 0), by: compiled)
          return false
        }
        let key = CounterKey(counter: limit.counter, partition: try CounterPartition.encode(limit.per, for: call))
        wanted.reservations.append(
          Reservation(
            key: key, max: Amount(limit.max), window: limit.window, algorithm: limit.algorithm,
            endsWithSession: limit.per.endWithSession, refund: limit.refund))
        wanted.places.append(Place(rule: compiled, source: .limit(position)))
      }
      for (position, budget) in compiled.budgets.enumerated() {
        let key = CounterKey(counter: budget.counter, partition: try CounterPartition.encode(budget.per, for: call))
        wanted.reservations.append(
          Reservation(
            key: key, max: budget.max, window: budget.window, algorithm: budget.algorithm,
            amount: try budget.cost.amount(in: call), endsWithSession: budget.per.endWithSession,
            refund: budget.refund))
        wanted.places.append(Place(rule: compiled, source: .budget(position)))
      }
      if let state = compiled.rule.state {
        wanted.reservations.append(state.counter.reservation(amount: try state.cost.amount(in: call)))
        wanted.places.append(Place(rule: compiled, source: .state))
      }
    } catch {
      let reason = "\(Excerpt.cleaned(error.path.description)) \(error.demand)"
      refuse(Refusal(rule: compiled.rule.name, reason: reason), by: compiled)
      return false
    }
    append(wanted, of: compiled)
    return true
  }
}

extension Cost {
  /// How much a call adds. What is missing, negative, no number, or beyond what is counted adds nothing: the call is
  /// refused.
  func amount(in call: Call) throws(CounterPartition.Uncountable) -> Amount {
    switch self {
    case .fixed(let amount): return amount
    case .value(let path):
      guard let value = path.value(in: call) else {
        throw CounterPartition.Uncountable(path: path, demand: "must be there: its value is counted")
      }
      guard let number = value.number else {
        throw CounterPartition.Uncountable(
          path: path, demand: "must be a number: its value is counted; it is \(value.kind.phrase)")
      }
      guard number >= 0 else {
        throw CounterPartition.Uncountable(path: path, demand: "must not be negative: its value is counted")
      }
      guard let amount = Amount(number) else {
        throw CounterPartition.Uncountable(path: path, demand: "must be \(Amount.bounds): its value is counted")
      }
      return amount
    }
  }
}
