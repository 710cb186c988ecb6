/// How one value stands to another, by the names that policies have for it.
public enum Relation: String, Sendable, CaseIterable {
  case lt, lte, gt, gte, eq, neq

  /// Whether the left one stands so to the right one.
  func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
    switch self {
    case .lt: left < right
    case .lte: left <= right
    case .gt: left > right
    case .gte: left >= right
    case .eq: left == right
    case .neq: left != right
    }
  }

  /// The relation that holds where this one does not.
  var opposite: Relation {
    switch self {
    case .lt: .gte
    case .lte: .gt
    case .gt: .lte
    case .gte: .lt
    case .eq: .neq
    case .neq: .eq
    }
  }
}
