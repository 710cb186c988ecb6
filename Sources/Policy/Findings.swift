import Wire

/// What has been found about one call so far. Does not hold the call: most are decided without ever being kept.
struct Findings: ~Copyable, Sendable {
  /// A place that a rule wants to take in a counter.
  struct Place: Sendable {
    let rule: CompiledRule
    /// The position of its limit among the rule's.
    let position: Int

    var limit: RateLimit { rule.rateLimits[position] }
  }

  /// The refusals that are carried out, in the order of the rules: the first is told.
  private var refusals: [Refusal] = []
  /// What rules want a person to decide. A refusal outranks it, wherever either stands.
  private var asks: [Refusal] = []
  /// What enforcing would have refused.
  private(set) var observed: [Refusal] = []
  /// The validators to be asked.
  private(set) var scripts: [(rule: CompiledRule, reference: ScriptReference)] = []
  private var enforced = Places()
  private var observing = Places()
  /// The rules that set or remove arguments.
  private(set) var editors: [CompiledRule] = []
  /// What scripts and rules would rather have sent.
  var rewrites: [Rewriting] = []
  /// What scripts have reserved.
  var held: [Held] = []
  /// Nil unless an explanation was asked for.
  var trace: Trace?

  /// Arguments that a rule's script hands back, or that a rule makes of the call's own.
  struct Rewriting: Sendable {
    let rule: CompiledRule
    var arguments: NewArguments
    let isScripted: Bool
  }

  /// Places that a rule's script has taken.
  struct Held: Sendable {
    let rule: CompiledRule
    let reservation: ReservationID
  }

  init(explain: Bool) {
    trace = explain ? Trace() : nil
  }

  /// Places that rules want, and how a store is asked for each.
  private struct Places {
    var places: [Place] = []
    var reservations: [Reservation] = []

    mutating func append(_ other: consuming Places) {
      if places.isEmpty {
        self = other
      } else {
        places += other.places
        reservations += other.reservations
      }
    }
  }

  var refusal: Refusal? { refusals.first }
  var ask: Refusal? { asks.first }

  /// Those of the rules that are enforced come first, so that a full one among them is the one that is named.
  func places(enforcedOnly: Bool) -> [Place] {
    enforcedOnly || observing.places.isEmpty ? enforced.places : enforced.places + observing.places
  }

  /// How a store is asked for ``places(enforcedOnly:)``.
  func reservations(enforcedOnly: Bool) -> [Reservation] {
    enforcedOnly || observing.places.isEmpty ? enforced.reservations : enforced.reservations + observing.reservations
  }

  func decision(reservation: ReservationID?) -> Decision {
    let verdict: Decision.Verdict =
      if let refusal { .refused(refusal) } else if let ask { .asks(ask) } else { .allowed }
    var decision = Decision(
      verdict: verdict, observed: observed, reservation: reservation.map { .one($0) },
      trace: trace?.entries(ending: verdict) ?? [])
    if !rewrites.isEmpty || !held.isEmpty { addScripts(to: &decision, reservation) }
    return decision
  }

  /// What is to be found about the call once it is rewritten begins with what must not be forgotten.
  func beforeRewritten() -> Findings {
    var findings = Findings(explain: false)
    findings.trace = trace
    findings.observed = observed
    findings.rewrites = rewrites
    findings.trace?.add(nil, "the call is judged once more, with these arguments")
    return findings
  }

  /// Tells of the places that have been taken.
  mutating func noteTaken(enforcedOnly: Bool) {
    guard trace != nil else { return }
    for place in places(enforcedOnly: enforcedOnly) {
      let text = "rate_limit: one of \(place.limit.max) in \(Trace.seconds(place.limit.window)) s taken"
      trace?.add(place.rule, text)
    }
  }

  /// Refuses for the policy as a whole.
  mutating func refuse(_ refusal: Refusal, isObserved: Bool) {
    if isObserved { observe(refusal) } else { refusals.append(refusal) }
    trace?.add(nil, "\(refusal.rule): \(isObserved ? "would refuse" : "refuses"): \(refusal.reason)")
  }

  /// A call that is judged twice is told of once.
  private mutating func observe(_ refusal: Refusal) {
    if rewrites.isEmpty || !observed.contains(refusal) { observed.append(refusal) }
  }

  mutating func refuse(_ refusal: Refusal, by rule: CompiledRule) {
    if rule.isObserved { observe(refusal) } else { refusals.append(refusal) }
    trace?.add(rule, "\(rule.isObserved ? "would refuse" : "refuses"): \(refusal.reason)")
  }

  mutating func hold(_ refusal: Refusal, for rule: CompiledRule) {
    if rule.isObserved { observe(refusal) } else { asks.append(refusal) }
    trace?.add(rule, "\(rule.isObserved ? "would ask" : "asks") a person: \(refusal.reason)")
  }

  /// Holds one rule against the call.
  ///
  /// - Parameter isAmbiguous: whether an argument could be taken for one that a rule of the same key looks at.
  mutating func judge(
    _ judged: borrowing JudgedRule, isAmbiguous: Bool, in call: Call, _ found: borrowing FoundArguments
  ) {
    trace?.begin(judged.rule)
    if isAmbiguous, let ambiguity = judged.rule.names.ambiguity(in: call) {
      return refuse(Refusal(rule: judged.rule.rule.name, reason: ambiguity.reason), by: judged.rule)
    }
    if !judged.when.isEmpty {
      let truth = judged.when.truth(for: call, found)
      trace?.add(judged.rule, "when", judged.rule.rule.when, truth, for: call)
      if truth == .fails { return }
    }
    if !judged.unless.isEmpty {
      let truth = judged.unless.truth(for: call, found)
      trace?.add(judged.rule, "unless", judged.rule.rule.unless, truth, for: call)
      if truth == .holds { return }
    }
    if judged.denies { return refuse(judged.rule, for: call) { "the policy denies this call" } }
    if !judged.require.isEmpty {
      let truth = judged.require.truth(for: call, found)
      trace?.add(judged.rule, "require", judged.rule.rule.require, truth, for: call)
      if truth != .holds {
        let rule = judged.rule
        return refuse(rule, for: call) {
          Excerpt.line(rule.rule.require?.complaint(about: call) ?? "", limit: ReasonTemplate.limit)
        }
      }
    }
    if judged.hasMore { proceed(with: judged.rule, in: call) }
  }

  /// Refuses with the rule's own reason, or else with one that is made up.
  private mutating func refuse(_ rule: CompiledRule, for call: Call, otherwise reason: () -> String) {
    let reason = Findings.reason(of: rule.rule, for: call) ?? reason()
    refuse(Refusal(rule: rule.rule.name, reason: reason), by: rule)
  }

  /// What is not a condition: places in counters, a validator, other arguments, a person.
  private mutating func proceed(with compiled: CompiledRule, in call: Call) {
    guard compiled.rateLimits.isEmpty || take(compiled.rateLimits, for: compiled, in: call) else { return }
    if let script = compiled.rule.script { scripts.append((compiled, script)) }
    if !compiled.rule.edits.isEmpty { editors.append(compiled) }
    if compiled.action == .requireApproval {
      let reason = Findings.approval(Findings.reason(of: compiled.rule, for: call))
      hold(Refusal(rule: compiled.rule.name, reason: reason), for: compiled)
    }
  }

  /// Notes the places that a rule wants; false where one of them cannot be counted, which refuses.
  private mutating func take(_ rateLimits: [RateLimit], for compiled: CompiledRule, in call: Call) -> Bool {
    var wanted = Places()
    for (position, limit) in rateLimits.enumerated() {
      guard limit.max > 0 else {
        let reason = Findings.told(compiled.rule, "the limit is 0: no call passes", for: call)
        refuse(Refusal(rule: compiled.rule.name, reason: reason, remaining: 0), by: compiled)
        return false
      }
      do throws(CounterPartition.Uncountable) {
        let key = CounterKey(counter: limit.counter, partition: try CounterPartition.encode(limit.per, for: call))
        wanted.reservations.append(
          Reservation(key: key, max: limit.max, window: limit.window, algorithm: limit.algorithm))
        wanted.places.append(Place(rule: compiled, position: position))
      } catch {
        let reason = "\(Excerpt.cleaned(error.path.description)) \(error.demand)"
        refuse(Refusal(rule: compiled.rule.name, reason: reason), by: compiled)
        return false
      }
    }
    if compiled.isObserved { observing.append(wanted) } else { enforced.append(wanted) }
    return true
  }

  /// Refuses for a limit that is used up.
  mutating func refuse(_ place: Place, used: Int, retryAfter: Int64, in call: Call) {
    let limit = place.limit
    let rule = place.rule.rule
    let seconds = max(1, Int(retryAfter / 1_000_000_000) + (retryAfter % 1_000_000_000 > 0 ? 1 : 0))
    let count = "\(used) of \(limit.max) used; next in \(seconds) s"
    refuse(
      Refusal(
        rule: rule.name, reason: Findings.told(rule, count, for: call), retryAfterSeconds: seconds,
        remaining: ExactNumber(max(0, limit.max - used))), by: place.rule)
  }

  /// Refuses because the store could not be asked.
  mutating func refuse(_ place: Place, fault: String) {
    refuse(Findings.uncounted(place.rule.rule, fault), by: place.rule)
  }

  static func uncounted(_ rule: Rule, _ fault: String) -> Refusal {
    Refusal(rule: rule.name, reason: "this call could not be counted: its counter cannot be reached", fault: fault)
  }

  private static func reason(of rule: Rule, for call: Call) -> String? {
    rule.reason?.filled(for: call)
  }

  /// The rule's own reason, and in brackets what is known beyond it; one alone where there is no other.
  static func told(_ rule: Rule, _ detail: String?, for call: Call) -> String? {
    Findings.reason(of: rule, for: call).map { Findings.told($0, detail) } ?? detail
  }

  private static func told(_ rule: Rule, _ detail: String, for call: Call) -> String {
    Findings.reason(of: rule, for: call).map { Findings.told($0, detail) } ?? detail
  }

  static func approval(_ reason: String?) -> String {
    told("needs a person's approval, and no way to ask is set up", reason)
  }

  /// What the policy says, and in brackets what is known beyond it.
  private static func told(_ text: String, _ detail: String?) -> String {
    guard let detail else { return text }
    return Excerpt.line("\(text) (\(detail))", limit: ReasonTemplate.limit)
  }
}
