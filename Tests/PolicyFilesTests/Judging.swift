import Policy
import Testing
import Wire

@testable import PolicyFiles

/// Judges calls by a policy, and counts like a store does, without windows.
struct Judge {
  let rules: RuleSet
  private var counts: [CounterKey: Int] = [:]

  init(_ rules: RuleSet) {
    self.rules = rules
  }

  /// What becomes of a call: `allowed`, or what it is refused by or held by: `refused: rule: reason`.
  mutating func call(_ tool: String, _ arguments: String, session: String = "s") throws -> String {
    let message = try JSONTape(Array(#"{"name":"\#(tool)","arguments":\#(arguments)}"#.utf8), depth: 64)
    let members = Array(message.root.members)
    let call = Call(
      subject: .tool, name: Name(tool), nameValue: members[0].value, arguments: members[1].value, meta: nil,
      context: Call.Context(session: session))
    var judgement = rules.decide(call, at: Moment(simulated: 0))
    while true {
      switch judgement.step {
      case .decided(let decision):
        switch decision.verdict {
        case .allowed: return "allowed"
        case .refused(let refusal): return "refused: \(refusal.rule): \(refusal.reason)"
        case .asks(let refusal): return "asks: \(refusal.rule)"
        }
      case .ask(let questions): judgement.resume(with: questions.map { _ in ScriptAnswer(verdict: .pass) })
      case .rewrite:
        return "rewritten"
      case .reserve(let places):
        if let full = places.firstIndex(where: { counts[$0.key, default: 0] >= $0.max }) {
          judgement.resume(
            with: .exhausted(index: full, used: counts[places[full].key, default: 0], retryAfter: 1_000_000_000))
        } else {
          for place in places { counts[place.key, default: 0] += 1 }
          judgement.resume(with: .granted(ReservationID(number: 1)))
        }
      }
    }
  }

  /// Whether the one rule of a policy, as it is written, lets a call with these arguments pass.
  static func passes(_ rule: String, _ arguments: String) throws -> Bool {
    let policy = try load("tools:\n  a:\n    rules:\n      - \(rule)\n").get()
    var judge = Judge(policy.rules)
    return try judge.call("a", arguments) == "allowed"
  }
}
