import Policy
import Randomness
import Testing

@testable import Counters

@Suite("The clock of a file of counts")
struct FileClockTests {
  private static let hour = 3600 * second

  /// A machine: true time, and how far its wall clock is off.
  private struct Machine {
    var time: Int64 = 1_000_000 * second
    var off: Int64 = 0
    var started: Int64 = 999_000 * second
    var boot = 0
    var reading: Moment { Moment(wall: time + off, monotonic: time - started) }
  }

  @Test("a wall clock that jumps for less than a day moves neither reading", arguments: [-hour, hour, -5 * hour])
  func jump(_ off: Int64) {
    var machine = Machine()
    var clock = FileClock(machine.reading, boot: "0")
    machine.off = off
    for _ in 0..<20 {
      machine.time += FileClockTests.hour
      clock.advance(to: machine.reading, boot: "0")
      #expect(clock.moment == Moment(wall: machine.time, monotonic: machine.time))
    }
    machine.off = 0
    machine.time += second
    clock.advance(to: machine.reading, boot: "0")
    #expect(clock.doubtedSince == nil)
    #expect(clock.moment.wall == machine.time)
  }

  @Test("a wall clock that was set is followed after a day")
  func patience() {
    var machine = Machine()
    var clock = FileClock(machine.reading, boot: "0")
    machine.off = -FileClockTests.hour
    for _ in 0..<26 {
      machine.time += FileClockTests.hour
      clock.advance(to: machine.reading, boot: "0")
    }
    #expect(clock.moment == Moment(wall: machine.time + machine.off, monotonic: machine.time))
  }

  @Test("a reading from before what is noted changes nothing")
  func late() {
    var machine = Machine()
    let early = machine.reading
    machine.time += 2 * second
    var clock = FileClock(machine.reading, boot: "0")
    let noted = clock
    clock.advance(to: early, boot: "0")
    #expect(clock == noted)
  }

  @Test("goes on over a start of the machine by the wall clock, and never back", arguments: [-2 * hour, hour])
  func restart(_ off: Int64) {
    var machine = Machine()
    var clock = FileClock(machine.reading, boot: "0")
    let before = clock.moment
    machine.time += FileClockTests.hour
    machine.started = machine.time - second
    machine.off = off
    clock.advance(to: machine.reading, boot: "1")
    #expect(clock.moment.monotonic == before.monotonic + max(0, FileClockTests.hour + off))
    #expect(clock.moment.wall >= before.wall)
  }

  @Test("in a file, whatever the wall clock does, no fixed or sliding window is filled twice", arguments: UInt64(0)..<6)
  func windows(_ seed: UInt64) throws {
    var random = Random(seed: seed)
    var machine = Machine()
    let clock = SetClock(machine.reading)
    let folder = try Folder()
    var store = try FileStore(in: folder, clock: clock)
    var granted: [RateLimit.Algorithm: [Int64]] = [:]
    for _ in 0..<400 {
      machine.time += Int64.random(in: 0...400, using: &random) * second
      if Int.random(in: 0..<10, using: &random) == 0 {
        machine.off = [-FileClockTests.hour, 0, FileClockTests.hour].randomElement(using: &random) ?? 0
      }
      if Int.random(in: 0..<40, using: &random) == 0 { store = try FileStore(in: folder, clock: clock) }
      for algorithm in [RateLimit.Algorithm.sliding, .fixed] {
        let limit = place("\(algorithm)", max: 5, seconds: 3600, algorithm)
        if store.answer([limit], at: machine.reading)?.id != nil {
          granted[algorithm, default: []].append(machine.time)
        }
      }
    }
    let sliding = granted[.sliding] ?? []
    for index in sliding.indices.dropFirst(5) { #expect(sliding[index] - sliding[index - 5] >= FileClockTests.hour) }
    let fixed = Dictionary(grouping: granted[.fixed] ?? []) { $0 / FileClockTests.hour }
    #expect(fixed.values.allSatisfy { $0.count <= 5 })
    // And it is never closed for good: in 80,000 s on average, every window is filled anew.
    #expect(sliding.count > 50 && (granted[.fixed] ?? []).count > 60)
  }
}
