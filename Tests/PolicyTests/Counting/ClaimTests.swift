import Testing

@testable import Policy

@Suite("What a call asks of a store")
struct ClaimTests {
  private static func reservation(_ counter: String, _ amount: Amount) -> Reservation {
    Reservation(
      key: CounterKey(counter: counter, partition: []), max: nil, window: 60, algorithm: .fixed, amount: amount)
  }

  private static func demand(_ index: Int, _ relation: Relation, _ value: Amount) -> Demand {
    .comparison(Demand.Comparison(index: index, relation: relation, value: value))
  }

  @Test("the first demand that is not met is named, and in it the comparison that fails")
  func unmet() {
    let claim = Claim(
      [ClaimTests.reservation("a", 1), ClaimTests.reservation("b", 0)],
      demands: [
        .any([ClaimTests.demand(0, .lte, 1), ClaimTests.demand(1, .gt, 3)]),
        .all([ClaimTests.demand(0, .gte, 0), ClaimTests.demand(1, .neq, 4)]),
      ])
    #expect(claim.unmet(for: [1, 0]) == nil)
    #expect(claim.unmet(for: [2, 3]) == 0)
    #expect(claim.unmet(for: [2, 4]) == 1)
    #expect(claim.demands[1].failing(for: [2, 4])?.relation == .neq)
    #expect(claim.demands[0].failing(for: [2, 3]) == Demand.Comparison(index: 0, relation: .lte, value: 1))
    #expect(ClaimTests.demand(7, .lte, 1).holds(for: [0]) == false, "of a count that is not there nothing holds")
  }

  @Test("says when a demand may be met: when enough windows have ended, and never where this call alone is too much")
  func retryAfter() {
    let claim = Claim(
      [ClaimTests.reservation("a", 2), ClaimTests.reservation("b", 0)],
      demands: [
        ClaimTests.demand(0, .lte, 5), .all([ClaimTests.demand(0, .lte, 5), ClaimTests.demand(1, .lte, 1)]),
        ClaimTests.demand(0, .lte, 1), ClaimTests.demand(1, .gte, 9),
        .any([ClaimTests.demand(0, .lte, 5), ClaimTests.demand(1, .lte, 1)]),
      ])
    let counts: [Amount] = [6, 4]
    #expect(claim.retryAfter(demand: 0, counts: counts, ends: [10, 30]) == 10)
    #expect(claim.retryAfter(demand: 1, counts: counts, ends: [10, 30]) == 30)
    #expect(claim.retryAfter(demand: 2, counts: counts, ends: [10, 30]) == nil)
    #expect(claim.retryAfter(demand: 3, counts: counts, ends: [10, 30]) == nil)
    #expect(claim.retryAfter(demand: 4, counts: counts, ends: [40, 30]) == 30)
    #expect(claim.retryAfter(demand: 0, counts: counts, ends: [nil, 30]) == nil)
    #expect(claim.retryAfter(demand: 9, counts: counts, ends: [10, 30]) == nil)
  }

  @Test("what a call takes itself in a count is all that it takes there")
  func own() {
    let claim = Claim([
      ClaimTests.reservation("a", 2), ClaimTests.reservation("b", 5), ClaimTests.reservation("a", 1),
      ClaimTests.reservation("a", 0),
    ])
    #expect((0..<4).map { claim.own(at: $0) } == [3, 5, 3, 3])
  }
}
