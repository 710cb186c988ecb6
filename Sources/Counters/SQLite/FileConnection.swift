import Policy

/// A store's way to its file: open, or to be tried again at growing intervals.
struct FileConnection {
  /// Writes what became of a call.
  typealias Outcome = @Sendable (CounterFile, Moment) throws(SQLiteError) -> Void

  /// How long it waits before the file is tried again, in nanoseconds: twice as long each time.
  private static let pauses = (first: Int64(100_000_000), last: Int64(5_000_000_000))
  /// How many outcomes are remembered while they cannot be written. What is lost beyond stays spent, which refuses too
  /// much and never too little.
  private static let mostOwed = 1 << 17

  private let stateFile: StateFile
  private let clock: MachineClock
  private var opened: CounterFile?
  /// Why the file is not open.
  private(set) var failure = StoreFailure("the file of counts has not been opened")
  private var pause: Int64 = 0
  private var nextAttempt = Int64.min
  private var past: CounterFile.Past?
  private var owed: [Outcome] = []

  init(_ stateFile: StateFile, clock: MachineClock) {
    self.stateFile = stateFile
    self.clock = clock
  }

  /// Where the file is.
  var path: String { stateFile.path }

  /// Whether there is a file, or something else in its place.
  var isThere: Bool { opened != nil || StateFile.identity(of: path) != nil }

  /// The file, where it is open and has been told everything.
  var file: CounterFile? { owed.isEmpty ? opened : nil }

  /// Whether the file is not to be tried before a later time.
  var isResting: Bool { opened == nil && clock.now().monotonic < nextAttempt }

  /// The file, opened if it is time to try, once it has been told everything; nil where that fails.
  ///
  /// - Parameter nanoseconds: how long to wait for others.
  mutating func ready(waiting nanoseconds: Int64) -> CounterFile? {
    guard !isResting else { return nil }
    do throws(StoreFailure) {
      let file = if let opened { opened } else { try open(waiting: nanoseconds) }
      opened = file
      var told = 0
      defer { owed.removeFirst(told) }
      for outcome in owed {
        try file.change(on: clock, waiting: nanoseconds) { moment throws(SQLiteError) in try outcome(file, moment) }
        told += 1
      }
      pause = 0
      return file
    } catch {
      note(error)
      return nil
    }
  }

  private mutating func open(waiting nanoseconds: Int64) throws(StoreFailure) -> CounterFile {
    let file = try CounterFile(stateFile, waiting: nanoseconds, after: past)
    // In another file there is nothing to be told.
    if file.owners !== past?.owners { owed = [] }
    past = CounterFile.Past(identity: file.identity, owners: file.owners)
    return file
  }

  /// Remembers a failure. Where others were busy, the file is well; else it is closed, and tried again later.
  mutating func note(_ failure: StoreFailure) {
    self.failure = failure
    guard !failure.isBusy else { return }
    opened = nil
    pause = min(max(FileConnection.pauses.first, pause * 2), FileConnection.pauses.last)
    nextAttempt = clock.now().monotonic.addingCapped(pause)
  }

  /// Remembers what the file is to be told once it can be.
  mutating func owe(_ outcome: @escaping Outcome) {
    if owed.count < FileConnection.mostOwed { owed.append(outcome) }
  }
}
