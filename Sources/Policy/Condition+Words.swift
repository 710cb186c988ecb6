import Wire

extension Condition {
  /// How many alternatives a sentence lists.
  private static let listed = 4

  /// Says what is wrong with a call for which the condition does not come to `wanted`: a sentence or two that a model
  /// can act on, of bounded length for what it repeats of the call.
  func complaint(about call: Call, wanted: Bool = true) -> String {
    switch self {
    case .test(let test): return test.complaint(about: call, wanted: wanted)
    case .count(let test): return "\(Excerpt.cleaned(test.counter.path)) must be counted first"
    case .not(let condition): return condition.complaint(about: call, wanted: !wanted)
    case .all(let conditions):
      return wanted
        ? Condition.first(of: conditions, notComingTo: true, for: call)
        : Condition.either(conditions, about: call, wanted: false)
    case .any(let conditions):
      return wanted
        ? Condition.either(conditions, about: call, wanted: true)
        : Condition.first(of: conditions, notComingTo: false, for: call)
    }
  }

  /// All had to come to `wanted`: the first that does not is at fault.
  private static func first(of conditions: [Condition], notComingTo wanted: Bool, for call: Call) -> String {
    let truth: Truth = wanted ? .holds : .fails
    // What a count comes to is not known yet.
    let failing = conditions.first { !$0.looksAtCounts && $0.truth(for: call) != truth }
    return (failing ?? conditions.first { $0.truth(for: call) != truth })?.complaint(about: call, wanted: wanted)
      ?? "a condition that can never hold"
  }

  /// One had to come to `wanted`, and none did.
  private static func either(_ conditions: [Condition], about call: Call, wanted: Bool) -> String {
    guard let first = conditions.first else { return "a condition that can never hold" }
    if conditions.count == 1 { return first.complaint(about: call, wanted: wanted) }
    let complaints = conditions.prefix(listed).map { $0.complaint(about: call, wanted: wanted) }
    return "one of these must be put right: " + complaints.joined(separator: ", or ")
      + (conditions.count > listed ? ", or …" : "")
  }
}

extension Path {
  /// Says what bars the path: `args.options must be an object; it is 5`. Nil where nothing does.
  func barDescription(in call: Call) -> String? {
    bar(in: call).map { value, position in
      "\(spelling(of: Array(steps[..<position]))) must be \(steps[position].kinds); it is \(Excerpt.shown(value))"
    }
  }
}

extension Condition.Test {
  func complaint(about call: Call, wanted: Bool) -> String {
    if path.isWild { return complaintAboutOne(in: call, wanted: wanted) }
    let (value, isExcused) = subject(in: call)
    let name = Excerpt.cleaned(path.description)
    if wanted {
      if let bar = path.barDescription(in: call) { return bar }
      if value == nil, path.root == .toolAnnotations, call.subject == .tool, call.definition == nil {
        return "\(name) is not known: \(call.undefined.reason)"
      }
      let demand = operators.first { $0.judge(value) != .holds }?.demand(of: value) ?? "must be there"
      return "\(name) \(demand)"
    }
    // Not enough that it fails: what cannot be judged does not fail.
    if let unknown = operators.first(where: { $0.judge(value) == .unknown }) {
      let reason = path.barDescription(in: call) ?? "it \(unknown.demand(of: value))"
      return "\(name) cannot be judged: \(reason)"
    }
    if isExcused { return "\(name) must be there" }
    return "\(name) " + operators.prefix(2).map { Self.opposite(of: $0.demand(of: value)) }.joined(separator: " or ")
  }

  /// `must be 5` and `must not be 5` make one another.
  static func opposite(of demand: String) -> String {
    for (one, other) in [("must not ", "must "), ("must ", "must not ")] where demand.hasPrefix(one) {
      return other + demand.dropFirst(one.count)
    }
    return demand
  }
}
