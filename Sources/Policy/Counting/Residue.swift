import Wire

/// What is left of a condition once everything but counts is known.
enum Residue: Equatable {
  case known(Bool)
  /// It depends on counts.
  case open(Demand)

  static func all(_ parts: [Residue]) -> Residue {
    joined(parts, decisive: false) { .all($0) }
  }

  static func any(_ parts: [Residue]) -> Residue {
    joined(parts, decisive: true) { .any($0) }
  }

  private static func joined(_ parts: [Residue], decisive: Bool, _ join: ([Demand]) -> Demand) -> Residue {
    var demands: [Demand] = []
    for part in parts {
      switch part {
      case .known(decisive): return .known(decisive)
      case .known: break
      case .open(let demand): demands.append(demand)
      }
    }
    return demands.isEmpty ? .known(!decisive) : .open(demands.count == 1 ? demands[0] : join(demands))
  }
}

extension Condition {
  /// Whether it has tests of counters.
  package var looksAtCounts: Bool {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.contains { $0.looksAtCounts }
    case .not(let condition): condition.looksAtCounts
    case .test: false
    case .count: true
    }
  }

  /// The tests of counters in it.
  var counts: [CountTest] {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.flatMap(\.counts)
    case .not(let condition): condition.counts
    case .test: []
    case .count(let test): [test]
    }
  }

  /// What must hold of counts, so that the condition holds for the call; or fails for it, where that is `wanted`.
  ///
  /// By Kleene's logic: what cannot be judged helps neither. As deep as the policy nests it.
  ///
  /// - Parameter index: the position, in a claim, at which a counter's count is asked for.
  func residue(for call: Call, wanted: Truth, _ index: (StateCounter) -> Int) -> Residue {
    switch self {
    case .test: return .known(truth(for: call) == wanted)
    case .not(let condition): return condition.residue(for: call, wanted: wanted.negated, index)
    case .count(let test): return test.form.residue(isWanted: wanted == .holds, index(test.counter))
    case .all(let conditions):
      let parts = conditions.map { $0.residue(for: call, wanted: wanted, index) }
      return wanted == .holds ? .all(parts) : .any(parts)
    case .any(let conditions):
      let parts = conditions.map { $0.residue(for: call, wanted: wanted, index) }
      return wanted == .holds ? .any(parts) : .all(parts)
    }
  }
}

extension CountTest.Form {
  fileprivate func residue(isWanted: Bool, _ index: Int) -> Residue {
    switch self {
    case .always(let truth): return .known(truth == isWanted)
    case .relation(let relation, let value):
      let wanted = isWanted ? relation : relation.opposite
      return .open(.comparison(Demand.Comparison(index: index, relation: wanted, value: value)))
    case .all(let forms):
      let parts = forms.map { $0.residue(isWanted: isWanted, index) }
      return isWanted ? .all(parts) : .any(parts)
    case .any(let forms):
      let parts = forms.map { $0.residue(isWanted: isWanted, index) }
      return isWanted ? .any(parts) : .all(parts)
    }
  }
}
