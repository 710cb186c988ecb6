import Wire

/// What a condition may come to.
struct TruthSet: OptionSet {
  let rawValue: UInt8

  static let holds = TruthSet(rawValue: 1)
  static let fails = TruthSet(rawValue: 2)
  static let unknown = TruthSet(rawValue: 4)
  static let anything: TruthSet = [.holds, .fails, .unknown]

  init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  init(_ truth: Truth) {
    switch truth {
    case .holds: self = .holds
    case .fails: self = .fails
    case .unknown: self = .unknown
    }
  }

  var negated: TruthSet {
    var result = intersection(.unknown)
    if contains(.holds) { result.insert(.fails) }
    if contains(.fails) { result.insert(.holds) }
    return result
  }

  /// What `all` makes of conditions that come to these, independently of each other. Kleene's logic takes the least.
  static func all(_ sets: [TruthSet]) -> TruthSet {
    var result = TruthSet()
    if sets.contains(where: { $0.contains(.fails) }) { result.insert(.fails) }
    let others = sets.map { $0.subtracting(.fails) }
    guard others.allSatisfy({ !$0.isEmpty }) else { return result }
    if others.contains(where: { $0.contains(.unknown) }) { result.insert(.unknown) }
    if others.allSatisfy({ $0.contains(.holds) }) { result.insert(.holds) }
    return result
  }
}
