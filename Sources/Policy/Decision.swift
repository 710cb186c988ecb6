public import Wire

/// What was decided of a call, and why.
public struct Decision: Sendable {
  /// What becomes of the call.
  public enum Verdict: Sendable {
    /// It is forwarded.
    case allowed
    /// It is answered with the reason.
    indirect case refused(Refusal)
    /// A person is to decide. Where nobody can be asked, the agent is refused with this reason.
    indirect case asks(Refusal)
  }

  /// What becomes of the call.
  public var verdict: Verdict
  /// What enforcing would have refused, where `mode: observe` let it pass.
  public var observed: [Refusal]
  /// What was reserved for it and is to be settled or released once the outcome is known.
  public var reservation: HeldReservations?
  /// What scripts have reserved and is to be released now.
  public var released: [ReservationID] = []
  /// What scripts and rules have put in place of the call's arguments. All that are enforced say the same.
  public var rewrites: [Rewrite] = []
  /// The arguments that an allowed call is sent with in place of its own.
  public var sent: NewArguments? { rewrites.first { !$0.isObserved }?.arguments }
  /// Each rule and condition with the values it saw, if asked for.
  public var trace: [TraceEntry]

  /// A decision.
  public init(
    verdict: Verdict, observed: [Refusal] = [], reservation: HeldReservations? = nil, trace: [TraceEntry] = []
  ) {
    self.verdict = verdict
    self.observed = observed
    self.reservation = reservation
    self.trace = trace
  }
}

/// Arguments that a rule, or its script, puts in place of a call's.
public struct Rewrite: Sendable, Equatable {
  /// The rule's name.
  public var rule: String
  /// The arguments.
  public var arguments: NewArguments
  /// Whether the rule only observes: then the call keeps its own.
  public var isObserved: Bool

  /// A rewriting by a rule.
  public init(rule: String, arguments: NewArguments, isObserved: Bool) {
    self.rule = rule
    self.arguments = arguments
    self.isObserved = isObserved
  }
}

/// Why a call was refused.
public struct Refusal: Sendable, Equatable {
  /// The rule's name; `default`, `hide` where no rule did it.
  public var rule: String
  /// One line of text for the agent.
  public var reason: String
  /// When to try again, in seconds rounded up, where waiting helps.
  public var retryAfterSeconds: Int?
  /// What is left of the limit that refused.
  public var remaining: ExactNumber?
  /// What went wrong inside, where something did: never shown to the agent.
  public var fault: String?

  /// A refusal by a rule.
  public init(
    rule: String, reason: String, retryAfterSeconds: Int? = nil, remaining: ExactNumber? = nil, fault: String? = nil
  ) {
    self.rule = rule
    self.reason = reason
    self.retryAfterSeconds = retryAfterSeconds
    self.remaining = remaining
    self.fault = fault
  }
}

/// One line of an explanation.
public struct TraceEntry: Sendable, Equatable {
  /// The rule that the line belongs to; nil for the policy as a whole.
  public var rule: String?
  /// How deep the line stands below its rule.
  public var depth: Int
  /// What was judged, and what it came to.
  public var text: String
  /// Where it stands in the policy.
  public var place: Place?

  /// A line.
  public init(rule: String?, depth: Int, text: String, place: Place?) {
    self.rule = rule
    self.depth = depth
    self.text = text
    self.place = place
  }
}
