import Wire

/// What validators say of a call.
extension Findings {
  /// The positions of ``scripts``, in the order in which they are asked.
  ///
  /// One script can see what another has counted for the same call, so that the order is one of the scripts themselves:
  /// where their rules stand makes no difference. Among those that are the same, one of a rule that is enforced comes
  /// first.
  var order: [Int] {
    guard scripts.count > 1 else { return Array(scripts.indices) }
    return scripts.indices.sorted { left, right in
      let (one, other) = (scripts[left], scripts[right])
      if one.reference.identity != other.reference.identity { return one.reference.identity < other.reference.identity }
      let (parameters, others) = (one.reference.encodedParameters, other.reference.encodedParameters)
      if parameters != others { return parameters.lexicographicallyPrecedes(others) }
      if one.rule.isObserved != other.rule.isObserved { return other.rule.isObserved }
      return left < right
    }
  }

  /// Adds what a validator said. `isRewritten`: of a call that has been rewritten.
  mutating func add(_ answer: ScriptAnswer, of compiled: CompiledRule, in call: Call, isRewritten: Bool) {
    let rule = compiled.rule
    for reservation in answer.reservations { held.append(Held(rule: compiled, reservation: reservation)) }
    for line in answer.log { trace?.add(compiled, "log: \(Excerpt.cleaned(line, limit: ReasonTemplate.limit))") }
    switch answer.verdict {
    case .pass: trace?.add(compiled, "the script has no objection")
    case .refuse(let reason, let retryAfterSeconds):
      let text = Findings.told(rule, reason, for: call) ?? "the rule's script refuses this call"
      refuse(
        Refusal(rule: rule.name, reason: text, retryAfterSeconds: retryAfterSeconds.map { max(0, $0) }), by: compiled)
    case .ask(let reason):
      hold(Refusal(rule: rule.name, reason: Findings.approval(Findings.told(rule, reason, for: call))), for: compiled)
    case .replace(let arguments): rewrite(arguments, by: compiled, in: call, isRewritten: isRewritten)
    case .uncounted(let fault): refuse(Findings.uncounted(rule, fault), by: compiled)
    case .fault(let summary, let traceback):
      fail(compiled, traceback.isEmpty ? summary : "\(summary)\n\(traceback)")
    }
  }

  /// Refuses because of a script that failed: what went wrong is not for the agent.
  private mutating func fail(_ compiled: CompiledRule, _ fault: String) {
    for line in fault.split(separator: "\n") {
      trace?.add(compiled, "fault: \(Excerpt.cleaned(String(line), limit: ReasonTemplate.limit))")
    }
    let reason = "this call could not be checked: the rule's script failed"
    refuse(Refusal(rule: compiled.rule.name, reason: reason, fault: fault), by: compiled)
  }

  private mutating func rewrite(
    _ arguments: NewArguments, by compiled: CompiledRule, in call: Call, isRewritten: Bool
  ) {
    if arguments.changeNothing(in: call) {
      trace?.add(compiled, "the script has no objection, and changes nothing")
      return
    }
    if trace != nil {
      let shown = Excerpt.cleaned(arguments.text, limit: ReasonTemplate.limit)
      trace?.add(compiled, "the script \(compiled.isObserved ? "would replace" : "replaces") the arguments: \(shown)")
    }
    if isRewritten {
      let reason = "this call was rewritten, and the rule's script would rewrite it once more"
      refuse(Refusal(rule: compiled.rule.name, reason: reason), by: compiled)
    } else {
      rewrites.append(Rewriting(rule: compiled, arguments: arguments, isScripted: true))
    }
  }

  /// Refuses where two scripts want different things sent.
  mutating func compareRewrites() {
    for (position, rewrite) in rewrites.enumerated() {
      let isObserved = rewrite.rule.isObserved
      // An observing rule is told of any other, and disturbs none that is enforced.
      let others = rewrites.enumerated().filter { other in
        other.element.rule.isObserved ? isObserved && other.offset < position : isObserved || other.offset < position
      }
      guard let other = others.first(where: { $0.element.arguments != rewrite.arguments }) else { continue }
      let names = [other.element, rewrite].map { Excerpt.quoted($0.rule.rule.name) }
      let reason = "the scripts of \(names[0]) and \(names[1]) rewrite this call in different ways"
      refuse(Refusal(rule: rewrite.rule.rule.name, reason: reason), by: rewrite.rule)
    }
  }

  /// What the call's arguments are to be, where a rule that is enforced says so.
  var rewriting: Rewriting? { rewrites.first { !$0.rule.isObserved } }

  /// Refuses a call that cannot be sent as it was rewritten.
  mutating func refuseRewritten(because problem: String) {
    guard let rewriting else { return }
    if rewriting.isScripted { return fail(rewriting.rule, "check returned replace(…), but \(problem)") }
    let reason = Excerpt.line("as the rule rewrites this call, \(problem)", limit: ReasonTemplate.limit)
    refuse(Refusal(rule: rewriting.rule.rule.name, reason: reason), by: rewriting.rule)
  }

  /// Adds to a decision what scripts have rewritten and reserved.
  ///
  /// What they have reserved is kept for a call that passes, and given back for any other. As with places: what an
  /// observing rule wants is not taken where one of them objects.
  func addScripts(to decision: inout Decision, _ reservation: ReservationID?) {
    decision.rewrites = rewrites.map {
      Rewrite(rule: $0.rule.rule.name, arguments: $0.arguments, isObserved: $0.rule.isObserved)
    }
    var kept = reservation.map { [$0] } ?? []
    let passes = refusal == nil && ask == nil
    for each in held {
      if passes, observed.isEmpty || !each.rule.isObserved {
        kept.append(each.reservation)
      } else {
        decision.released.append(each.reservation)
      }
    }
    decision.reservation = HeldReservations(kept)
  }
}
