public import NIOCore
public import Policy
public import Wire

/// Decides calls one after another, away from any proxy: the same core, with a store that lives as long as the judge.
public struct Judge: Sendable {
  private let policy: PreparedPolicy
  private let counters: any CounterStore
  private let loop: any EventLoop

  /// A judge by that policy. `loop` is the one that its validators live on.
  public init(policy: PreparedPolicy, counters: any CounterStore, on loop: any EventLoop) {
    self.policy = policy
    self.counters = counters
    self.loop = loop
  }

  /// Decides the call that a message makes, and waits for validators and store. Not to be called on the event loop.
  ///
  /// What was reserved for an allowed call is kept, as if the server had answered it.
  public func decide(_ call: Call, of message: Message, at moment: Moment, explain: Bool) throws -> Decision {
    var judgement = policy.rules.decide(call, at: moment, explain: explain)
    while true {
      switch judgement.step {
      case .decided(let decision):
        for id in decision.released { counters.release(id, at: moment) }
        if let reservation = decision.reservation { counters.end(reservation, as: .carriedOut, at: moment) }
        return decision
      case .ask(let questions):
        let validators = policy.validators
        let counters = counters
        let loop = loop
        let answers = loop.flatSubmit {
          EventLoopFuture.whenAllSucceed(
            questions.map { question in
              let promise = loop.makePromise(of: ScriptAnswer.self)
              validators.check(question, counters: counters) { promise.succeed($0) }
              return promise.futureResult
            }, on: loop)
        }
        judgement.resume(with: try answers.wait())
      case .rewrite(let released):
        for id in released { counters.release(id, at: moment) }
        _ = judgement.resume(rewriting: message)
      case .reserve(let claim):
        let promise = loop.makePromise(of: ReservationAnswer.self)
        counters.reserve(claim, at: moment) { promise.succeed($0) }
        judgement.resume(with: try promise.futureResult.wait())
      }
    }
  }
}
