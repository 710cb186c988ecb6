import Counters
import NIOCore
import NIOPosix
import Policy
import PolicyFiles
import Wire

@testable import Workbench

/// A policy that was read of a draft, and calls that are decided by it one after the other.
final class Trial {
  /// What became of a call.
  struct Outcome: Equatable {
    enum Verdict: String { case allowed, asks, refused, invalid }

    let verdict: Verdict
    /// What the call is sent with, where rules or scripts have rewritten it.
    let sent: String?
    /// The whole outcome, as `moongate eval` prints it.
    let line: String

    static func == (left: Outcome, right: Outcome) -> Bool {
      left.verdict == right.verdict && left.sent == right.sent
    }
  }

  private let judge: Judge
  private let explain: Bool
  private(set) var contexts: [String: Call.Context] = [:]

  /// Nil where the policy does not load.
  init?(
    _ text: String, counters: any CounterStore = MemoryStore(), explain: Bool = false,
    contexts: [String: Call.Context] = [:], scripts: StandInScripts.Manner = .asWritten
  ) {
    do {
      let loaded = try PolicyFile.load(text: Array(text.utf8), named: "policy.yaml", scriptsIn: "/nowhere")
      let policy = PreparedPolicy(loaded, validators: StandInScripts(loaded.scripts, scripts))
      judge = Judge(policy: policy, counters: counters, on: MultiThreadedEventLoopGroup.singleton.next())
    } catch {
      return nil
    }
    self.explain = explain
    self.contexts = contexts
  }

  func run(_ lines: [String]) -> [Outcome] { lines.map(run) }

  func run(_ text: String) -> Outcome {
    do {
      let line = try CallLine(Array(text.utf8))
      let call = try line.call(in: contexts[line.session] ?? Call.Context(session: line.session))
      var context = call.context
      let moment = Moment(simulated: line.at ?? 0)
      let decision = try judge.decide(call, of: line.message, at: moment, explain: explain)
      if case .allowed = decision.verdict { context.calls[call.name, default: 0] += 1 }
      contexts[line.session] = context
      let outcome = Evaluation.Outcome.decided(name: call.name, decision)
      let verdict: Outcome.Verdict =
        switch decision.verdict {
        case .allowed: .allowed
        case .asks: .asks
        case .refused: .refused
        }
      let sent = verdict == .allowed ? decision.rewrites.first { !$0.isObserved }?.arguments.text : nil
      return Outcome(
        verdict: verdict, sent: sent, line: String(decoding: outcome.json(withTrace: explain).encoded(), as: UTF8.self))
    } catch {
      return Outcome(verdict: .invalid, sent: nil, line: "\(error)")
    }
  }
}

/// Stands in for validators: what the comment says that is all of a script's text, is what it does.
struct StandInScripts: Validators {
  enum Manner {
    case asWritten
    /// None of them changes arguments.
    case withoutReplacing
    /// Each of them fails.
    case failing
  }

  private let words: [String]
  private let manner: Manner

  init(_ scripts: [ScriptSource], _ manner: Manner) {
    words = scripts.map { String(decoding: $0.text.dropFirst(3), as: UTF8.self) }
    self.manner = manner
  }

  func check(
    _ question: ScriptQuestion, counters: any CounterStore, then: @escaping @Sendable (ScriptAnswer) -> Void
  ) {
    then(ScriptAnswer(verdict: verdict(on: question)))
  }

  private func verdict(on question: ScriptQuestion) -> ScriptAnswer.Verdict {
    if manner == .failing { return .fault(summary: "as it is asked to", traceback: "") }
    let hasB = question.call.arguments?["b"] != nil
    switch words[question.reference.script] {
    case "refuse b": return hasB ? .refuse(reason: "b", retryAfterSeconds: nil) : .pass
    case "fault b": return hasB ? .fault(summary: "b", traceback: "") : .pass
    case "ask": return .ask(reason: "?")
    case "replace":
      guard manner == .asWritten, let arguments = NewArguments(Array(#"{"n":5}"#.utf8)) else { return .pass }
      return .replace(arguments)
    default: return .pass
    }
  }
}

/// A store that cannot be reached.
struct LostStore: CounterStore {
  func reserve(
    _ claim: Claim, at moment: Moment, then: @escaping @Sendable (ReservationAnswer) -> Void
  ) {
    then(.unavailable("gone"))
  }

  func read(_ reservation: Reservation, at moment: Moment, then: @escaping @Sendable (CounterReading) -> Void) {
    then(.unavailable("gone"))
  }

  func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment) {}
}
