import Counters
import Testing
import Wire

@testable import Workbench

/// A policy and calls; and what is done to one of them.
struct PromiseCase: CustomStringConvertible {
  var policy: PolicyDraft
  var calls: [CallDraft] = []
  /// The policy that is compared with it.
  var other: PolicyDraft?
  var last: CallDraft?
  var rewrites = false

  var description: String {
    let then = last.map { "\nthen: " + $0.description } ?? ""
    return policy.text + (other.map { "--- and\n" + $0.text } ?? "")
      + CallDraft.lines(calls).map { "\n" + $0 }.joined() + then
  }
}

@Suite("The four promises, over generated policies and calls")
struct PromiseTests {
  @Test("order-free: no order of keys, rules, conditions or edits changes what becomes of any call")
  func orderFree() {
    let generator = Generator()
    Search.check(1_500) { choices in
      let policy = generator.policy(&choices)
      let calls = choices.list(atLeast: 1, atMost: 6, percent: 70) { generator.call(of: policy, &$0) }
      return PromiseCase(policy: policy, calls: calls, other: policy.shuffled(&choices))
    } broken: {
      PromiseTests.orderMatters($0) { text, lines in Trial(text)?.run(lines) }
    }
  }

  /// Says what an order changes, as `decide` decides.
  static func orderMatters(_ example: PromiseCase, _ decide: (String, [String]) -> [Trial.Outcome]?) -> String? {
    guard let other = example.other else { return nil }
    let lines = CallDraft.lines(example.calls)
    let (left, right) = (decide(example.policy.text, lines), decide(other.text, lines))
    guard left != right else { return nil }
    guard let left, let right else { return "one order loads and the other does not" }
    let at = zip(left, right).enumerated().first { $0.element.0 != $0.element.1 }
    return "call \((at?.offset ?? 0) + 1): \(at?.element.0.line ?? "") or \(at?.element.1.line ?? "")"
  }

  @Test("monotonic: a rule or a key more lets nothing pass that was refused")
  func monotonic() {
    let generator = Generator()
    Search.check(1_500) { choices in
      let policy = generator.policy(&choices)
      var number = 90
      var key = generator.key(&choices, &number)
      var other = policy
      if !policy.keys.isEmpty, choices.chance(50) {
        let position = choices.below(policy.keys.count)
        key.rules = Array(key.rules.prefix(1))
        other.keys[position].rules.insert(
          contentsOf: key.rules, at: choices.below(policy.keys[position].rules.count + 1))
      } else if !policy.keys.contains(where: { $0.pattern == key.pattern }) {
        other.keys.insert(key, at: choices.below(policy.keys.count + 1))
      }
      let calls = choices.list(atMost: 4) { generator.call(of: other, &$0) }
      return PromiseCase(
        policy: policy, calls: calls, other: other, last: generator.call(of: other, &choices),
        rewrites: key.rules.contains(where: \.rewrites))
    } broken: {
      PromiseTests.ruleHelps($0)
    }
  }

  private static func ruleHelps(_ example: PromiseCase) -> String? {
    guard var other = example.other, let last = example.last else { return nil }
    var policy = example.policy
    // A key is what names a tool under `default: deny`: it lifts that one objection.
    if other.keys.count != policy.keys.count { (policy.defaults, other.defaults) = ("allow", "allow") }
    let store = MemoryStore()
    let lines = CallDraft.lines(example.calls + [last])
    guard let before = Trial(policy.text, counters: store) else { return nil }
    _ = before.run(Array(lines.dropLast()))
    let contexts = before.contexts
    var first = before.run(lines[lines.count - 1])
    // A call that is refused has taken nothing: what follows finds the counts as this has found them.
    guard first.verdict == .refused || first.verdict == .asks else { return nil }
    if example.rewrites {
      // Another rewriting changes what is sent, and with it what is said of that: only what objects to the call as it
      // came is sure to stay.
      let bare = policy.mapRules { rule in
        (rule.set, rule.remove, rule.limit) = ([], [], nil)
        if rule.require == nil, rule.script == nil, rule.action == "evaluate" { rule.action = "allow" }
      }
      guard let asItCame = Trial(bare.text, counters: store, contexts: contexts, scripts: .withoutReplacing) else {
        return nil
      }
      first = asItCame.run(lines[lines.count - 1])
      guard first.verdict == .refused || first.verdict == .asks else { return nil }
    }
    guard let after = Trial(other.text, counters: store, contexts: contexts) else { return nil }
    let second = after.run(lines[lines.count - 1])
    return second.verdict == .allowed ? "refused before: \(first.line)\nand now: \(second.line)" : nil
  }

  @Test("fail closed: an argument less, or of a kind that nothing can judge, helps no call")
  func lessIsNoMore() {
    let generator = Generator(limits: Generator.Limits(rewrites: false, excuses: false, wholes: false, observes: false))
    Search.check(1_500) { choices in
      let policy = generator.policy(&choices)
      let call = generator.call(of: policy, &choices)
      var less = call
      if let count = call.arguments?.count, count > 0 {
        let position = choices.below(count)
        if choices.chance(50) {
          less.arguments?.remove(at: position)
        } else {
          less.arguments?[position].value = .null
        }
      }
      return PromiseCase(policy: policy, calls: [call], last: less)
    } broken: { example in
      guard let last = example.last, let one = Trial(example.policy.text), let other = Trial(example.policy.text) else {
        return nil
      }
      let (before, after) = (one.run(CallDraft.lines(example.calls))[0], other.run(CallDraft.lines([last]))[0])
      guard before.verdict != .allowed, after.verdict == .allowed else { return nil }
      return "refused with more: \(before.line)\nand with less: \(after.line)"
    }
  }

  @Test("fail closed: a script that fails, and a store that is lost, refuse what they were asked about")
  func failures() {
    let generator = Generator(limits: Generator.Limits(observes: false))
    Search.check(1_500) { choices in
      let policy = generator.policy(&choices)
      return PromiseCase(policy: policy, calls: [generator.call(of: policy, &choices)])
    } broken: { example in
      let lines = CallDraft.lines(example.calls)
      let text = example.policy.text
      guard let sound = Trial(text, explain: true)?.run(lines)[0], sound.verdict == .allowed else { return nil }
      // An explanation tells of every script that was asked, and of every place that was taken.
      if sound.line.contains("the script "),
        let failed = Trial(text, scripts: .failing)?.run(lines)[0], failed.verdict != .refused
      {
        return "a script fails, and: \(failed.line)"
      }
      if sound.line.contains("rate_limit: one of"),
        let lost = Trial(text, counters: LostStore())?.run(lines)[0], lost.verdict != .refused
      {
        return "the store is lost, and: \(lost.line)"
      }
      return nil
    }
  }

  @Test("deterministic: the same text, read twice, says the same of the same calls, byte for byte")
  func deterministic() {
    let generator = Generator()
    Search.check(600) { choices in
      let policy = generator.policy(&choices)
      let calls = choices.list(atLeast: 1, atMost: 4, percent: 70) { generator.call(of: policy, &$0) }
      return PromiseCase(policy: policy, calls: calls)
    } broken: { example in
      let lines = CallDraft.lines(example.calls)
      let both = (0..<2).map { _ in Trial(example.policy.text, explain: true)?.run(lines).map(\.line) }
      return both[0] == both[1] ? nil : "\(both[0] ?? []) or \(both[1] ?? [])"
    }
  }

  @Test("what is generated is worth trying: policies load, and calls come to every verdict")
  func worth() {
    let generator = Generator()
    var loaded = 0
    var verdicts: [Trial.Outcome.Verdict: Int] = [:]
    var rewritten = 0
    for seed in UInt64(1)...400 {
      var choices = Choices(seed: seed)
      let policy = generator.policy(&choices)
      let calls = choices.list(atLeast: 1, atMost: 6, percent: 70) { generator.call(of: policy, &$0) }
      guard let outcomes = Trial(policy.text)?.run(CallDraft.lines(calls)) else { continue }
      loaded += 1
      for outcome in outcomes {
        verdicts[outcome.verdict, default: 0] += 1
        if outcome.sent != nil { rewritten += 1 }
      }
    }
    let total = verdicts.values.reduce(0, +)
    #expect(loaded > 360, "\(loaded) of 400 load")
    #expect(verdicts[.invalid] == nil)
    for verdict in [Trial.Outcome.Verdict.allowed, .refused] {
      #expect(verdicts[verdict, default: 0] * 4 > total, "\(verdicts)")
    }
    #expect(verdicts[.asks, default: 0] * 100 > total, "\(verdicts)")
    #expect(rewritten * 50 > total, "\(rewritten) of \(total)")
  }
}
