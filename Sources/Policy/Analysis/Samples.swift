import Wire

extension Condition {
  /// Values that stand for all others, as far as operators are concerned that can always be judged.
  enum Samples {
    /// Those that `default` and `optional` speak of: nothing, null and an empty string.
    static let excused: [JSONValue?] = [nil] + [JSON.null, .string("")].compactMap(made)

    /// One of each sort that `exists`, `present` and `type` tell apart.
    static let all: [JSONValue?] =
      excused
      + [
        .string(" "), .string("a"), .bool(false), .number(ExactNumber(1)), ExactNumber("1.5").map(JSON.number),
        .array([]), .array([.null]), .object([]), .object([("a", .null)]),
      ].compactMap { $0.flatMap(made) }

    static func made(_ value: JSON) -> JSONValue? {
      try? value.tape().root
    }
  }
}

extension Condition.Test {
  /// What the test comes to for this value at its path.
  func truth(of value: JSONValue?) -> Truth {
    let value = value ?? fallback
    if optional.excuses(value) { return .holds }
    var result = Truth.holds
    for judge in operators {
      switch judge.judge(value) {
      case .fails: return .fails
      case .unknown: result = .unknown
      case .holds: break
      }
    }
    return result
  }
}
