/// Which of the spellings of conditions a policy is read in.
public enum Dialect: Sendable, Hashable {
  /// As the policy language says.
  case moongate
  /// As a condition of Intercept v1 means it: a dot in a path always separates names, and values of different kinds
  /// compare as texts (`"5"` equals `5`).
  case intercept
}
