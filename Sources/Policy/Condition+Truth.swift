import Wire

extension Condition {
  /// What the condition comes to for a call.
  func truth(for call: Call) -> Truth {
    let slots = ArgumentSlots(paths)
    return CompiledCondition(self, slots).truth(for: call, slots.find(in: call))
  }
}

extension Condition.Test {
  /// The value that is judged: the one in the call, or what stands in for it; and whether `optional:` makes the test true
  /// of it. Neither it nor `default:` speaks of a path that is barred.
  func subject(in call: Call) -> (value: JSONValue?, isExcused: Bool) {
    let found = path.value(in: call)
    if found == nil, path.bar(in: call) != nil { return (nil, false) }
    let value = found ?? fallback
    return (value, optional.excuses(value))
  }
}

extension Condition.Test.Optionality {
  /// Whether it makes a test true of this value.
  func excuses(_ value: JSONValue?) -> Bool {
    if self == .required { return false }
    guard let value else { return true }
    return value.isNull || self == .absentNullOrBlank && value.kind == .string && value.withText { $0.isEmpty }
  }
}
