extension Condition {
  /// The tests of arguments which, where the argument is absent, may leave the whole condition unknown.
  package var testsUnknownWhereAbsent: [Test] {
    tests.filter { test in
      test.path.root == .arguments && !test.path.steps.isEmpty && test.path.steps.last != .descendants
        && truths(absent: test.path).contains(.unknown)
    }
  }

  /// Every test in it.
  private var tests: [Test] {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.flatMap(\.tests)
    case .not(let condition): condition.tests
    case .test(let test): [test]
    case .count: []
    }
  }

  /// What it may come to where nothing is at the path, if all else can be judged.
  private func truths(absent path: Path) -> TruthSet {
    switch self {
    case .all(let conditions): .all(conditions.map { $0.truths(absent: path) })
    case .any(let conditions): TruthSet.all(conditions.map { $0.truths(absent: path).negated }).negated
    case .not(let condition): condition.truths(absent: path).negated
    case .test(let test): test.path == path ? TruthSet(test.truth(of: nil)) : [.holds, .fails]
    case .count: [.holds, .fails]
    }
  }

  /// A test of every element that stands in it as it is, not turned round, and judges what the elements are.
  package var testOfEveryElement: Test? {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.lazy.compactMap(\.testOfEveryElement).first
    case .not, .count: nil
    case .test(let test): test.path.steps.contains(.elements) ? test : nil
    }
  }
}
