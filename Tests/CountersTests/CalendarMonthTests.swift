import Foundation
import Policy
import Randomness
import Testing

@testable import Counters

@Suite("Months of the calendar")
struct CalendarMonthTests {
  @Test("begin and end where Foundation's calendar says", arguments: UInt64(0)..<8)
  func agrees(seed: UInt64) throws {
    var random = Random(seed: seed)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    for _ in 0..<200 {
      // From 1700, so that the calendar's own change lies behind, to 2200.
      let seconds = Int64.random(in: -8_520_000_000...7_250_000_000, using: &random)
      let month = try #require(calendar.dateInterval(of: .month, for: Date(timeIntervalSince1970: Double(seconds))))
      let bounds = CalendarMonth.bounds(of: seconds * second)
      #expect(bounds.start == Int64(month.start.timeIntervalSince1970) * second)
      #expect(bounds.end == Int64(month.end.timeIntervalSince1970) * second)
    }
  }

  @Test("can be told at either end of time")
  func ends() {
    #expect(CalendarMonth.bounds(of: .max).end == .max)
    #expect(CalendarMonth.bounds(of: .min).start == .min)
  }

  @Test("fill a limit anew on their first day, the short ones too")
  func fill() {
    let store = MemoryStore()
    let limit = Reservation(
      key: CounterKey(counter: "c", partition: []), max: 2, window: 31 * 86_400 * second, algorithm: .month)
    // 2028-02-29T23:59:59Z.
    let leapDay = 1_835_481_599.0
    for _ in 0..<2 { #expect(store.answer([limit], at: leapDay)?.id != nil) }
    #expect(store.answer([limit], at: leapDay + 0.5)?.refusal == [0, 2, second / 2])
    for _ in 0..<2 { #expect(store.answer([limit], at: leapDay + 1)?.id != nil) }
    #expect(store.answer([limit], at: leapDay + 1)?.refusal == [0, 2, 31 * 86_400 * second])
  }
}
