public import Wire

/// The way from a call to its decision, one step at a time.
///
/// ``RuleSet/decide(_:at:explain:)`` begins it. Whoever drives it performs what ``step`` asks for and resumes with the
/// answer, until it is decided. Nothing in it does I/O or reads a clock.
///
/// Where validators hand back other arguments, all of them the same, or rules set or remove some, the call is rewritten
/// and judged once more, by every rule, as it will be sent; that judgement decides. A call is never rewritten twice: a
/// validator or a rule that would is an objection. What validators reserved for the call as it was is given back first.
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
    /// The call's message, for ``Judgement/resume(rewriting:)``; and that what was reserved for it is released.
    case rewrite(releasing: [ReservationID])
    /// What this claims, all of it or nothing. Comes last: a refused call costs nothing.
    case reserve(Claim)
  }

  /// What is needed next.
  public private(set) var step: Step
  private var stage = Stage.decided
  /// What the answer will be about; nil once it is decided.
  private var call: Call?
  private var findings: Findings

  private enum Stage {
    case decided
    case asking(Round)
    case rewriting(Round)
    /// Places of all the rules, or of those alone that are enforced.
    case reserving(enforcedOnly: Bool)
  }

  /// What a call is judged by, where scripts may have it judged twice.
  private final class Round: Sendable {
    let rules: RuleSet
    let moment: Moment
    /// Whether the call has been rewritten.
    let isSecond: Bool

    init(_ rules: RuleSet, at moment: Moment, isSecond: Bool) {
      self.rules = rules
      self.moment = moment
      self.isSecond = isSecond
    }
  }

  /// The judgement of a call against which these rules have been held.
  init(
    _ call: consuming Call, _ findings: consuming Findings, at moment: Moment, by rules: borrowing RuleSet,
    isRewritten: Bool = false
  ) {
    self.call = call
    self.findings = findings
    step = .ask([])
    if self.findings.refusal == nil, !self.findings.scripts.isEmpty {
      ask(Round(copy rules, at: moment, isSecond: isRewritten))
    } else if self.findings.refusal == nil, !self.findings.editors.isEmpty {
      rewrite(Round(copy rules, at: moment, isSecond: isRewritten))
    } else {
      goOn()
    }
  }

  private mutating func ask(_ round: Round) {
    guard let call else { return }
    let questions = findings.order.map { position in
      let (rule, reference) = findings.scripts[position]
      return ScriptQuestion(
        rule: rule.rule.name, reference: reference, call: call, moment: round.moment, limits: round.rules.limits)
    }
    step = .ask(questions)
    stage = .asking(round)
  }

  /// Goes on with the validators' answers, in the order of the questions. A missing answer counts as a fault; without a
  /// question nothing happens.
  public mutating func resume(with answers: [ScriptAnswer]) {
    guard case .asking(let round) = stage, let call else { return }
    var sorted = [ScriptAnswer](repeating: .missing, count: findings.scripts.count)
    for (position, answer) in zip(findings.order, answers) { sorted[position] = answer }
    // Told in the order of the rules, in whichever they were asked.
    for (script, answer) in zip(findings.scripts, sorted) {
      findings.add(answer, of: script.rule, in: call, isRewritten: round.isSecond)
    }
    rewrite(round)
  }

  /// Has the call rewritten as scripts and rules want it, or goes on with it as it is.
  private mutating func rewrite(_ round: Round) {
    guard let call else { return }
    guard !round.isSecond else {
      findings.refuseFurtherEdits(of: call)
      return goOn()
    }
    findings.compareRewrites()
    findings.applyEdits(to: call)
    guard findings.refusal == nil, findings.ask == nil, findings.rewriting != nil else { return goOn() }
    step = .rewrite(releasing: held)
    stage = .rewriting(round)
    findings.held = []
  }

  /// Goes on with the call as validators and rules want it sent. Without a wish of theirs nothing happens.
  ///
  /// - Parameter message: the message that makes the call.
  /// - Returns: the message to be sent in its place, if the call passes; nil where none can be made of it, which
  ///   refuses the call.
  public mutating func resume(rewriting message: Message) -> Message? {
    guard case .rewriting(let round) = stage, let old = call, let rewriting = findings.rewriting else { return nil }
    do throws(MessageError) {
      let limits = round.rules.limits
      let rewritten = try message.replacing(
        arguments: rewriting.arguments.object, depth: limits.messageDepth, bytes: limits.messageBytes)
      guard var call = try rewritten.call(in: old.context) else { throw MessageError.noCall(rewritten) }
      call.definition = old.definition
      call.undefined = old.undefined
      var findings = findings.beforeRewritten()
      round.rules.judge(call, &findings)
      self = Judgement(call, findings, at: round.moment, by: round.rules, isRewritten: true)
      return rewritten
    } catch {
      findings.refuseRewritten(because: error.message)
      decide()
      return nil
    }
  }

  /// What validators have reserved for a call that is not decided yet.
  public var held: [ReservationID] {
    if case .decided = stage { [] } else { findings.held.map(\.reservation) }
  }

  /// Goes on with the store's answer. Without a question nothing happens.
  public mutating func resume(with answer: ReservationAnswer) {
    guard case .reserving(let enforcedOnly) = stage else { return }
    if case .granted(let id, let counts) = answer {
      findings.noteTaken(counts, enforcedOnly: enforcedOnly)
      return decide(reservation: id)
    }
    guard let call else { return }
    let asked = findings.places(enforcedOnly: enforcedOnly)
    // A store that names nothing of what was asked for refuses all the same.
    var objector = asked[0].rule
    switch answer {
    case .granted: return
    case .exhausted(let index, let used, let retryAfter):
      let index = asked.indices.contains(index) ? index : 0
      objector = asked[index].rule
      let reservation = findings.claim(enforcedOnly: enforcedOnly).reservations[index]
      findings.refuse(asked[index], of: reservation, used: used, retryAfter: retryAfter, in: call)
    case .unmet(let demand, let counts, let retryAfter):
      let wanted = findings.wanted(enforcedOnly: enforcedOnly)
      guard wanted.indices.contains(demand) else {
        findings.refuse(asked[0], fault: "the store tells of a demand that was not made")
        break
      }
      objector = wanted[demand].rule
      findings.noteCounts(counts, enforcedOnly: enforcedOnly)
      findings.object(
        wanted[demand], in: findings.claim(enforcedOnly: enforcedOnly), asked, counts: counts, retryAfter: retryAfter,
        in: call)
    case .unavailable(let fault):
      // Whose counter it is does not show: the others are asked for without what only observes, which refuses nothing.
      let place = asked.first { $0.rule.isObserved } ?? asked[0]
      objector = place.rule
      findings.refuse(place, fault: fault)
    }
    if objector.isObserved { reserve(enforcedOnly: true) } else { decide() }
  }

  /// Every check has been made: places are next.
  private mutating func goOn() {
    guard findings.refusal == nil, findings.ask == nil else { return decide() }
    // Under enforce, what an observing rule objects to would have cost nothing: its places are not taken.
    reserve(enforcedOnly: !findings.observed.isEmpty)
  }

  private mutating func reserve(enforcedOnly: Bool) {
    let claim = findings.claim(enforcedOnly: enforcedOnly)
    guard !claim.reservations.isEmpty else { return decide() }
    step = .reserve(claim)
    stage = .reserving(enforcedOnly: enforcedOnly)
  }

  private mutating func decide(reservation: ReservationID? = nil) {
    step = .decided(findings.decision(reservation: reservation))
    stage = .decided
    call = nil
  }
}

extension MessageError {
  fileprivate static func noCall(_ message: Message) -> MessageError {
    MessageError(code: -32602, message: "it would be no call", id: message.id, sort: .request)
  }
}

extension ScriptAnswer {
  fileprivate static let missing = ScriptAnswer(
    verdict: .fault(summary: "the validator gave no answer", traceback: ""))
}
