import Counters
import Policy
import Testing
import Wire

@testable import PolicyFiles

/// Judges calls by a policy, one after the other, with a store in memory.
struct Judge {
  let rules: RuleSet
  private let store = MemoryStore()
  /// What was decided of the call before.
  private var decision: Decision?
  /// The longest encoding of whom something was counted for.
  private(set) var longestPartition = 0
  /// Whether decisions are explained.
  var isExplaining = false
  /// What time it is, in seconds since 1970.
  var time = 0.0

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
    var judgement = rules.decide(call, at: Moment(simulated: time), explain: isExplaining)
    while true {
      switch judgement.step {
      case .decided(let decision):
        self.decision = decision
        switch decision.verdict {
        case .allowed: return "allowed"
        case .refused(let refusal): return "refused: \(refusal.rule): \(refusal.reason)"
        case .asks(let refusal): return "asks: \(refusal.rule): \(refusal.reason)"
        }
      case .ask(let questions): judgement.resume(with: questions.map { _ in ScriptAnswer(verdict: .pass) })
      case .rewrite:
        return "rewritten"
      case .reserve(let claim):
        longestPartition = max(longestPartition, claim.reservations.map(\.key.partition.count).max() ?? 0)
        let moment = Moment(simulated: time)
        judgement.resume(with: store.reserveAtOnce(claim, at: moment) ?? .unavailable("not at once"))
      }
    }
  }

  /// Gives back what the call before has reserved: the server has answered it with an error.
  func giveBack() {
    if let reserved = decision?.reservation { store.end(reserved, as: .notCarriedOut, at: Moment(simulated: time)) }
  }

  /// Why the call before was refused.
  var refusal: Refusal? {
    if case .refused(let refusal) = decision?.verdict { refusal } else { nil }
  }

  /// The rules that would have refused it.
  var observed: [String] { decision?.observed.map(\.rule) ?? [] }

  /// The lines of its explanation.
  var trace: [String] { decision?.trace.map(\.text) ?? [] }

  /// Whether the one rule of a policy, as it is written, lets a call with these arguments pass.
  static func passes(_ rule: String, _ arguments: String) throws -> Bool {
    let policy = try load("tools:\n  a:\n    rules:\n      - \(rule)\n").get()
    var judge = Judge(policy.rules)
    return try judge.call("a", arguments) == "allowed"
  }
}
