import Wire

/// A policy that can be put together, taken apart and shuffled before it becomes a file.
struct PolicyDraft {
  var defaults = "allow"
  var mode = "enforce"
  var hide: [String] = []
  var keys: [Key] = []

  struct Key {
    var pattern: String
    var arguments = "any"
    var rules: [Rule] = []
  }

  struct Rule {
    var name: String
    var action = "evaluate"
    var mode: String?
    var when: Condition?
    var unless: Condition?
    var require: Condition?
    var limit: JSON?
    var budget: JSON?
    /// What its script does: see ``StandInScripts``.
    var script: String?
    var set: [(path: String, value: JSON)] = []
    var remove: [String] = []

    var rewrites: Bool { !set.isEmpty || !remove.isEmpty || script == "replace" }
  }

  indirect enum Condition {
    case all([Condition])
    case any([Condition])
    case not(Condition)
    case test(Test)
  }

  struct Test {
    var path: String
    var operators: [(name: String, operand: JSON)]
    var fallback: JSON?
    var optional: JSON?
  }
}

extension PolicyDraft {
  /// Every test in it.
  var tests: [Test] {
    keys.flatMap(\.rules).flatMap { [$0.when, $0.unless, $0.require] }.compactMap { $0 }.flatMap(\.tests)
  }

  /// The same with every list in another order that says the same.
  func shuffled(_ choices: inout Choices) -> PolicyDraft {
    var other = self
    other.hide = choices.shuffle(hide)
    other.keys = choices.shuffle(keys)
    for key in other.keys.indices {
      other.keys[key].rules = choices.shuffle(other.keys[key].rules)
      for rule in other.keys[key].rules.indices {
        let old = other.keys[key].rules[rule]
        other.keys[key].rules[rule].set = choices.shuffle(old.set)
        other.keys[key].rules[rule].remove = choices.shuffle(old.remove)
        other.keys[key].rules[rule].when = old.when?.shuffled(&choices)
        other.keys[key].rules[rule].unless = old.unless?.shuffled(&choices)
        other.keys[key].rules[rule].require = old.require?.shuffled(&choices)
      }
    }
    return other
  }

  /// The same with each rule changed so.
  func mapRules(_ change: (inout Rule) -> Void) -> PolicyDraft {
    var other = self
    for key in other.keys.indices {
      for rule in other.keys[key].rules.indices { change(&other.keys[key].rules[rule]) }
    }
    return other
  }
}

extension PolicyDraft.Condition {
  var tests: [PolicyDraft.Test] {
    switch self {
    case .all(let inner), .any(let inner): inner.flatMap(\.tests)
    case .not(let inner): inner.tests
    case .test(let test): [test]
    }
  }

  func shuffled(_ choices: inout Choices) -> PolicyDraft.Condition {
    switch self {
    case .all(let inner): .all(choices.shuffle(inner).map { $0.shuffled(&choices) })
    case .any(let inner): .any(choices.shuffle(inner).map { $0.shuffled(&choices) })
    case .not(let inner): .not(inner.shuffled(&choices))
    case .test(var test):
      {
        test.operators = choices.shuffle(test.operators)
        return .test(test)
      }()
    }
  }
}
