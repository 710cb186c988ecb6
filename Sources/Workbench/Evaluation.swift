public import Policy
public import Wire

/// Tries calls on a policy, line by line, with counters and a clock that live for the run.
public struct Evaluation {
  /// What became of one line.
  public enum Outcome: Sendable {
    /// The line was a call, and this was decided.
    case decided(name: Name, Decision)
    /// The line is no call, or its `at` goes back in time.
    case invalid(reason: String)

    /// Whether the call passes.
    public var passes: Bool {
      if case .decided(_, let decision) = self, case .allowed = decision.verdict { true } else { false }
    }
  }

  private let judge: Judge
  private let explain: Bool
  private let clock: () -> Moment
  private var simulated: Double?
  private var sessions: [String: Call.Context] = [:]

  /// A run by that judge.
  ///
  /// - Parameters:
  ///   - explain: whether decisions carry their traces.
  ///   - clock: what time it is, until a line says so itself.
  public init(judge: Judge, explain: Bool, clock: @escaping () -> Moment) {
    self.judge = judge
    self.explain = explain
    self.clock = clock
  }

  /// Tries one line. Never stops at a bad one.
  public mutating func evaluate(_ text: [UInt8]) throws -> Outcome {
    do throws(CallLine.Invalid) {
      let line = try CallLine(text)
      let moment = try self.moment(at: line.at)
      var context = sessions[line.session] ?? Call.Context(session: line.session, started: moment.seconds)
      let call = try line.call(in: context)
      let decision: Decision
      do {
        decision = try judge.decide(call, of: line.message, at: moment, explain: explain)
      } catch {
        return .invalid(reason: "the validators cannot be reached: \(error)")
      }
      if call.subject == .tool, case .allowed = decision.verdict { context.calls[call.name, default: 0] += 1 }
      sessions[line.session] = context
      return .decided(name: call.name, decision)
    } catch {
      return .invalid(reason: error.reason)
    }
  }

  private mutating func moment(at seconds: Double?) throws(CallLine.Invalid) -> Moment {
    if let seconds {
      if let simulated, seconds < simulated {
        throw CallLine.Invalid(reason: "\"at\" goes back: \(seconds) after \(simulated)")
      }
      simulated = seconds
    }
    return simulated.map { Moment(simulated: $0) } ?? clock()
  }
}

extension Evaluation.Outcome {
  /// The outcome as one line of the machine form.
  public func json(withTrace: Bool) -> JSON {
    switch self {
    case .invalid(let reason):
      return .object([("verdict", .string("invalid")), ("reason", .string(reason))])
    case .decided(_, let decision):
      var members: [(name: Name, value: JSON)] = []
      switch decision.verdict {
      case .allowed:
        members = [("verdict", .string(decision.sent == nil ? "allowed" : "replaced"))]
      case .refused(let refusal): members = [("verdict", .string("refused"))] + Self.members(of: refusal)
      case .asks(let refusal): members = [("verdict", .string("asks"))] + Self.members(of: refusal)
      }
      if !decision.observed.isEmpty {
        members.append(("observed", .array(decision.observed.map { .object(Self.members(of: $0)) })))
      }
      if !decision.rewrites.isEmpty {
        members.append(("rewrites", .array(decision.rewrites.map { .object(Self.members(of: $0)) })))
      }
      if case .allowed = decision.verdict, let sent = decision.sent { members.append(("arguments", sent.object.tree)) }
      if withTrace { members.append(("trace", .array(decision.trace.map(Self.json)))) }
      return .object(members)
    }
  }

  private static func members(of refusal: Refusal) -> [(name: Name, value: JSON)] {
    var members: [(name: Name, value: JSON)] = [("rule", .string(refusal.rule)), ("reason", .string(refusal.reason))]
    if let fault = refusal.fault { members.append(("fault", .string(fault))) }
    if let seconds = refusal.retryAfterSeconds { members.append(("retryAfterSeconds", .number(ExactNumber(seconds)))) }
    if let remaining = refusal.remaining { members.append(("remaining", .number(remaining))) }
    return members
  }

  /// The arguments stand as text: JSON of ours would spell their numbers anew.
  private static func members(of rewrite: Rewrite) -> [(name: Name, value: JSON)] {
    [
      ("rule", .string(rewrite.rule)), ("observed", .bool(rewrite.isObserved)),
      ("arguments", .string(rewrite.arguments.text)),
    ]
  }

  private static func json(_ entry: TraceEntry) -> JSON {
    var members: [(name: Name, value: JSON)] = []
    if let rule = entry.rule { members.append(("rule", .string(rule))) }
    members.append(("depth", .number(ExactNumber(entry.depth))))
    members.append(("text", .string(entry.text)))
    if let place = entry.place { members.append(("place", .string(place.description))) }
    return .object(members)
  }
}
