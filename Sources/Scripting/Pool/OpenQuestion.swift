import NIOCore
import Policy

/// A question that a worker is to answer: who waits for it, and what its script does with counters meanwhile.
///
/// Lives on one event loop. What the script reserves is held here, whatever becomes of the script, and goes with the
/// answer to whoever asked: a worker that dies or lies keeps nothing.
final class OpenQuestion {
  /// What a script is told about a counter.
  enum Count: Equatable {
    case used(Int)
    case granted(remaining: Int)
    case full(seconds: Int)
    case unavailable
  }

  let question: ScriptQuestion
  private let counters: any CounterStore
  private let eventLoop: any EventLoop
  private let then: @Sendable (ScriptAnswer) -> Void

  private var held: [ReservationID] = []
  private var asked = 0
  private var fault: String?
  private var isFinished = false
  /// Whether the script waits for the store.
  private(set) var isCounting = false

  init(
    _ question: ScriptQuestion, counters: any CounterStore, on eventLoop: any EventLoop,
    then: @escaping @Sendable (ScriptAnswer) -> Void
  ) {
    self.question = question
    self.counters = counters
    self.eventLoop = eventLoop
    self.then = then
  }

  /// The answer, with all that was reserved. A store that failed outweighs what the script made of it.
  func finish(_ answer: ScriptAnswer) {
    isFinished = true
    var answer = answer
    answer.reservations = held
    if let fault { answer.verdict = .uncounted(fault) }
    held = []
    then(answer)
  }

  /// Asks the store for a script.
  ///
  /// - Parameter tell: called once, on the event loop, unless the question is finished first.
  /// - Returns: whether a script may ask that now.
  func count(_ count: ScriptCount, tell: @escaping (Count) -> Void) -> Bool {
    asked += 1
    guard !isCounting, asked <= ScriptCount.mostAsked, let reservation = count.reservation(for: question.call) else {
      return false
    }
    isCounting = true
    switch count.purpose {
    case .read: read(reservation, tell) { .used($0) }
    case .reserve: reserve(reservation, tell)
    }
    return true
  }

  private func reserve(_ reservation: Reservation, _ tell: @escaping (Count) -> Void) {
    if let answer = counters.reserveAtOnce(Claim([reservation], isHeld: true), at: question.moment) {
      return reserved(answer, reservation, tell)
    }
    let later = NIOLoopBound((self, tell), eventLoop: eventLoop)
    counters.reserve(Claim([reservation], isHeld: true), at: question.moment) { [eventLoop] answer in
      eventLoop.run {
        let (question, tell) = later.value
        question.reserved(answer, reservation, tell)
      }
    }
  }

  private func reserved(_ answer: ReservationAnswer, _ reservation: Reservation, _ tell: @escaping (Count) -> Void) {
    switch answer {
    case .granted(let id, _):
      guard !isFinished else { return counters.release(id, at: question.moment) }
      held.append(id)
      read(reservation, tell) { .granted(remaining: max(0, (reservation.max?.whole ?? 0) - $0)) }
    case .exhausted(_, _, let retryAfter):
      let second = Quantity.nanosecondsPerSecond
      // Scripts have counts of one kind only, of which that can always be told.
      let time = retryAfter ?? second
      told(.full(seconds: max(1, Int(time / second) + (time % second > 0 ? 1 : 0))), tell)
    case .unmet: failed("the store tells of a demand that was not made", tell)
    case .unavailable(let reason): failed(reason, tell)
    }
  }

  private func read(
    _ reservation: Reservation, _ tell: @escaping (Count) -> Void, _ count: @escaping (Int) -> Count
  ) {
    if let reading = counters.readAtOnce(reservation, at: question.moment) { return came(reading, tell, count) }
    let later = NIOLoopBound((self, tell, count), eventLoop: eventLoop)
    counters.read(reservation, at: question.moment) { [eventLoop] reading in
      eventLoop.run {
        let (question, tell, count) = later.value
        question.came(reading, tell, count)
      }
    }
  }

  private func came(_ reading: CounterReading, _ tell: (Count) -> Void, _ count: (Int) -> Count) {
    switch reading {
    case .used(let used): told(count(used.whole), tell)
    case .unavailable(let reason): failed(reason, tell)
    }
  }

  private func failed(_ reason: String, _ tell: (Count) -> Void) {
    fault = fault ?? reason
    told(.unavailable, tell)
  }

  private func told(_ count: Count, _ tell: (Count) -> Void) {
    isCounting = false
    if !isFinished { tell(count) }
  }
}

extension EventLoop {
  /// Runs `body` on the loop: at once where this is it.
  fileprivate func run(_ body: @escaping @Sendable () -> Void) {
    if inEventLoop { body() } else { execute(body) }
  }
}
