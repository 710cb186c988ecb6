import Policy
import Randomness
import Testing

@testable import Counters

/// The same store as anybody would write it, who counts whole units in lists.
private struct ClaimModel {
  struct Taken {
    let counter: Int
    let units: Int
    let at: Moment
    var isPending = true
  }

  struct Kind {
    let window: Int64
    let algorithm: RateLimit.Algorithm
  }

  let kinds: [Kind]
  var taken: [[Taken]] = []

  func counted(_ counter: Int, at now: Moment) -> [Taken] {
    let kind = kinds[counter]
    return taken.joined().filter { each in
      guard each.counter == counter else { return false }
      return switch kind.algorithm {
      case .sliding: now.monotonic - each.at.monotonic < kind.window
      case .fixed, .month, .bucket, .concurrency: each.at.wall / kind.window == now.wall / kind.window
      }
    }
  }

  func used(_ counter: Int, at now: Moment) -> Int {
    counted(counter, at: now).reduce(0) { $0 + $1.units }
  }
}

@Suite("Budgets and states in the stores, against a model")
struct StoreClaimModelTests {
  /// One of the model's units, in those of an amount: 0.1.
  private static let unit: Int128 = 100_000_000_000

  private static func amount(_ units: Int) -> Amount { Amount(units: Int128(units) * unit) }

  private static func demand(_ random: inout Random, of count: Int, depth: Int = 2) -> Demand {
    guard depth > 0, Int.random(in: 0..<3, using: &random) == 0 else {
      return .comparison(
        Demand.Comparison(
          index: Int.random(in: 0..<count, using: &random),
          relation: Relation.allCases.randomElement(using: &random) ?? .lte,
          value: amount(Int.random(in: 0...40, using: &random))))
    }
    let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in demand(&random, of: count, depth: depth - 1) }
    return Bool.random(using: &random) ? .all(parts) : .any(parts)
  }

  private static func holds(_ demand: Demand, _ units: [Int]) -> Bool {
    switch demand {
    case .all(let parts): return !parts.contains { !holds($0, units) }
    case .any(let parts): return parts.contains { holds($0, units) }
    case .comparison(let comparison):
      let (left, right) = (units[comparison.index], Int(comparison.value.units / unit))
      return switch comparison.relation {
      case .lt: left < right
      case .lte: left <= right
      case .gt: left > right
      case .gte: left >= right
      case .eq: left == right
      case .neq: left != right
      }
    }
  }

  @Test(
    "answers as the model does, whatever the order of claims, outcomes and times",
    arguments: StoreOfTests.seeds(memory: 60, file: 10, redis: 6))
  func agrees(_ of: StoreOfTests) throws {
    let seed = of.seed
    var random = Random(seed: seed)
    let kinds = (0..<4).map { index in
      ClaimModel.Kind(
        window: second * ([1, 2, 5, 10].randomElement(using: &random) ?? 1),
        algorithm: index == 0 || Bool.random(using: &random) ? .fixed : .sliding)
    }
    let maxima = (0..<4).map { _ in Bool.random(using: &random) ? Int.random(in: 5...60, using: &random) : nil }
    let store = try of.store()
    var model = ClaimModel(kinds: kinds)
    var ids: [ReservationID] = []
    var now = microsecond * Int64.random(in: 0...100_000_000, using: &random)
    var outcomes = (granted: 0, exhausted: 0, unmet: 0)
    for step in 0..<500 {
      let here = "seed \(seed), step \(step)"
      if Bool.random(using: &random) { now += microsecond * Int64.random(in: 0...1_000_000, using: &random) }
      let moment = Moment(wall: now, monotonic: now)
      if Int.random(in: 0..<3, using: &random) == 0, let index = ids.indices.randomElement(using: &random) {
        let isReleased = Bool.random(using: &random)
        if isReleased { store.release(ids[index], at: moment) } else { store.settle(ids[index], at: moment) }
        if isReleased, model.taken[index].first?.isPending ?? false { model.taken[index] = [] }
        for place in model.taken[index].indices { model.taken[index][place].isPending = false }
        continue
      }
      let asked = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        (counter: Int.random(in: 0..<4, using: &random), units: Int.random(in: 0...12, using: &random))
      }
      let demands = (0..<Int.random(in: 0...2, using: &random)).map { _ in
        StoreClaimModelTests.demand(&random, of: asked.count)
      }
      let reservations = asked.map { counter, units in
        Reservation(
          key: CounterKey(counter: "c\(counter)", partition: []),
          max: maxima[counter].map(StoreClaimModelTests.amount), window: kinds[counter].window,
          algorithm: kinds[counter].algorithm, amount: StoreClaimModelTests.amount(units))
      }
      let answer = try #require(
        store.reserveAtOnce(Claim(reservations, demands: demands, wantsCounts: true), at: moment))
      // What the model expects: every amount in its turn, then every demand.
      let before = (0..<4).map { model.used($0, at: moment) }
      var used = before
      let full = asked.firstIndex { counter, units in
        used[counter] += units
        return maxima[counter].map { used[counter] > $0 } ?? false
      }
      let counts = asked.map { before[$0.counter] }.enumerated().map { index, units in
        units + asked.filter { $0.counter == asked[index].counter }.reduce(0) { $0 + $1.units }
      }
      let unmet = demands.firstIndex { !StoreClaimModelTests.holds($0, counts) }
      switch answer {
      case .granted(let id, let seen):
        #expect(full == nil && unmet == nil, "\(here)")
        #expect(seen == counts.map(StoreClaimModelTests.amount), "\(here)")
        ids.append(id)
        model.taken.append(asked.map { ClaimModel.Taken(counter: $0.counter, units: $0.units, at: moment) })
        outcomes.granted += 1
      case .exhausted(let index, let seen, _):
        #expect(index == full, "\(here)")
        let own = full.map { used[asked[$0].counter] - asked[$0].units }
        #expect(own.map(StoreClaimModelTests.amount) == seen, "\(here)")
        outcomes.exhausted += 1
      case .unmet(let demand, let seen, let retryAfter):
        #expect(full == nil && demand == unmet, "\(here)")
        #expect(seen == counts.map(StoreClaimModelTests.amount), "\(here)")
        if let retryAfter {
          let later = Moment(wall: now + retryAfter, monotonic: now + retryAfter)
          let then = asked.enumerated().map { index, each in
            // A window that has ended by then counts nothing of before; one that slides is taken to go on.
            let kept = kinds[each.counter].algorithm == .sliding ? before : (0..<4).map { model.used($0, at: later) }
            let own = asked.filter { $0.counter == each.counter }.reduce(0) { $0 + $1.units }
            return kept[each.counter] + own
          }
          #expect(StoreClaimModelTests.holds(demands[demand], then), "\(here)")
        }
        outcomes.unmet += 1
      case .unavailable(let reason): Issue.record("\(here): \(reason)")
      }
    }
    #expect(outcomes.granted > 10 && outcomes.unmet > 10, "\(outcomes)")
  }
}
