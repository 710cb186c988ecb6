/// What must hold of the counts of a claim, once all that it takes has been taken.
///
/// Nothing but comparisons with exact decimals, joined by `all` and `any`: a store that keeps its counts elsewhere can
/// send it along as data, and have it judged in the step that takes the amounts. It is nested no deeper than the
/// conditions of a policy are, and an `any` of nothing, which would never hold, does not come up.
public indirect enum Demand: Sendable, Equatable {
  /// One count against a value.
  case comparison(Comparison)
  /// Every one holds.
  case all([Demand])
  /// At least one holds.
  case any([Demand])

  /// One count against a value.
  public struct Comparison: Sendable, Equatable {
    /// The position, in the claim, of the reservation whose count is meant.
    public var index: Int
    /// How the count must stand to the value.
    public var relation: Relation
    /// The value.
    public var value: Amount

    /// A comparison of the count of the reservation at `index`.
    public init(index: Int, relation: Relation, value: Amount) {
      self.index = index
      self.relation = relation
      self.value = value
    }

    /// Whether it holds of counts, one for each reservation. Of a count that is not there nothing holds.
    public func holds(for counts: [Amount]) -> Bool {
      guard counts.indices.contains(index) else { return false }
      return relation.holds(counts[index], value)
    }
  }

  /// Whether it holds of counts, one for each reservation of the claim.
  public func holds(for counts: [Amount]) -> Bool {
    switch self {
    case .comparison(let comparison): comparison.holds(for: counts)
    case .all(let demands): demands.allSatisfy { $0.holds(for: counts) }
    case .any(let demands): demands.contains { $0.holds(for: counts) }
    }
  }

  /// The same about reservations that stand further back in a claim.
  func shifted(by offset: Int) -> Demand { moved { $0 + offset } }

  /// The same about reservations that stand elsewhere in a claim.
  package func moved(_ position: (Int) -> Int) -> Demand {
    switch self {
    case .comparison(var comparison):
      comparison.index = position(comparison.index)
      return .comparison(comparison)
    case .all(let demands): return .all(demands.map { $0.moved(position) })
    case .any(let demands): return .any(demands.map { $0.moved(position) })
    }
  }

  /// The comparison that is told of where it does not hold: of several that fail, the first.
  func failing(for counts: [Amount]) -> Comparison? {
    switch self {
    case .comparison(let comparison): comparison.holds(for: counts) ? nil : comparison
    case .all(let demands): demands.lazy.compactMap { $0.failing(for: counts) }.first
    case .any(let demands): holds(for: counts) ? nil : demands.lazy.compactMap { $0.failing(for: counts) }.first
    }
  }

  /// All comparisons in it.
  package var comparisons: [Comparison] {
    switch self {
    case .comparison(let comparison): [comparison]
    case .all(let demands), .any(let demands): demands.flatMap(\.comparisons)
    }
  }
}
