import Wire

/// The way from a call to its decision, one step at a time.
///
/// ``RuleSet/decide(_:at:explain:)`` begins it. Whoever drives it performs what ``step`` asks for and resumes with the
/// answer, until it is decided. Nothing in it does I/O or reads a clock.
///
/// Validators are asked before places are reserved, and only where nothing has refused the call. A validator of a rule
/// in observe mode is asked like any other. Where some rules with limits only observe, a full limit of theirs is
/// recorded, and the others' places are asked for once more without it: ``Step/reserve(_:)`` can come twice.
public struct Judgement: ~Copyable, Sendable {
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
  private var stage = Stage.decided
  /// What the answer will be about; nil once it is decided.
  private var call: Call?
  private var findings: Findings

  private enum Stage {
    case decided
    case asking
    /// Places of all the rules, or of those alone that are enforced.
    case reserving(enforcedOnly: Bool)
  }

  /// The judgement of a call against which the policy's own rules have been held.
  init(_ call: consuming Call, _ findings: consuming Findings, at moment: Moment, limits: Limits) {
    self.call = call
    self.findings = findings
    step = .ask([])
    if self.findings.refusal == nil, !self.findings.scripts.isEmpty {
      ask(at: moment, limits)
    } else {
      goOn()
    }
  }

  private mutating func ask(at moment: Moment, _ limits: Limits) {
    guard let call else { return }
    let questions = findings.scripts.map { rule, reference in
      ScriptQuestion(rule: rule.rule.name, reference: reference, call: call, moment: moment, limits: limits)
    }
    step = .ask(questions)
    stage = .asking
  }

  /// Goes on with the validators' answers, in the order of the questions. A missing answer counts as a fault; without a
  /// question nothing happens.
  public mutating func resume(with answers: [ScriptAnswer]) {
    guard case .asking = stage, let call else { return }
    for (position, script) in findings.scripts.enumerated() {
      let answer = position < answers.count ? answers[position] : ScriptAnswer.missing
      findings.add(answer, of: script.rule, in: call)
    }
    goOn()
  }

  /// Goes on with the store's answer. Without a question nothing happens.
  public mutating func resume(with answer: ReservationAnswer) {
    guard case .reserving(let enforcedOnly) = stage else { return }
    if case .granted(let id) = answer {
      findings.noteTaken(enforcedOnly: enforcedOnly)
      return decide(reservation: id)
    }
    guard let call else { return }
    let asked = findings.places(enforcedOnly: enforcedOnly)
    let full: Findings.Place
    switch answer {
    case .granted: return
    case .exhausted(let index, let used, let retryAfter):
      // A store that names no place of those asked for refuses all the same.
      full = asked.indices.contains(index) ? asked[index] : asked[0]
      findings.refuse(full, used: used, retryAfter: retryAfter, in: call)
    case .unavailable(let fault):
      full = asked[0]
      findings.refuse(full, fault: fault)
    }
    if full.rule.isObserved { reserve(enforcedOnly: true) } else { decide() }
  }

  /// Every check has been made: places are next.
  private mutating func goOn() {
    guard findings.refusal == nil, findings.ask == nil else { return decide() }
    // Under enforce, what an observing rule objects to would have cost nothing: its places are not taken.
    reserve(enforcedOnly: !findings.observed.isEmpty)
  }

  private mutating func reserve(enforcedOnly: Bool) {
    let reservations = findings.reservations(enforcedOnly: enforcedOnly)
    guard !reservations.isEmpty else { return decide() }
    step = .reserve(reservations)
    stage = .reserving(enforcedOnly: enforcedOnly)
  }

  private mutating func decide(reservation: ReservationID? = nil) {
    step = .decided(findings.decision(reservation: reservation))
    stage = .decided
    call = nil
  }
}

extension ScriptAnswer {
  fileprivate static let missing = ScriptAnswer(
    verdict: .fault(summary: "the validator gave no answer", traceback: ""))
}
