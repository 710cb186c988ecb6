import Policy
import Randomness
import Testing

@testable import Counters

/// What several processes have taken in one file, as anybody would write it down who need not be fast.
private struct SharedModel {
  struct Taken {
    let limit: Int
    let units: Int
    let at: Int64
    let refund: Refund
  }

  struct Call {
    let owner: Int
    var taken: [Taken]
    var isForwarded = false
    var hasEnded = false
  }

  let limits: [Reservation]
  var calls: [Call] = []

  func used(_ limit: Int, at now: Int64) -> Int {
    let reservation = limits[limit]
    return calls.flatMap(\.taken).filter { $0.limit == limit }.reduce(0) { sum, taken in
      let counts =
        switch reservation.algorithm {
        case .sliding: now - taken.at < reservation.window
        case .fixed: now / reservation.window == taken.at / reservation.window
        default: true
        }
      return counts ? sum + taken.units : sum
    }
  }

  mutating func end(_ call: Int, as outcome: CallOutcome) {
    guard !calls[call].hasEnded else { return }
    calls[call].hasEnded = true
    calls[call].taken.removeAll { $0.refund.applies(to: outcome) }
  }

  /// Its owner is no more: what was forwarded may have run.
  mutating func lose(_ owner: Int) {
    for call in calls.indices where calls[call].owner == owner {
      end(call, as: calls[call].isForwarded ? .carriedOut : .notCarriedOut)
    }
  }
}

@Suite("Several processes on one file, some of which die, against a model")
struct CrashModelTests {
  @Test(
    "nothing is counted twice, nothing is lost, and what nobody can give back any more comes free",
    arguments: UInt64(0)..<12)
  func agrees(_ seed: UInt64) throws {
    var random = Random(seed: seed)
    let folder = try Folder()
    let clock = SetClock()
    let limits = (0..<4).map { index in
      var limit = place(
        "c\(index)", max: Amount(Int.random(in: 2...8, using: &random)),
        seconds: Double([2, 5, 20].randomElement(using: &random) ?? 2),
        [.sliding, .fixed, .concurrency][index % 3])
      if limit.algorithm != .concurrency {
        limit.refund = [.notCarriedOut, .toolError].randomElement(using: &random) ?? .notCarriedOut
      }
      return limit
    }
    var model = SharedModel(limits: limits)
    var processes: [Int: FileStore] = [:]
    var next = 0
    var ids: [(call: Int, id: ReservationID)] = []
    var now: Int64 = 1000 * second
    var crashes = 0
    for step in 0..<400 {
      let here: Comment = "seed \(seed), step \(step)"
      if Bool.random(using: &random) { now += Int64.random(in: 0...(second / 2), using: &random) }
      var moment = Moment(wall: now, monotonic: now)
      while processes.count < 3 {
        processes[next] = try FileStore(in: folder, clock: clock)
        next += 1
      }
      let owner = try #require(processes.keys.randomElement(using: &random))
      switch Int.random(in: 0..<10, using: &random) {
      case 0 where step % 4 == 0:
        crashes += 1
        processes[owner] = nil
        model.lose(owner)
        ids.removeAll { model.calls[$0.call].owner == owner }
        // The others look after the dead once in a second.
        now += second
        moment = Moment(wall: now, monotonic: now)
        let other = try #require(processes.values.first)
        #expect(other.answer([place("other", max: 1_000_000)], at: moment)?.id != nil)
      case 1...2:
        guard let (call, id) = ids.randomElement(using: &random), let store = processes[model.calls[call].owner] else {
          continue
        }
        store.forwarded(id, at: moment)
        model.calls[call].isForwarded = true
      case 3...5:
        guard let position = ids.indices.randomElement(using: &random) else { continue }
        let (call, id) = ids[position]
        let outcome = [CallOutcome.carriedOut, .toolError, .notCarriedOut].randomElement(using: &random) ?? .carriedOut
        let store = try #require(processes[model.calls[call].owner])
        // Twice now and then: the second changes nothing.
        for _ in 0...Int.random(in: 0...1, using: &random) { store.end(id, as: outcome, at: moment) }
        model.end(call, as: outcome)
        ids.remove(at: position)
      default:
        let wanted = (0..<Int.random(in: 1...2, using: &random)).map { _ in
          (limit: Int.random(in: 0..<limits.count, using: &random), units: Int.random(in: 1...2, using: &random))
        }
        let claim = Claim(
          wanted.map { limit, units in
            var reservation = limits[limit]
            reservation.amount = Amount(units)
            return reservation
          }, isHeld: Bool.random(using: &random))
        var sums = limits.indices.map { model.used($0, at: now) }
        var fits = true
        for (limit, units) in wanted {
          sums[limit] += units
          fits = fits && sums[limit] <= limits[limit].max?.whole ?? 0
        }
        let answer = try #require(processes[owner]?.reserveAtOnce(claim, at: moment))
        #expect((answer.id != nil) == fits, here)
        guard let id = answer.id, fits else { continue }
        ids.append((model.calls.count, id))
        let taken = wanted.map { limit, units in
          SharedModel.Taken(limit: limit, units: units, at: now, refund: limits[limit].refund)
        }
        model.calls.append(SharedModel.Call(owner: owner, taken: taken, isForwarded: !claim.isHeld))
      }
      for (index, limit) in limits.enumerated() {
        let used = Amount(model.used(index, at: now))
        for store in processes.values { #expect(store.readAtOnce(limit, at: moment) == .used(used), here) }
      }
    }
    #expect(crashes > 2)
  }
}
