import Policy
import Randomness
import Testing

@testable import Counters

@Suite("Counts as bytes")
struct CountCoderTests {
  @Test("a count that was written and read goes on like the one that was not", arguments: UInt64(0)..<30)
  func roundTrip(_ seed: UInt64) throws {
    var random = Random(seed: seed)
    let algorithm =
      [RateLimit.Algorithm.sliding, .fixed, .month, .bucket(burst: 12), .concurrency].randomElement(using: &random)
      ?? .fixed
    let limit = place(max: 40, seconds: 10, algorithm)
    let whole = limit.freshCount(exactMaximum: SlidingWindow.exactMaximumInFile)
    var written: any Count = limit.freshCount(exactMaximum: SlidingWindow.exactMaximumInFile)
    var now = Int64.random(in: -second...(1000 * second), using: &random)
    for _ in 0..<300 {
      now += Int64.random(in: 0...second, using: &random)
      let moment = Moment(wall: now, monotonic: now)
      let amount = Amount(units: Int128.random(in: 0...5_000_000_000_000, using: &random))
      let taken = whole.take(amount, at: moment, max: limit.max)
      #expect(written.take(amount, at: moment, max: limit.max) == taken)
      if case .taken(let stamp) = taken, Bool.random(using: &random) {
        whole.giveBack(amount, stamp, at: moment)
        written.giveBack(amount, stamp, at: moment)
      }
      written = try #require(CountCoder.decode(CountCoder.encode(written)))
      #expect(written.isOf(limit))
      #expect(written.used(at: moment) == whole.used(at: moment))
      #expect(!written.isIdle(at: moment) || written.used(at: moment) == 0)
    }
  }

  @Test("bytes that are no count are refused, and crash nobody")
  func damaged() {
    var random = Random(seed: 1)
    let window = SlidingWindow(length: 60 * second, exactMaximum: 128)
    for index in 0..<20 {
      _ = window.take(1, at: Moment(simulated: Double(index)), max: 100)
    }
    let good = CountCoder.encode(window)
    for length in 0..<good.count { #expect(CountCoder.decode(Array(good[..<length])) == nil) }
    for _ in 0..<5000 {
      var bytes = good
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let count = CountCoder.decode(bytes) else { continue }
      _ = count.take(1, at: Moment(simulated: 30), max: 100)
      _ = count.idleFrom
      _ = CountCoder.encode(count)
    }
    #expect(CountCoder.decode([]) == nil)
    #expect(CountCoder.decode([2, 1, 0, 0]) == nil)
  }
}
