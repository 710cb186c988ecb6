import Foundation
import Testing

/// Looks for what breaks a property, and makes it small.
enum Search {
  /// A case that breaks a property: what it is, and why.
  struct Counterexample<Case> {
    let seed: UInt64
    let example: Case
    let reason: String
  }

  /// The first counterexample among so many generated cases.
  static func counterexample<Case>(
    among count: Int, from first: UInt64, attempts: Int = 1_500, generate: @escaping (inout Choices) -> Case,
    broken: @escaping (Case) -> String?
  ) -> Counterexample<Case>? {
    for seed in first..<first + UInt64(count) {
      var choices = Choices(seed: seed)
      guard broken(generate(&choices)) != nil else { continue }
      var smallest = Shrinker.shrink(choices, attempts: attempts) { broken(generate(&$0)) != nil }
      smallest = Choices(replaying: smallest.taken)
      let example = generate(&smallest)
      return Counterexample(seed: seed, example: example, reason: broken(example) ?? "it does not fail again")
    }
    return nil
  }

  /// Tries so many generated cases, always the same; or the one that `MOONGATE_SEED` names, or as many as
  /// `MOONGATE_CASES` says.
  static func check<Case: CustomStringConvertible>(
    _ count: Int, location: SourceLocation = #_sourceLocation, generate: @escaping (inout Choices) -> Case,
    broken: @escaping (Case) -> String?
  ) {
    let environment = ProcessInfo.processInfo.environment
    let chosen = environment["MOONGATE_SEED"].flatMap { UInt64($0) }
    let count = environment["MOONGATE_CASES"].flatMap { Int($0) } ?? count
    let found = counterexample(
      among: chosen == nil ? count : 1, from: chosen ?? 1, generate: generate, broken: broken)
    guard let found else { return }
    Issue.record(
      "\(found.reason)\n\(found.example)\nonce more: MOONGATE_SEED=\(found.seed) swift test --filter PromiseTests",
      sourceLocation: location)
  }
}
