import Wire

extension Condition {
  /// Two tests that must both hold, and cannot; or one test of which that is true.
  package struct Exclusion: Sendable {
    /// The one that stands first.
    package let first: Test
    /// Where they meet, the second one; for a test that excludes itself, the same.
    package let second: Test
    /// The two operators, as policies name them.
    package let operators: (String, String)
  }

  /// More than so many tests that must all hold are not held against each other.
  private static let most = 64

  /// The tests in it that exclude each other, so that the condition, or an alternative in it, holds for no call.
  package var exclusions: [Exclusion] {
    var found: [Exclusion] = []
    collect(&found)
    return found
  }

  private func collect(_ found: inout [Exclusion]) {
    switch self {
    case .test(let test):
      if let operators = test.contradiction {
        found.append(Exclusion(first: test, second: test, operators: operators))
      }
    case .not(let condition): condition.collect(&found)
    case .count: break
    case .any(let conditions):
      for condition in conditions { condition.collect(&found) }
    case .all(let conditions):
      for condition in conditions { condition.collect(&found) }
      if conditions.count > 1 { collectPairs(&found) }
    }
  }

  /// What stands directly in one conjunction; what stands in a nested one has been looked at there.
  private func collectPairs(_ found: inout [Exclusion]) {
    let tests = conjuncts.prefix(Condition.most)
    for (position, second) in tests.enumerated() {
      for first in tests.prefix(position) where first.path == second.path {
        guard let operators = first.exclusion(of: second) else { continue }
        found.append(Exclusion(first: first, second: second, operators: operators))
        break
      }
    }
  }

  /// The tests that must hold whenever the condition does.
  private var conjuncts: [Test] {
    switch self {
    case .test(let test): [test]
    case .all(let conditions): conditions.flatMap(\.conjuncts)
    case .any, .not, .count: []
    }
  }
}

extension Condition.Test {
  /// Two of its own operators that hold for no value together.
  fileprivate var contradiction: (String, String)? {
    if let impossible = operators.first(where: { $0.admitted.kinds.isEmpty }) {
      let name = type(of: impossible).name
      return Condition.Samples.excused.contains { holds(for: $0) } ? nil : (name, name)
    }
    return operators.count > 1 ? exclusion(of: self) : nil
  }

  /// An operator of each, that hold for no value together; nil where a value may satisfy both tests.
  fileprivate func exclusion(of other: Condition.Test) -> (String, String)? {
    // Where there is no element, tests of every element hold whatever they say.
    guard !path.isWild, !Condition.Samples.excused.contains(where: { holds(for: $0) && other.holds(for: $0) }) else {
      return nil
    }
    for one in operators {
      for another in other.operators where one.excludes(another) {
        return (type(of: one).name, type(of: another).name)
      }
    }
    return nil
  }

  private func holds(for value: JSONValue?) -> Bool {
    truth(of: value) == .holds
  }
}
