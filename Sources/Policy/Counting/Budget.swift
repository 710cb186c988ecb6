/// How much may be spent in how long, counted for whom.
public struct Budget: Sendable {
  /// What the policy calls it: `budget`, or a key of `spend`.
  public var word: String
  /// How much.
  public var max: Amount
  /// The window's length in nanoseconds.
  public var window: Int64
  /// How the window moves.
  public var algorithm: RateLimit.Algorithm
  /// What is spent by a call.
  public var cost: Cost
  /// What it is counted by; empty: all calls together.
  public var per: [RateLimit.Partition]
  /// When what was spent is given back.
  public var refund = Refund.notCarriedOut
  /// How many digits behind the point the policy writes: sentences have as many.
  public var decimals: Int
  /// Names the counter: unique among the counters of a policy, the same after a reload of the same rule.
  public var counter: String

  /// A budget.
  public init(
    _ word: String = "budget", max: Amount, window: Int64, algorithm: RateLimit.Algorithm = .sliding, cost: Cost,
    per: [RateLimit.Partition], refund: Refund = .notCarriedOut, decimals: Int = 0, counter: String
  ) {
    self.word = word
    self.max = max
    self.window = window
    self.algorithm = algorithm
    self.cost = cost
    self.per = per
    self.refund = refund
    self.decimals = decimals
    self.counter = counter
  }

  /// An amount as sentences about this budget write it.
  func text(_ amount: Amount) -> String { amount.text(decimals: decimals) }
}

extension Cost {
  /// Where the call says it.
  var path: Path? {
    if case .value(let path) = self { path } else { nil }
  }
}
