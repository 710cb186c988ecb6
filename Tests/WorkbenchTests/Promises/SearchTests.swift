import Testing
import Wire

@Suite("Looking for counterexamples")
struct SearchTests {
  @Test("The same choices make the same, and fewer of them something simpler")
  func replayed() {
    let generator = Generator()
    for seed in UInt64(0)..<50 {
      var choices = Choices(seed: seed)
      let policy = generator.policy(&choices).text
      var again = Choices(replaying: choices.taken)
      #expect(generator.policy(&again).text == policy)
      #expect(again.taken == choices.taken && again.spans == choices.spans)
    }
    var none = Choices(replaying: [])
    #expect(generator.policy(&none).keys.map(\.rules.count) == [1])
  }

  @Test("What fails is made as small as it can be")
  func smallest() throws {
    func numbers(_ choices: inout Choices) -> [Int] { choices.list(atMost: 20, percent: 90) { $0.below(1_000) } }
    let found = Search.counterexample(among: 200, from: 1, generate: numbers) { numbers in
      numbers.filter { $0 >= 37 }.count >= 2 ? "two of at least 37" : nil
    }
    #expect(found?.example == [37, 37])
    #expect(Search.counterexample(among: 50, from: 1, generate: numbers) { _ in nil } == nil)
  }

  @Test("A core in which the first rule that matches wins is found out, by two rules and one call")
  func firstMatchWins() throws {
    let generator = Generator()
    let found = Search.counterexample(among: 500, from: 1) { choices in
      let policy = generator.policy(&choices)
      let calls = choices.list(atLeast: 1, atMost: 6, percent: 70) { generator.call(of: policy, &$0) }
      return BrokenCase(policy: policy, calls: calls, shuffled: policy.shuffled(&choices))
    } broken: { example in
      let lines = CallDraft.lines(example.calls)
      let left = SearchTests.firstMatch(example.policy, lines)
      return left == SearchTests.firstMatch(example.shuffled, lines) ? nil : "the order matters"
    }
    let example = try #require(found?.example)
    #expect(example.calls.count == 1)
    #expect(example.policy.keys.flatMap(\.rules).count == 2, "\(example.policy.text)")
    #expect(example.policy.text.count < 300, "\(example.policy.text)")
  }

  private struct BrokenCase {
    let policy: PolicyDraft
    let calls: [CallDraft]
    let shuffled: PolicyDraft
  }

  /// Goes through the rules one by one: one that refuses decides, and so does one that allows by name.
  private static func firstMatch(_ policy: PolicyDraft, _ lines: [String]) -> [Bool] {
    lines.map { line in
      for key in policy.keys {
        for rule in key.rules {
          var alone = policy
          alone.keys = [PolicyDraft.Key(pattern: key.pattern, rules: [rule])]
          guard let verdict = Trial(alone.text)?.run(line).verdict else { continue }
          if verdict != .allowed { return false }
          if rule.action == "allow" { return true }
        }
      }
      return true
    }
  }
}
