public import Wire

/// One question to a Lua validator.
public struct ScriptQuestion: Sendable {
  /// The rule that asks.
  public var rule: String
  /// Which script, with what parameters.
  public var reference: ScriptReference
  /// The call to judge.
  public var call: Call
  /// The one clock that the script sees.
  public var moment: Moment
  /// What the answer may cost.
  public var limits: Limits

  /// By how many bytes a script may make a call's arguments longer.
  public static let mostGrowth = 1 << 20

  /// How long the arguments may be that the script hands back: so that neither one call nor many that wait together make
  /// more of a small message than this program can bear.
  public var longestArguments: Int {
    min(limits.messageBytes, (call.arguments?.range.count ?? 0) + ScriptQuestion.mostGrowth)
  }

  /// A question.
  public init(rule: String, reference: ScriptReference, call: Call, moment: Moment, limits: Limits) {
    self.rule = rule
    self.reference = reference
    self.call = call
    self.moment = moment
    self.limits = limits
  }
}

/// What a validator said.
public struct ScriptAnswer: Sendable {
  /// What a validator can say.
  public enum Verdict: Sendable, Equatable {
    /// No objection.
    case pass
    /// Refused, for a reason of at most 1 KiB without control characters; nil where it gave none.
    case refuse(reason: String?, retryAfterSeconds: Int?)
    /// A person is to decide.
    case ask(reason: String?)
    /// No objection, with these arguments instead.
    case replace(NewArguments)
    /// A counter that the script asked for could not be reached: refused. The reason is for people.
    case uncounted(String)
    /// The script failed or passed a limit: refused. `summary` is one line with file and line; `traceback` is for the log.
    case fault(summary: String, traceback: String)
  }

  /// What it said.
  public var verdict: Verdict
  /// The lines it logged, for the trace.
  public var log: [String]
  /// What it has reserved, and whoever asked is to settle or to release.
  public var reservations: [ReservationID]

  /// An answer.
  public init(verdict: Verdict, log: [String] = [], reservations: [ReservationID] = []) {
    self.verdict = verdict
    self.log = log
    self.reservations = reservations
  }
}

/// Runs the validators of one loaded policy.
public protocol Validators: Sendable {
  /// Asks a validator.
  ///
  /// - Parameters:
  ///   - counters: where the script reserves. What it has taken comes with the answer, to be settled or released.
  ///   - then: called exactly once, on this thread or another, within the deadline of the question's limits and a
  ///     little: a validator that does not answer, or dies, is a fault.
  func check(
    _ question: ScriptQuestion, counters: any CounterStore, then: @escaping @Sendable (ScriptAnswer) -> Void)
}
