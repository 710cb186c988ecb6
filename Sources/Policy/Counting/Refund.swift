/// What became of a call that places were reserved for.
public enum CallOutcome: Sendable {
  /// It was carried out, or may have been.
  case carriedOut
  /// The tool has answered that it failed.
  case toolError
  /// It was not carried out: the server was never reached, or has answered with a JSON-RPC error.
  case notCarriedOut
}

/// When what was taken for a call is given back.
public enum Refund: UInt8, Sendable {
  /// When the call was not carried out.
  case notCarriedOut
  /// Then, and when the tool has answered that it failed.
  case toolError
  /// When the call has ended, however it did.
  case always

  /// Whether it is given back when a call ends so.
  public func applies(to outcome: CallOutcome) -> Bool {
    switch outcome {
    case .carriedOut: self == .always
    case .toolError: self != .notCarriedOut
    case .notCarriedOut: true
    }
  }
}
