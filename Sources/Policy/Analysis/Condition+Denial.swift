extension Condition {
  /// The tests of `url` that stand in it turned round, as often as not; or, with `turned`, those that do not.
  package func addressTests(turned: Bool) -> [Test] {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.flatMap { $0.addressTests(turned: turned) }
    case .not(let condition): condition.addressTests(turned: !turned)
    case .test(let test): !turned && test.operators.contains { $0 is URLTest } ? [test] : []
    case .count: []
    }
  }
}
