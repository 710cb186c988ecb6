import Policy
import Randomness
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

  /// As many as the reservation takes, all at that time.
  static func taken(_ reservation: Reservation, at moment: Moment) -> [Taken] {
    (0..<reservation.amount.whole).map { _ in Taken(key: reservation.key, at: moment) }
  }

  func used(_ reservation: Reservation, at now: Moment) -> [Moment] {
    taken.joined().filter { $0.key == reservation.key && (reservation.algorithm != .concurrency || $0.isPending) }
      .map(\.at).filter { then in
        switch reservation.algorithm {
        case .sliding: now.monotonic - then.monotonic < reservation.window
        case .fixed: then.wall / reservation.window == now.wall / reservation.window
        case .concurrency: true
        case .month, .bucket: false
        }
      }
  }

  func fits(_ reservations: [Reservation], at now: Moment) -> [Int64]? {
    for (index, reservation) in reservations.enumerated() {
      let used = used(reservation, at: now)
      let earlier = reservations[..<index].filter { $0.key == reservation.key }.reduce(0) { $0 + $1.amount.whole }
      let excess = used.count + earlier + reservation.amount.whole - (reservation.max?.whole ?? .max)
      guard excess > 0 else { continue }
      let retryAfter =
        switch reservation.algorithm {
        case .concurrency: Int64(-1)
        case .fixed, .month, .bucket: reservation.window - now.wall % reservation.window
        case .sliding:
          (used.map(\.monotonic) + (0..<earlier + 1).map { _ in now.monotonic })[min(excess - 1, used.count + earlier)]
            + reservation.window - now.monotonic
        }
      return [Int64(index), Int64(used.count + earlier), retryAfter]
    }
    return nil
  }
}

@Suite("The stores, against a model")
struct StoreModelTests {
  @Test(
    "answers as the model does, whatever the order of calls, outcomes and times",
    arguments: StoreOfTests.seeds(memory: 60, file: 10, redis: 6))
  func agrees(_ of: StoreOfTests) throws {
    let seed = of.seed
    var random = Random(seed: seed)
    let limits = (0..<4).map { index in
      place(
        "c\(index)", max: Amount(Int.random(in: 1...5, using: &random)),
        seconds: Double([1, 2, 5, 10].randomElement(using: &random) ?? 1),
        [.sliding, .fixed, .concurrency].randomElement(using: &random) ?? .fixed)
    }
    let store = try of.store()
    var model = Model()
    var ids: [ReservationID] = []
    var now: Int64 = microsecond * Int64.random(in: 0...100_000_000, using: &random)
    for step in 0..<600 {
      if Bool.random(using: &random) { now += microsecond * Int64.random(in: 0...1_000_000, using: &random) }
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
        let asked = (0..<Int.random(in: 1...3, using: &random)).map { _ in
          var reservation = limits[Int.random(in: 0..<limits.count, using: &random)]
          reservation.amount = [1, 1, 2, 3].randomElement(using: &random) ?? 1
          return reservation
        }
        for each in limits {
          let expected = CounterReading.used(Amount(model.used(each, at: moment).count))
          #expect(store.readAtOnce(each, at: moment) == expected, "seed \(seed), step \(step)")
        }
        let answer = try #require(store.answer(asked, at: moment))
        let expected = model.fits(asked, at: moment)
        #expect(answer.refusal == expected, "seed \(seed), step \(step)")
        if let id = answer.id {
          ids.append(id)
          model.taken.append(asked.flatMap { Model.taken($0, at: moment) })
        }
      }
    }
  }
}
