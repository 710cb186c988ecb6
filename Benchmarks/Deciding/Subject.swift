import CBench
import Counters
import Policy
import PolicyFiles
import Wire

/// A policy, and messages whose calls it lets pass.
final class Subject {
  /// What is measured of one round.
  struct Round {
    /// Nanoseconds a call, from its message to the decision.
    var decide = 0.0
    /// Nanoseconds a call, from its bytes to the decision.
    var read = 0.0
  }

  /// The call cannot be measured: the policy does not let it pass.
  struct Unfit: Error, CustomStringConvertible {
    let description: String
  }

  let name: String
  private let rules: RuleSet
  private let lines: [[UInt8]]
  private let messages: [Message]
  private let reader = MessageReader(side: .client)
  private let context = Call.Context(session: "bench")
  private let store = MemoryStore()
  private let moment = Moment(simulated: 1_800_000_000)

  var rounds: [Round] = []
  /// Allocations a call, from its message to the decision, and from its bytes.
  private(set) var allocations = (decide: 0.0, read: 0.0)

  init(_ name: String, policy: LoadedPolicy, lines: [[UInt8]]) throws {
    self.name = name
    rules = policy.rules
    self.lines = lines
    let reader = reader
    messages = try lines.map { line in
      guard case .single(let message) = try reader.read(line) else { throw Unfit(description: "no message") }
      return message
    }
    // What is made once, such as the states of regular expressions, is made before anything is counted.
    for _ in 0..<3 { for line in lines { try decide(read(line)) } }
    let calls = 1_000
    var before = bench_allocations()
    for index in 0..<calls { try decide(messages[index % messages.count]) }
    allocations.decide = Double(bench_allocations() - before) / Double(calls)
    before = bench_allocations()
    for index in 0..<calls { try decide(read(lines[index % lines.count])) }
    allocations.read = Double(bench_allocations() - before) / Double(calls)
  }

  /// Measures one round of so many calls.
  func measure(_ calls: Int) throws {
    let clock = ContinuousClock()
    var round = Round()
    var begun = clock.now
    for index in 0..<calls { try decide(messages[index % messages.count]) }
    round.decide = Subject.nanoseconds(clock.now - begun) / Double(calls)
    begun = clock.now
    for index in 0..<calls { try decide(read(lines[index % lines.count])) }
    round.read = Subject.nanoseconds(clock.now - begun) / Double(calls)
    rounds.append(round)
  }

  private func read(_ line: [UInt8]) throws -> Message {
    guard case .single(let message) = try reader.read(line) else { throw Unfit(description: "no message") }
    return message
  }

  /// What the proxy does between a message and its decision.
  @inline(never)
  private func decide(_ message: Message) throws {
    guard let call = try message.call(in: context) else { throw Unfit(description: "no call") }
    var judgement = rules.decide(call, at: moment)
    while true {
      switch judgement.step {
      case .decided(let decision):
        guard case .allowed = decision.verdict else { throw Unfit(description: "\(name): \(decision.verdict)") }
        // Given back, so that no limit fills.
        if let reservation = decision.reservation { store.end(reservation, as: .notCarriedOut, at: moment) }
        return
      case .reserve(let reservations):
        guard let answer = store.reserveAtOnce(reservations, at: moment) else { return }
        judgement.resume(with: answer)
      case .ask, .rewrite: throw Unfit(description: "\(name): a validator or a rewriting is wanted")
      }
    }
  }

  static func nanoseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1e9 + Double(duration.components.attoseconds) / 1e9
  }
}
