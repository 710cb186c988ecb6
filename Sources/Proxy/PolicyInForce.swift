public import Policy

/// A policy with all that it needs to decide: swapped whole, never changed.
///
/// A call is judged by the policy that was in force when it arrived, to its end.
public final class PolicyInForce: Sendable {
  /// The rules.
  public let rules: RuleSet
  /// The validators of these rules.
  public let validators: any Validators
  /// Where counts are kept: the same store from one policy to the next.
  public let counters: any CounterStore

  /// A policy and what it decides with.
  public init(rules: RuleSet, validators: any Validators, counters: any CounterStore) {
    self.rules = rules
    self.validators = validators
    self.counters = counters
  }
}
