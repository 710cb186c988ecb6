import Wire

/// A test whose path leads to several values: every one must satisfy it, and where there are none it holds.
extension Condition.Test {
  /// By Kleene's logic: one that fails decides, and one that is unknown leaves the rest a chance to.
  func truthOfEach(in call: Call) -> Truth {
    var result = Truth.holds
    PathWalk.run(path, in: call, keepsTrail: false) { found, _ in
      switch truth(of: found) {
      case .holds: return true
      case .unknown:
        result = .unknown
        return true
      case .fails:
        result = .fails
        return false
      }
    }
    return result
  }

  /// What `default:` and `optional:` say of an absent value, they say of each that is absent.
  private func truth(of found: PathWalk.Found) -> Truth {
    let value: JSONValue?
    switch found {
    case .barred(_, .member), .barred(_, .element): return truth(ofOperatorsOn: nil)
    case .barred(let value, _): return value.isNull && optional != .required ? .holds : .unknown
    case .absent: value = fallback
    case .value(let found): value = found
    }
    if optional.excuses(value) { return .holds }
    return truth(ofOperatorsOn: value)
  }

  private func truth(ofOperatorsOn value: JSONValue?) -> Truth {
    var result = Truth.holds
    for judge in operators {
      switch truth(judge, value) {
      case .fails: return .fails
      case .unknown: result = .unknown
      case .holds: break
      }
    }
    return result
  }

  /// What an operator makes of one value: below `**` those of other kinds than it judges satisfy it.
  private func truth(_ judge: any Operator, _ value: JSONValue?) -> Truth {
    let truth = judge.judge(value)
    guard truth == .unknown, let value, path.steps.last == .descendants else { return truth }
    return judge.isMeant(for: value) ? .unknown : .holds
  }

  /// A value among several, and the way to it.
  private struct One {
    let found: PathWalk.Found
    let name: String
    let truth: Truth

    var value: JSONValue? {
      switch found {
      case .value(let value), .barred(let value, _): value
      case .absent: nil
      }
    }
  }

  /// The first for which the test does not hold: one that fails, if there is such a one.
  private func firstObjection(in call: Call) -> (one: One?, count: Int) {
    var first: One?
    var count = 0
    PathWalk.run(path, in: call, keepsTrail: true) { found, steps in
      count += 1
      let truth = truth(of: found)
      if truth == .fails || truth == .unknown && first == nil {
        first = One(found: found, name: path.spelling(of: steps), truth: truth)
      }
      return truth != .fails
    }
    return (first, count)
  }

  /// Says of which value the test does not come to `wanted`, and what it must be.
  func complaintAboutOne(in call: Call, wanted: Bool) -> String {
    let objection = firstObjection(in: call).one
    let path = Excerpt.cleaned(path.description)
    if let objection, wanted || objection.truth == .unknown {
      if case .barred(let value, let step) = objection.found {
        return "\(objection.name) must be \(step.kinds); it is \(Excerpt.shown(value))"
      }
      let value = objection.value ?? fallback
      let demand = operators.first { truth($0, value) != .holds }?.demand(of: value) ?? "must be there"
      return wanted ? "\(objection.name) \(demand)" : "\(objection.name) cannot be judged: it \(demand)"
    }
    // Each of them satisfies the test, and one must not.
    var example: JSONValue?
    PathWalk.run(self.path, in: call, keepsTrail: false) { found, _ in
      if case .value(let value) = found { example = value }
      return false
    }
    let demands = operators.prefix(2).map { Self.opposite(of: $0.demand(of: example)) }
    return "at least one of \(path) " + (example == nil ? "must be there" : demands.joined(separator: " or "))
  }

  /// What came of it, and the value that decided.
  func explanation(of call: Call) -> [(depth: Int, text: String)] {
    let (objection, count) = firstObjection(in: call)
    let path = Excerpt.cleaned(path.description)
    guard let objection else {
      let values = count == 1 ? "1 value" : "\(count) values"
      return [(0, "\(path): holds (\(values))")]
    }
    let seen = objection.value.map(Excerpt.shown) ?? "absent"
    let value = objection.value ?? fallback
    let first = operators.first { truth($0, value) == objection.truth }
    let name = if case .barred = objection.found { "" } else { first.map { " \(type(of: $0).name)" } ?? "" }
    return [
      (0, "\(path): \(objection.truth.word)"), (1, "\(objection.name)\(name): \(objection.truth.word) (\(seen))"),
    ]
  }
}

extension Path.Step {
  /// The kinds of values that it leads below, in a sentence.
  var kinds: String {
    switch self {
    case .member: "an object"
    case .element, .elements: "a list"
    case .descendants: "a list or an object"
    }
  }
}
