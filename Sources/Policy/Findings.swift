import Wire

/// What has been found about one call so far. Does not hold the call: most are decided without ever being kept.
struct Findings: ~Copyable, Sendable {
  /// The refusals that are carried out, in the order of the rules: the first is told.
  private var refusals: [Refusal] = []
  /// What rules want a person to decide. A refusal outranks it, wherever either stands.
  private var asks: [Refusal] = []
  /// What enforcing would have refused.
  private(set) var observed: [Refusal] = []
  /// The validators to be asked.
  private(set) var scripts: [(rule: CompiledRule, reference: ScriptReference)] = []
  /// What is to be counted for rules that are enforced, and for those that observe.
  var enforced = Places()
  var observing = Places()
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

  var refusal: Refusal? { refusals.first }
  var ask: Refusal? { asks.first }

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
    let time = rule.rule.approvalTimeout.map { ", for \(Trace.seconds($0)) s at most" } ?? ""
    trace?.add(rule, "\(rule.isObserved ? "would ask" : "asks") a person\(time): \(refusal.reason)")
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
    if judged.looksAtCounts { return judgeCounts(judged.rule, in: call) }
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
    if judged.denies { return deny(judged.rule, in: call) }
    if !judged.require.isEmpty {
      let truth = judged.require.truth(for: call, found)
      trace?.add(judged.rule, "require", judged.rule.rule.require, truth, for: call)
      if truth != .holds { return refuseRequired(judged.rule, in: call) }
    }
    if judged.hasMore { proceed(with: judged.rule, in: call) }
  }

  /// Refuses for a rule that denies what it judges.
  mutating func deny(_ rule: CompiledRule, in call: Call) {
    refuse(rule, for: call) { "the policy denies this call" }
  }

  /// Refuses for what the rule requires and does not hold.
  mutating func refuseRequired(_ rule: CompiledRule, in call: Call) {
    refuse(rule, for: call) {
      Excerpt.line(rule.rule.require?.complaint(about: call) ?? "", limit: ReasonTemplate.limit)
    }
  }

  /// Refuses with the rule's own reason, or else with one that is made up.
  private mutating func refuse(_ rule: CompiledRule, for call: Call, otherwise reason: () -> String) {
    let reason = Findings.reason(of: rule.rule, for: call) ?? reason()
    refuse(Refusal(rule: rule.rule.name, reason: reason), by: rule)
  }

  /// What is not a condition: amounts in counters, a validator, other arguments, a person.
  ///
  /// - Parameter isHeld: whether a rule that asks a person does so for this call.
  mutating func proceed(with compiled: CompiledRule, in call: Call, isHeld: Bool = true) {
    guard !compiled.isCounting || take(compiled, in: call) else { return }
    if let script = compiled.rule.script { scripts.append((compiled, script)) }
    if !compiled.rule.edits.isEmpty { editors.append(compiled) }
    if compiled.action == .requireApproval, isHeld {
      let reason = Findings.approval(Findings.reason(of: compiled.rule, for: call))
      hold(Refusal(rule: compiled.rule.name, reason: reason), for: compiled)
    }
  }

  private static func reason(of rule: Rule, for call: Call) -> String? {
    rule.reason?.filled(for: call)
  }

  /// The rule's own reason, and in brackets what is known beyond it; one alone where there is no other.
  static func told(_ rule: Rule, _ detail: String?, for call: Call) -> String? {
    Findings.reason(of: rule, for: call).map { Findings.told($0, detail) } ?? detail
  }

  static func told(_ rule: Rule, _ detail: String, for call: Call) -> String {
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
