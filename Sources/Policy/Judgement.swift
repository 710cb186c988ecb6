import Wire

/// The way from a call to its decision, one step at a time.
///
/// ``RuleSet/decide(_:at:explain:)`` begins it. Whoever drives it performs what ``step`` asks for and resumes with the
/// answer, until it is decided. Nothing in it does I/O or reads a clock.
///
/// Validators are asked before places are reserved, and only where nothing has refused the call. A validator of a rule
/// in observe mode is asked like any other. Where some rules with limits only observe, a full limit of theirs is
/// recorded, and the others' places are asked for once more without it: ``Step/reserve(_:)`` can come twice.
public struct Judgement: Sendable {
  /// What is needed next.
  public enum Step: Sendable {
    /// Nothing: this is the decision.
    case decided(Decision)
    /// The answers of these validators, in this order.
    case ask([ScriptQuestion])
    /// These places, all or none. Comes last: a refused call costs nothing.
    case reserve([Reservation])
  }

  /// What is needed next.
  public private(set) var step: Step
  private var pending: Pending?

  private enum Stage {
    case asking
    /// Places of all the rules, or of those alone that are enforced.
    case reserving(enforcedOnly: Bool)
  }

  /// What has to be kept until an answer comes.
  private final class Pending: Sendable {
    let call: Call
    let findings: Findings
    let stage: Stage

    init(_ call: Call, _ findings: Findings, _ stage: Stage) {
      self.call = call
      self.findings = findings
      self.stage = stage
    }
  }

  /// The judgement of a call against which the policy's own rules have been held.
  static func begun(_ call: Call, _ findings: Findings, at moment: Moment, limits: Limits) -> Judgement {
    guard findings.refusal == nil, !findings.scripts.isEmpty else { return checked(call, findings) }
    let questions = findings.scripts.map { rule, reference in
      ScriptQuestion(rule: rule.rule.name, reference: reference, call: call, moment: moment, limits: limits)
    }
    return Judgement(step: .ask(questions), pending: Pending(call, findings, .asking))
  }

  /// Goes on with the validators' answers, in the order of the questions. A missing answer counts as a fault; without a
  /// question nothing happens.
  public mutating func resume(with answers: [ScriptAnswer]) {
    guard let pending, case .asking = pending.stage else { return }
    var findings = pending.findings
    for (position, script) in findings.scripts.enumerated() {
      let answer = position < answers.count ? answers[position] : ScriptAnswer.missing
      findings.add(answer, of: script.rule, in: pending.call)
    }
    self = Judgement.checked(pending.call, findings)
  }

  /// Goes on with the store's answer. Without a question nothing happens.
  public mutating func resume(with answer: ReservationAnswer) {
    guard let pending, case .reserving(let enforcedOnly) = pending.stage else { return }
    let asked = pending.findings.places(enforcedOnly: enforcedOnly)
    var findings: Findings
    let full: Findings.Place
    switch answer {
    case .granted(let id):
      let decision = pending.findings.decision(granted: id, asked)
      self = Judgement(step: .decided(decision), pending: nil)
      return
    case .exhausted(let index, let used, let retryAfter):
      // A store that names no place of those asked for refuses all the same.
      full = asked.indices.contains(index) ? asked[index] : asked[0]
      findings = pending.findings
      findings.refuse(full, used: used, retryAfter: retryAfter, in: pending.call)
    case .unavailable(let fault):
      full = asked[0]
      findings = pending.findings
      findings.refuse(full, fault: fault)
    }
    self =
      full.rule.isObserved
      ? Judgement.reserving(pending.call, findings, enforcedOnly: true) : Judgement.decided(findings)
  }

  /// Every check has been made: places are next.
  private static func checked(_ call: Call, _ findings: Findings) -> Judgement {
    guard findings.refusal == nil, findings.ask == nil else { return decided(findings) }
    // Under enforce, what an observing rule objects to would have cost nothing: its places are not taken.
    return reserving(call, findings, enforcedOnly: !findings.observed.isEmpty)
  }

  private static func reserving(_ call: Call, _ findings: Findings, enforcedOnly: Bool) -> Judgement {
    let places = findings.places(enforcedOnly: enforcedOnly)
    guard !places.isEmpty else { return decided(findings) }
    return Judgement(
      step: .reserve(places.map(\.reservation)),
      pending: Pending(call, findings, .reserving(enforcedOnly: enforcedOnly)))
  }

  private static func decided(_ findings: Findings, reservation: ReservationID? = nil) -> Judgement {
    Judgement(step: .decided(findings.decision(reservation: reservation)), pending: nil)
  }
}

extension ScriptAnswer {
  fileprivate static let missing = ScriptAnswer(
    verdict: .fault(summary: "the validator gave no answer", traceback: ""))
}
