import Counters
import Foundation
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
    Search.check(1_000) { choices in
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
    Search.check(1_000, generate: PromiseTests.withOneMore) { PromiseTests.ruleHelps($0) }
  }

  /// A policy, and the same with a rule or a key more.
  private static func withOneMore(_ choices: inout Choices) -> PromiseCase {
    let generator = Generator()
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
  }

  /// - Parameter strictly: without what the promise excepts.
  private static func ruleHelps(_ example: PromiseCase, strictly: Bool = false) -> String? {
    guard var other = example.other, let last = example.last else { return nil }
    var policy = example.policy
    // A key is what names a tool under `default: deny`: it lifts that one objection.
    if other.keys.count != policy.keys.count, !strictly { (policy.defaults, other.defaults) = ("allow", "allow") }
    let store = MemoryStore()
    let lines = CallDraft.lines(example.calls + [last])
    guard let before = Trial(policy.text, counters: store) else { return nil }
    _ = before.run(Array(lines.dropLast()))
    let contexts = before.contexts
    var first = before.run(lines[lines.count - 1])
    // A call that is refused has taken nothing: what follows finds the counts as this has found them.
    guard first.verdict == .refused || first.verdict == .asks else { return nil }
    if example.rewrites, !strictly {
      // Another rewriting changes what is sent, and with it what is said of that: only what objects to the call as it
      // came is sure to stay.
      let bare = policy.mapRules { rule in
        (rule.set, rule.remove, rule.limit, rule.budget) = ([], [], nil, nil)
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

  @Test("monotonic: what a rewriting may lift, and what not")
  func lifted() throws {
    func rule(_ name: String, _ change: (inout PolicyDraft.Rule) -> Void) -> PolicyDraft.Rule {
      var rule = PolicyDraft.Rule(name: name)
      change(&rule)
      return rule
    }
    func isEqual(_ path: String, _ value: Int) -> PolicyDraft.Condition {
      .test(PolicyDraft.Test(path: path, operators: [("eq", Generator.number(value))], fallback: Generator.number(0)))
    }
    func verdicts(_ rules: PolicyDraft.Rule...) throws -> [Trial.Outcome.Verdict] {
      let policy = PolicyDraft(keys: [PolicyDraft.Key(pattern: "*", rules: rules)])
      let call = CallDraft(tool: "read", arguments: [("n", Generator.number(1))])
      return try #require(Trial(policy.text)).run(CallDraft.lines([call, call])).map(\.verdict)
    }
    let sets = rule("sets") { $0.set = [("args.m", Generator.number(1))] }
    let clears = rule("clears") { $0.set = [("args.n", Generator.number(2))] }
    let both = rule("both") {
      $0.action = "deny"
      $0.when = .all([isEqual("args.n", 1), isEqual("args.m", 1)])
    }
    #expect(try verdicts(sets, both) == [.refused, .refused])
    #expect(try verdicts(sets, both, clears) == [.allowed, .allowed], "it is another call that is sent")
    let slow = rule("slow") {
      $0.when = isEqual("args.n", 1)
      $0.limit = .string("1/minute")
    }
    #expect(try verdicts(slow) == [.allowed, .refused])
    #expect(try verdicts(slow, clears) == [.allowed, .allowed], "what is counted is what is sent")
    let asItCame = rule("as it came") {
      $0.action = "deny"
      $0.when = isEqual("args.n", 1)
    }
    #expect(try verdicts(asItCame, clears) == [.refused, .refused])
  }

  @Test("fail closed: an argument less, or of a kind that nothing can judge, helps no call")
  func lessIsNoMore() {
    Search.check(1_000, generate: { PromiseTests.withLess(&$0, excuses: false) }, broken: PromiseTests.lessHelps)
  }

  /// A call, and the same with less to judge.
  private static func withLess(_ choices: inout Choices, excuses: Bool) -> PromiseCase {
    let generator = Generator(
      limits: Generator.Limits(rewrites: false, scripts: false, excuses: excuses, wholes: false, observes: false))
    let policy = generator.policy(&choices)
    let call = generator.call(of: policy, &choices)
    var less = call
    if let count = call.arguments?.count, count > 0 {
      let position = choices.below(count)
      if choices.chance(50) {
        less.arguments?.remove(at: position)
      } else {
        let isBoolJudged = policy.tests.contains {
          $0.operators.contains { ["eq", "neq", "in", "not_in"].contains($0.name) }
        }
        less.arguments?[position].value = isBoolJudged ? .null : .bool(choices.chance(50))
      }
    }
    return PromiseCase(policy: policy, calls: [call], last: less)
  }

  private static func lessHelps(_ example: PromiseCase) -> String? {
    guard let last = example.last, let one = Trial(example.policy.text), let other = Trial(example.policy.text) else {
      return nil
    }
    let (before, after) = (one.run(CallDraft.lines(example.calls))[0], other.run(CallDraft.lines([last]))[0])
    guard before.verdict != .allowed, after.verdict == .allowed else { return nil }
    return "refused with more: \(before.line)\nand with less: \(after.line)"
  }

  @Test("what the promises except is found, and small: the generator comes near enough")
  func exceptions() throws {
    let lifted = Search.counterexample(among: 3_000, from: 1, attempts: 400, generate: PromiseTests.withOneMore) {
      PromiseTests.ruleHelps($0, strictly: true)
    }
    let example = try #require(lifted?.example)
    #expect(example.policy.keys.flatMap(\.rules).count <= 3, "\(example)")
    let excused = Search.counterexample(
      among: 1_000, from: 1, attempts: 1_500, generate: { PromiseTests.withLess(&$0, excuses: true) },
      broken: PromiseTests.lessHelps)
    let excuse = try #require(excused?.example)
    #expect(excuse.policy.keys.flatMap(\.rules).count == 1, "\(excuse)")
  }

  @Test("fail closed: a script that fails, and a store that is lost, refuse what they were asked about")
  func failures() {
    let generator = Generator(limits: Generator.Limits(observes: false))
    Search.check(1_000) { choices in
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
    Search.check(500) { choices in
      let policy = generator.policy(&choices)
      let calls = choices.list(atLeast: 1, atMost: 4, percent: 70) { generator.call(of: policy, &$0) }
      return PromiseCase(policy: policy, calls: calls)
    } broken: { example in
      let lines = CallDraft.lines(example.calls)
      let both = (0..<2).map { _ in Trial(example.policy.text, explain: true)?.run(lines).map(\.line) }
      return both[0] == both[1] ? nil : "\(both[0] ?? []) or \(both[1] ?? [])"
    }
  }

  @Test("deterministic: two processes say the same, and what this one says, byte for byte")
  func processes() throws {
    let generator = Generator()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("moongate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (policyFile, callsFile) = (folder.appendingPathComponent("policy.yaml"), folder.appendingPathComponent("calls"))
    for seed in UInt64(1)...12 {
      var choices = Choices(seed: seed)
      let policy = generator.policy(&choices).mapRules { rule in
        // Those that stand in for scripts are no scripts.
        rule.script = nil
        rule.set += rule.set.isEmpty && rule.action == "evaluate" ? [(path: "args.n", value: .null)] : []
      }
      let calls = (0..<8).map { _ in generator.call(of: policy, &choices) }
      guard let own = Trial(policy.text, explain: true)?.run(CallDraft.lines(calls)).map(\.line) else { continue }
      try Data(policy.text.utf8).write(to: policyFile)
      try Data(CallDraft.lines(calls).map { $0 + "\n" }.joined().utf8).write(to: callsFile)
      for _ in 0..<2 {
        let said = try PromiseTests.output(
          of: ["eval", "-c", policyFile.path, "--explain", "--json", callsFile.path])
        let expected = own.map { $0.replacingOccurrences(of: "policy.yaml:", with: policyFile.path + ":") + "\n" }
        #expect(said == expected.joined(), "\(policy.text)")
      }
    }
  }

  /// What the real program, beside the test bundle, prints.
  private static func output(of arguments: [String]) throws -> String {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/",
      !FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent("moongate").path)
    {
      folder.deleteLastPathComponent()
    }
    let process = Process()
    process.executableURL = folder.appendingPathComponent("moongate")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
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
    #expect(rewritten * 40 > total, "\(rewritten) of \(total)")
  }
}
