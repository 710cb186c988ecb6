import Policy

/// The clock of a file of counts, which all that count in it share, and which no setting of the machine's clock moves.
///
/// It has two readings. What sliding windows are measured with goes on with a clock of the machine that is never set and
/// runs through sleep, as long as the machine runs; from one start of the machine to the next it goes on by as much as
/// the wall clock did, or not at all where that went back. The calendar, to which fixed windows are aligned, goes with
/// it, at a distance: a wall clock that suddenly tells another time is not believed until it has told it for
/// ``patience``. So a clock that jumps for an hour frees nothing early and closes nothing for longer than its window;
/// and one that was set right is followed after a day.
struct FileClock: Equatable {
  /// How far the wall clock may be off the calendar, to be followed at once: 2 s.
  static let tolerance: Int64 = 2_000_000_000
  /// How long it has to be further off, to be followed.
  static let patience: Int64 = 86_400_000_000_000
  /// What a file can say, so that it can be calculated with: some seventy years on either side.
  static let times: ClosedRange<Int64> = -(1 << 61)...1 << 61
  /// How old what the file says of the clock may become.
  static let step: Int64 = 1_000_000_000

  /// Which start of the machine the readings are of.
  var boot: String
  /// The machine's readings when this was noted.
  var steady: Int64
  var wall: Int64
  /// What sliding windows are measured with, then.
  var elapsed: Int64
  /// How far the calendar is ahead of that.
  var distance: Int64
  /// Since when the wall clock has not been believed.
  var doubtedSince: Int64?

  /// The clock of a new file.
  init(_ reading: Moment, boot: String) {
    self.boot = boot
    steady = reading.monotonic
    wall = reading.wall
    elapsed = reading.wall
    distance = 0
  }

  init(boot: String, steady: Int64, wall: Int64, elapsed: Int64, distance: Int64, doubtedSince: Int64?) {
    self.boot = boot
    self.steady = steady
    self.wall = wall
    self.elapsed = elapsed
    self.distance = distance
    self.doubtedSince = doubtedSince
  }

  /// Both readings.
  var moment: Moment { Moment(wall: elapsed.addingCapped(distance), monotonic: elapsed) }

  /// Goes on to what the machine's clocks say now.
  mutating func advance(to reading: Moment, boot now: String) {
    // A reading from before what others have noted.
    if boot == now, !boot.isEmpty, reading.monotonic < steady { return }
    let isSameBoot = boot == now && reading.monotonic >= steady
    elapsed = elapsed.addingCapped(
      isSameBoot ? reading.monotonic - steady : max(0, reading.wall.addingCapped(-wall)))
    boot = now
    steady = reading.monotonic
    wall = reading.wall
    let off = reading.wall.addingCapped(-moment.wall)
    if abs(max(off, -.max)) <= FileClock.tolerance {
      follow(off)
    } else if let since = doubtedSince {
      if elapsed - since >= FileClock.patience { follow(off) }
    } else {
      doubtedSince = elapsed
    }
  }

  private mutating func follow(_ off: Int64) {
    distance = distance.addingCapped(off)
    doubtedSince = nil
  }

  /// Whether the file is to be told of it, in which it stands as `noted`.
  func differs(from noted: FileClock) -> Bool {
    boot != noted.boot || doubtedSince != noted.doubtedSince || elapsed - noted.elapsed >= FileClock.step
      || abs(distance - noted.distance) >= FileClock.step / 100
  }
}
