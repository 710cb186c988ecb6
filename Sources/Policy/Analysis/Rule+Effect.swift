package import Wire

extension Rule {
  /// Why a rule can have no effect.
  package enum Idleness: Sendable, Equatable {
    /// `when` and `unless` leave no call for it to judge.
    case judgesNothing
    /// What it requires holds for every call.
    case alwaysSatisfied
  }

  /// Why the rule can never refuse a call; nil where it may, as far as can be told without any call, and where it does
  /// something else.
  ///
  /// Two values of the call are tried in every combination that tests like `exists` tell apart; of all others, each
  /// test by itself is taken to come to anything that it can.
  ///
  /// - Parameter tool: the tool whose calls the rule is for, where that is only one.
  package func idleness(tool: Name?) -> Idleness? {
    let conditions = [when, unless, require].compactMap { $0 }
    guard conditions.contains(where: { $0.isForeseeable(tool: tool) }) else { return nil }
    var seen: Set<Path> = []
    let paths = conditions.flatMap(\.foreseeablePaths).filter { seen.insert($0).inserted }
    let toolName = tool.flatMap { Condition.Samples.made(.string($0.text)) }
    var isJudging = false
    for first in Condition.Samples.all {
      for second in paths.count > 1 ? Condition.Samples.all : [nil] {
        var view = Foresight(toolName: toolName)
        for (path, value) in zip(paths, [first, second]) { view.values.append((path, value)) }
        guard applies(view) else { continue }
        isJudging = true
        if mayRefuse(view) { return nil }
      }
      if paths.isEmpty { break }
    }
    return isJudging ? .alwaysSatisfied : .judgesNothing
  }

  private func applies(_ view: Foresight) -> Bool {
    if let when, view.truths(of: when) == .fails { return false }
    if let unless, view.truths(of: unless) == .holds { return false }
    return true
  }

  private func mayRefuse(_ view: Foresight) -> Bool {
    guard action == .evaluate || action == .allow, rateLimits.isEmpty, budgets.isEmpty, state == nil,
      script == nil, edits.isEmpty, let require
    else {
      return true
    }
    return view.truths(of: require) != .holds
  }
}

/// What is known of calls that are still to come.
private struct Foresight {
  let toolName: JSONValue?
  /// The values that are tried just now.
  var values: [(path: Path, value: JSONValue?)] = []

  func truths(of condition: Condition) -> TruthSet {
    switch condition {
    case .all(let conditions): .all(conditions.map(truths))
    case .any(let conditions): TruthSet.all(conditions.map { truths(of: $0).negated }).negated
    case .not(let condition): truths(of: condition).negated
    case .test(let test): truths(of: test)
    case .count: .anything
    }
  }

  private func truths(of test: Condition.Test) -> TruthSet {
    if test.path.isToolName, let toolName { return TruthSet(test.truth(of: toolName)) }
    guard test.isAlwaysJudged else { return .anything }
    let barred = test.truthWhereBarred.map { TruthSet($0) } ?? []
    if let known = values.first(where: { $0.path == test.path }) {
      return barred.union(TruthSet(test.truth(of: known.value)))
    }
    return Condition.Samples.all.reduce(into: barred) { $0.formUnion(TruthSet(test.truth(of: $1))) }
  }
}

extension Condition {
  /// Whether anything in it can be told without a call.
  fileprivate func isForeseeable(tool: Name?) -> Bool {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.contains { $0.isForeseeable(tool: tool) }
    case .not(let condition): condition.isForeseeable(tool: tool)
    case .test(let test): test.isAlwaysJudged || tool != nil && test.path.isToolName
    case .count: false
    }
  }

  /// The values that its tests tell apart by their sort alone.
  fileprivate var foreseeablePaths: [Path] {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.flatMap(\.foreseeablePaths)
    case .not(let condition): condition.foreseeablePaths
    case .test(let test): test.isAlwaysJudged ? [test.path] : []
    case .count: []
    }
  }
}

extension Condition.Test {
  /// What it comes to where its path runs into a value of another kind; nil where it cannot, or where neither
  /// `default:` nor `optional:` makes a difference.
  fileprivate var truthWhereBarred: Truth? {
    guard path.steps.count > 1, fallback != nil || optional != .required else { return nil }
    var strict = self
    (strict.fallback, strict.optional) = (nil, .required)
    return strict.truth(of: nil)
  }

  /// Whether all its operators can be judged for any value, by its sort.
  fileprivate var isAlwaysJudged: Bool {
    !path.isWild && operators.allSatisfy { type(of: $0).isAlwaysJudged }
  }
}

extension Path {
  fileprivate var isToolName: Bool { root == .toolName && steps.isEmpty }
}
