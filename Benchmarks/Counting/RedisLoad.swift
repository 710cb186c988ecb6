import Counters
import Glibc
import NIOCore
import Policy

/// What was measured once.
struct Round: Sendable {
  /// From the question to the answer, in nanoseconds.
  var times: [Int64] = []
  /// How long all of it took.
  var seconds = 0.0

  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  static func moment(_ time: Int64) -> Moment { Moment(wall: time, monotonic: time) }
}

/// Calls that are reserved for, forwarded and settled as a proxy does that: so many at once, each followed by another.
final class RedisLoad: Sendable {
  private struct State {
    var left: Int
    var open = 0
    var begun: Int64 = 0
    var round = Round()
    var done: EventLoopPromise<Round>?
  }

  private let store: RedisStore
  private let claim: Claim
  private let flight: Int
  private let state: NIOLoopBoundBox<State>

  init(_ store: RedisStore, on loop: any EventLoop, _ limit: Reservation, calls: Int, flight: Int) {
    self.store = store
    self.flight = flight
    claim = Claim([limit], isHeld: true)
    state = .makeBoxSendingValue(State(left: calls), eventLoop: loop)
  }

  func run(on loop: any EventLoop) throws -> Round {
    let promise = loop.makePromise(of: Round.self)
    loop.execute { [self] in
      state.value.done = promise
      state.value.begun = Round.now()
      for _ in 0..<flight { next() }
    }
    return try promise.futureResult.wait()
  }

  private func next() {
    guard state.value.left > 0 else { return }
    state.value.left -= 1
    state.value.open += 1
    let start = Round.now()
    store.reserve(claim, at: Round.moment(start)) { [self] answer in
      state.value.round.times.append(Round.now() - start)
      guard case .granted(let id, _) = answer else {
        state.value.done?.fail(Unfit(description: "redis: \(answer)"))
        return
      }
      store.forwarded(id, at: Round.moment(start))
      store.settle(id, at: Round.moment(start))
      state.value.open -= 1
      next()
      guard state.value.left == 0, state.value.open == 0 else { return }
      state.value.round.seconds = Double(Round.now() - state.value.begun) / 1e9
      state.value.done?.succeed(state.value.round)
    }
  }
}
