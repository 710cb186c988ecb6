import Policy
import Testing

@testable import Counters

/// The same store as anybody would write it who need not be fast.
private struct Model {
  struct Taken {
    let key: CounterKey
    let at: Moment
    var isPending = true
  }

  var taken: [[Taken]] = []

  func used(_ reservation: Reservation, at now: Moment) -> [Moment] {
    taken.joined().filter { $0.key == reservation.key }.map(\.at).filter { then in
      switch reservation.algorithm {
      case .sliding: now.monotonic - then.monotonic < reservation.window
      case .fixed: then.wall / reservation.window == now.wall / reservation.window
      }
    }
  }

  func fits(_ reservations: [Reservation], at now: Moment) -> [Int64]? {
    for (index, reservation) in reservations.enumerated() {
      let used = used(reservation, at: now)
      let earlier = reservations[..<index].count { $0.key == reservation.key }
      guard used.count + earlier >= reservation.max else { continue }
      let retryAfter =
        switch reservation.algorithm {
        case .fixed: reservation.window - now.wall % reservation.window
        case .sliding:
          (used.map(\.monotonic) + [now.monotonic])[used.count + earlier - reservation.max]
            + reservation.window - now.monotonic
        }
      return [Int64(index), Int64(used.count + earlier), retryAfter]
    }
    return nil
  }
}

@Suite("The store in memory, against a model")
struct MemoryStoreModelTests {
  @Test("answers as the model does, whatever the order of calls, outcomes and times", arguments: UInt64(0)..<60)
  func agrees(_ seed: UInt64) throws {
    var random = Random(seed: seed)
    let limits = (0..<4).map { index in
      place(
        "c\(index)", max: Int.random(in: 1...5, using: &random),
        seconds: Double([1, 2, 5, 10].randomElement(using: &random) ?? 1),
        Bool.random(using: &random) ? .sliding : .fixed)
    }
    let store = MemoryStore(maximumCounts: 4)
    var model = Model()
    var ids: [ReservationID] = []
    var now: Int64 = Int64.random(in: 0...(100 * second), using: &random)
    for step in 0..<600 {
      if Bool.random(using: &random) { now += Int64.random(in: 0...second, using: &random) }
      let moment = Moment(wall: now, monotonic: now)
      if Int.random(in: 0..<3, using: &random) == 0, let index = ids.indices.randomElement(using: &random) {
        let wasPending = model.taken[index].first?.isPending ?? false
        if Bool.random(using: &random) {
          store.release(ids[index], at: moment)
          if wasPending { model.taken[index] = [] }
        } else {
          store.settle(ids[index], at: moment)
          for place in model.taken[index].indices { model.taken[index][place].isPending = false }
        }
      } else {
        let asked = (0..<Int.random(in: 1...3, using: &random)).compactMap { _ in limits.randomElement(using: &random) }
        let answer = try #require(store.answer(asked, at: moment))
        let expected = model.fits(asked, at: moment)
        #expect(answer.refusal == expected, "seed \(seed), step \(step)")
        if let id = answer.id {
          ids.append(id)
          model.taken.append(asked.map { Model.Taken(key: $0.key, at: moment) })
        }
      }
    }
  }
}
