import Wire

/// A condition as deciding needs it: made once, so that looking into it for a call copies nothing.
final class CompiledCondition: Sendable {
  private enum Form: Sendable {
    case all([CompiledCondition])
    case any([CompiledCondition])
    case not(CompiledCondition)
    case test(CompiledTest)
  }

  private let form: Form

  init(_ condition: Condition) {
    switch condition {
    case .all(let conditions) where conditions.count == 1, .any(let conditions) where conditions.count == 1:
      form = CompiledCondition(conditions[0]).form
    case .all(let conditions): form = .all(conditions.map { CompiledCondition($0) })
    case .any(let conditions): form = .any(conditions.map { CompiledCondition($0) })
    case .not(let condition): form = .not(CompiledCondition(condition))
    case .test(let test): form = .test(CompiledTest(test))
    }
  }

  /// What the condition comes to for a call, by Kleene's logic. As deep as the policy nests it.
  func truth(for call: Call) -> Truth {
    switch form {
    case .test(let test): return test.truth(for: call)
    case .not(let condition): return condition.truth(for: call).negated
    case .all(let conditions):
      var result = Truth.holds
      for condition in conditions {
        switch condition.truth(for: call) {
        case .fails: return .fails
        case .unknown: result = .unknown
        case .holds: break
        }
      }
      return result
    case .any(let conditions):
      var result = Truth.fails
      for condition in conditions {
        switch condition.truth(for: call) {
        case .holds: return .holds
        case .unknown: result = .unknown
        case .fails: break
        }
      }
      return result
    }
  }
}

/// One path and its operators.
final class CompiledTest: Sendable {
  private let path: Path
  /// The argument that the path leads to, where it leads to one: most do.
  private let argument: [UInt8]?
  private let operators: [any Operator]
  private let fallback: JSONValue?
  private let optional: Condition.Test.Optionality

  init(_ test: Condition.Test) {
    path = test.path
    argument =
      if path.root == .arguments, path.steps.count == 1, case .member(let name) = path.steps[0] { name } else { nil }
    operators = test.operators
    fallback = test.fallback
    optional = test.optional
  }

  func truth(for call: Call) -> Truth {
    let found = if let argument { call.arguments?.member(argument) } else { path.value(in: call) }
    let value = found ?? fallback
    if optional.excuses(value) { return .holds }
    var result = Truth.holds
    for index in operators.indices {
      switch operators[index].judge(value) {
      case .fails: return .fails
      case .unknown: result = .unknown
      case .holds: break
      }
    }
    return result
  }
}
