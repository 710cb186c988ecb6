public import Policy

/// Something to say about a policy, and where in it.
public struct Diagnostic: Error, Sendable, Equatable {
  /// How much it matters.
  public enum Severity: String, Sendable {
    /// The policy does not load.
    case error
    /// The policy loads, and may not mean what its author thinks.
    case warning
  }

  /// A stable code, a row of ``Mistake``: `MG2101`.
  public let code: String
  /// How much it matters.
  public let severity: Severity
  /// Where it is.
  public let place: Place
  /// What is wrong, as a phrase without a full stop.
  public let message: String
  /// What to write instead.
  public let hint: String?
  /// The line of the file that ``place`` is on, where there is one.
  public let sourceLine: String?

  /// A diagnostic of a kind; its code and severity follow from it.
  public init(_ mistake: Mistake, at place: Place, message: String, hint: String? = nil, sourceLine: String? = nil) {
    self.code = mistake.rawValue
    self.severity = mistake.severity
    self.place = place
    self.message = message
    self.hint = hint
    self.sourceLine = sourceLine
  }
}
