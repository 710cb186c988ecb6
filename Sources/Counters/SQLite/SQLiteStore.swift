import Dispatch
public import Policy
import Synchronization

/// Counts in a file, which outlive the process and are shared by all processes that name it. None of them lets more pass
/// than one would: each claim is a transaction that nobody else writes in.
///
/// What is claimed is spent as soon as it is written, and given back by whoever claimed it; so a process that dies in
/// between leaves it spent. What is claimed as held (``Policy/Claim/isHeld``) is not spent before the store hears that
/// the call is forwarded: if the process dies before, the others give it back. Wall clocks are told apart from time that
/// passes: see ``FileClock``.
///
/// Answers at once where nobody is in the way. Else it is asked on a thread of its own, and waits there for others, but
/// not for long. A file that cannot be used makes it answer ``Policy/ReservationAnswer/unavailable(_:)``, and is tried
/// again, at growing intervals.
public final class SQLiteStore: CounterStore {
  /// How long it waits for other processes, in milliseconds.
  private static let longestWait: Int32 = 2000
  /// How long it waits before the file is tried again, in nanoseconds: twice as long each time.
  private static let pauses = (first: Int64(100_000_000), last: Int64(5_000_000_000))

  private struct Connection {
    var file: CounterFile?
    var pause: Int64 = 0
    var nextAttempt = Int64.min
    var failure = StoreFailure("the file of counts has not been opened")
  }

  /// What is to be given back, and where it is held.
  private struct Held {
    let marks: [FileMark]
    /// The row that gives it back when this process has ended.
    var row: Int64?
    /// Whether that row is only for what ends with the call.
    var isSpent: Bool

    func refunded(as outcome: CallOutcome) -> [FileMark] { marks.filter { $0.refund.applies(to: outcome) } }
  }

  private let file: StateFile
  private let scope: [UInt8]
  private let clock: MachineClock
  private let wait: Int32
  private let connection = Mutex(Connection())
  private let pending = Mutex(PendingReservations<Held>())
  private let queue = DispatchQueue(label: "moongate.counters")

  /// A store in that file, which is opened when it is first needed.
  ///
  /// - Parameters:
  ///   - scope: keeps apart counters of one name that have nothing to do with each other.
  ///   - clock: the clocks that windows are measured with.
  public init(_ file: StateFile, scope: String = "", clock: MachineClock = .system) {
    self.file = file
    self.scope = Array(scope.utf8)
    self.clock = clock
    wait = SQLiteStore.longestWait
  }

  /// Opens the file on the store's own thread.
  ///
  /// - Parameter then: is told there why that cannot be done, if it cannot.
  public func open(then: @escaping @Sendable (String?) -> Void) {
    queue.async { [self] in then(openNow()) }
  }

  /// The same on this thread.
  func openNow() -> String? {
    connection.withLock { opened(&$0) == nil ? $0.failure.description : nil }
  }

  // MARK: Claims

  /// Takes what the claim asks for, or nothing at all; `then` is called on the store's own thread.
  public func reserve(
    _ claim: Claim, at moment: Moment, then: @escaping @Sendable (ReservationAnswer) -> Void
  ) {
    queue.async { [self] in
      let answer = connection.withLock { connection -> ReservationAnswer in
        guard let file = opened(&connection) else { return .unavailable(connection.failure.description) }
        do throws(StoreFailure) {
          return try take(claim, in: file, waiting: wait)
        } catch {
          return .unavailable(note(error, &connection))
        }
      }
      then(answer)
    }
  }

  /// Takes what the claim asks for, or nothing at all; nil where another process or thread is in the way.
  public func reserveAtOnce(_ claim: Claim, at moment: Moment) -> ReservationAnswer? {
    let answer = connection.withLockIfAvailable { connection -> ReservationAnswer? in
      guard let file = connection.file else {
        return clock.now().monotonic < connection.nextAttempt
          ? .unavailable(connection.failure.description) : nil
      }
      do throws(StoreFailure) {
        return try take(claim, in: file, waiting: 0)
      } catch {
        return error.isBusy ? nil : .unavailable(note(error, &connection))
      }
    }
    return answer ?? nil
  }

  private func take(
    _ claim: Claim, in file: CounterFile, waiting: Int32
  ) throws(StoreFailure) -> ReservationAnswer {
    if let objection = pending.withLock({ $0.objection(to: claim) }) { return objection }
    var held: Held?
    let answer = try file.change(at: clock.now(), boot: clock.boot, waiting: waiting) {
      moment throws(SQLiteError) -> ReservationAnswer in
      var rows = CountRows(file, scope: scope)
      let taking = rows.take(claim, at: moment)
      if let failure = rows.failure { throw failure }
      switch taking {
      case .refused(let answer): return answer
      case .taken(let taken, let counts):
        try rows.write()
        if rows.hasNew { try file.drop(expiredAt: moment, atMost: 2) }
        let marks = rows.marks(taken)
        let atRisk = claim.isHeld ? marks : marks.filter { $0.refund == .always }
        var row: Int64?
        if !atRisk.isEmpty {
          try file.addHeld.bind(.number(file.owners.owner), .bytes(FileMark.encode(atRisk)))
          try file.addHeld.run()
          row = file.database.lastKey
        }
        held = Held(marks: marks, row: row, isSpent: !claim.isHeld)
        return .granted(ReservationID(number: 0), counts: counts)
      }
    }
    tidyUp(file)
    guard let held, case .granted(_, let counts) = answer else { return answer }
    return .granted(pending.withLock { $0.insert(held) }, counts: counts)
  }

  // MARK: Reading

  /// Says how much is taken in a count; `then` is called on the store's own thread.
  public func read(
    _ reservation: Reservation, at moment: Moment, then: @escaping @Sendable (CounterReading) -> Void
  ) {
    queue.async { [self] in
      let reading = connection.withLock { connection -> CounterReading in
        guard let file = opened(&connection) else { return .unavailable(connection.failure.description) }
        do throws(StoreFailure) {
          return try used(reservation, in: file)
        } catch {
          return .unavailable(note(error, &connection))
        }
      }
      then(reading)
    }
  }

  /// Says how much is taken in a count; nil where the file is not open, or in use by another thread.
  public func readAtOnce(_ reservation: Reservation, at moment: Moment) -> CounterReading? {
    let reading = connection.withLockIfAvailable { connection -> CounterReading? in
      guard let file = connection.file else { return nil }
      do throws(StoreFailure) {
        return try used(reservation, in: file)
      } catch {
        return error.isBusy ? nil : .unavailable(note(error, &connection))
      }
    }
    return reading ?? nil
  }

  private func used(_ reservation: Reservation, in file: CounterFile) throws(StoreFailure) -> CounterReading {
    do throws(SQLiteError) {
      let moment = try file.time(at: clock.now(), boot: clock.boot)
      var rows = CountRows(file, scope: scope)
      let used = rows.used(reservation, at: moment)
      if let failure = rows.failure { throw failure }
      return .used(used)
    } catch {
      throw StoreFailure(error, of: file.path)
    }
  }

  // MARK: Outcomes

  /// What was held is spent from now on.
  public func forwarded(_ id: ReservationID, at moment: Moment) {
    let spent = pending.withLock { pending in
      pending.change(id) { held -> (row: Int64, kept: [FileMark])? in
        guard !held.isSpent, let row = held.row else { return nil }
        let kept = held.refunded(as: .carriedOut)
        held.isSpent = true
        // A row that is gone can give nothing back.
        if kept.isEmpty { held.row = nil }
        return (row, kept)
      }
    }
    guard let (row, kept) = spent ?? nil else { return }
    write { file, _ throws(SQLiteError) in try file.hold(kept, in: row) }
  }

  /// The call has ended so: gives back what is given back then.
  public func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment) {
    guard let held = pending.withLock({ $0.remove(id) }) else { return }
    let refunded = held.refunded(as: outcome)
    guard held.row != nil || !refunded.isEmpty else { return }
    write { file, moment throws(SQLiteError) in try file.end(holding: held.row, givingBack: refunded, at: moment) }
  }

  /// Writes an outcome: at once where nobody is in the way, else as soon as nobody is.
  private func write(_ outcome: @escaping @Sendable (CounterFile, Moment) throws(SQLiteError) -> Void) {
    let isDone = connection.withLockIfAvailable { connection -> Bool in
      guard let file = connection.file else { return false }
      return (try? write(outcome, in: file, waiting: 0)) != nil
    }
    if isDone ?? false { return }
    queue.async { [self] in
      connection.withLock { connection in
        guard let file = opened(&connection) else { return }
        do throws(StoreFailure) {
          try write(outcome, in: file, waiting: wait)
        } catch {
          // It stays spent, which refuses too much and never too little.
          _ = note(error, &connection)
        }
      }
    }
  }

  private func write(
    _ outcome: (CounterFile, Moment) throws(SQLiteError) -> Void, in file: CounterFile, waiting: Int32
  ) throws(StoreFailure) {
    try file.change(at: clock.now(), boot: clock.boot, waiting: waiting) { moment throws(SQLiteError) in
      try outcome(file, moment)
    }
    tidyUp(file)
  }

  // MARK: The file

  /// The open file, opened if it is time to try.
  private func opened(_ connection: inout Connection) -> CounterFile? {
    if let file = connection.file { return file }
    guard clock.now().monotonic >= connection.nextAttempt else { return nil }
    do throws(StoreFailure) {
      let opened = try CounterFile(file, waiting: wait)
      connection.file = opened
      connection.pause = 0
      return opened
    } catch {
      _ = note(error, &connection)
      return nil
    }
  }

  /// Remembers a failure. Where others were busy, the file is well; else it is closed, and tried again later.
  private func note(_ failure: StoreFailure, _ connection: inout Connection) -> String {
    guard !failure.isBusy else { return failure.description }
    connection.file = nil
    connection.failure = failure
    connection.pause = min(max(SQLiteStore.pauses.first, connection.pause * 2), SQLiteStore.pauses.last)
    connection.nextAttempt = clock.now().monotonic.addingCapped(connection.pause)
    return failure.description
  }

  /// Now and then the log is moved into the database, over a connection of its own: it takes milliseconds.
  private func tidyUp(_ file: CounterFile) {
    guard file.isCheckpointDue() else { return }
    let path = file.path
    queue.async { try? Database(path).checkpoint() }
  }
}
