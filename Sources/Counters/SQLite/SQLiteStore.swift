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
public final class SQLiteStore: OpenableStore {
  /// How long others are waited for, in nanoseconds.
  private enum Wait {
    /// By those who can go on and be told later.
    static let atOnce: Int64 = 1_000_000
    /// Before a call is forwarded.
    static let forwarding: Int64 = 100_000_000
    /// On the store's own thread.
    static let queued: Int64 = 2_000_000_000
  }

  /// What is to be given back, and where it is held.
  private struct Held {
    let marks: [FileMark]
    /// The row that gives it back when this process has ended.
    var row: Int64?
    /// Whether that row is only for what ends with the call.
    var isSpent: Bool
    /// Which file it was taken in.
    let file: StateFile.Identity?

    func refunded(as outcome: CallOutcome) -> [FileMark] { marks.filter { $0.refund.applies(to: outcome) } }
  }

  private let scope: [UInt8]
  private let clock: MachineClock
  private let connection: Mutex<FileConnection>
  private let pending = Mutex(PendingReservations<Held>())
  private let queue = DispatchQueue(label: "moongate.counters")
  private let tidying = DispatchQueue(label: "moongate.counters.tidying")

  /// A store in that file, which is opened when it is first needed.
  ///
  /// - Parameters:
  ///   - scope: keeps apart counters of one name that have nothing to do with each other.
  ///   - clock: the clocks that windows are measured with.
  public init(_ file: StateFile, scope: String = "", clock: MachineClock = .system) {
    connection = Mutex(FileConnection(file, clock: clock))
    self.scope = Array(scope.utf8)
    self.clock = clock
  }

  /// Opens the file on the store's own thread.
  ///
  /// - Parameter then: is told there why that cannot be done, if it cannot.
  public func open(then: @escaping @Sendable (String?) -> Void) {
    queue.async { [self] in then(openNow()) }
  }

  /// Where the file is.
  public var place: String { connection.withLock { $0.path } }

  /// Looks into the file on the store's own thread; nil where there is none.
  func look<Outcome: Sendable>(
    _ body: @escaping @Sendable (CounterFile, MachineClock) throws(StoreFailure) -> Outcome,
    then: @escaping @Sendable (Result<Outcome?, StoreFailure>) -> Void
  ) {
    queue.async { [self] in
      let outcome = connection.withLock { connection -> Result<Outcome?, StoreFailure> in
        guard connection.isThere else { return .success(nil) }
        guard let file = connection.ready(waiting: Wait.queued) else { return .failure(connection.failure) }
        return Result { () throws(StoreFailure) in try body(file, clock) }
      }
      then(outcome)
    }
  }

  /// The same on this thread.
  func openNow() -> String? {
    connection.withLock { $0.ready(waiting: Wait.queued) == nil ? $0.failure.description : nil }
  }

  private func note(_ failure: StoreFailure, _ connection: inout FileConnection) -> String {
    connection.note(failure)
    return failure.description
  }

  /// Works on the connection once no other thread does.
  ///
  /// - Parameter body: is told how much of the time is left.
  /// - Returns: what came of it, perhaps nothing; nil also where there was no time.
  private func attempt<Outcome>(
    within nanoseconds: Int64, _ body: (inout sending FileConnection, Int64) -> Outcome?
  ) -> Outcome? {
    let patience = Patience(nanoseconds)
    var tries = 0
    repeat {
      let outcome: Outcome?? = connection.withLockIfAvailable { body(&$0, patience.rest) }
      if let outcome { return outcome }
      tries += 1
    } while patience.wait(after: tries - 1)
    return nil
  }

  // MARK: Claims

  /// Takes what the claim asks for, or nothing at all; `then` is called on the store's own thread.
  public func reserve(
    _ claim: Claim, at moment: Moment, then: @escaping @Sendable (ReservationAnswer) -> Void
  ) {
    // The answer has a way to go, and this process may end on it.
    var claim = claim
    claim.isHeld = true
    queue.async { [self, claim] in
      let answer = connection.withLock { connection -> ReservationAnswer in
        guard let file = connection.ready(waiting: Wait.queued) else {
          return .unavailable(connection.failure.description)
        }
        do throws(StoreFailure) {
          return try take(claim, in: file, waiting: Wait.queued)
        } catch {
          return .unavailable(note(error, &connection))
        }
      }
      then(answer)
    }
  }

  /// Takes what the claim asks for, or nothing at all; nil where other processes or threads are in the way for longer
  /// than a millisecond.
  public func reserveAtOnce(_ claim: Claim, at moment: Moment) -> ReservationAnswer? {
    attempt(within: Wait.atOnce) { connection, rest in
      guard let file = connection.file else {
        return connection.isResting ? .unavailable(connection.failure.description) : nil
      }
      do throws(StoreFailure) {
        return try take(claim, in: file, waiting: rest)
      } catch {
        return error.isBusy ? nil : .unavailable(note(error, &connection))
      }
    }
  }

  private func take(
    _ claim: Claim, in file: CounterFile, waiting: Int64
  ) throws(StoreFailure) -> ReservationAnswer {
    let (objection, isFull) = pending.withLock { ($0.objection(to: claim), $0.isFull) }
    if let objection { return objection }
    // What cannot be followed is spent from the start.
    let isHeld = claim.isHeld && !isFull
    var held: Held?
    let answer = try file.change(on: clock, waiting: waiting) {
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
        let atRisk = isHeld ? marks : marks.filter { $0.refund == .always }
        var row: Int64?
        if !atRisk.isEmpty {
          try file.addHeld.bind(.number(file.owners.owner), .bytes(FileMark.encode(atRisk)))
          try file.addHeld.run()
          row = file.database.lastKey
        }
        held = Held(marks: marks, row: row, isSpent: !isHeld, file: file.identity)
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
        guard let file = connection.ready(waiting: Wait.queued) else {
          return .unavailable(connection.failure.description)
        }
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
    attempt(within: Wait.atOnce) { connection, _ in
      guard let file = connection.file else { return nil }
      do throws(StoreFailure) {
        return try used(reservation, in: file)
      } catch {
        return error.isBusy ? nil : .unavailable(note(error, &connection))
      }
    }
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

  /// What was held is spent from now on: written before this returns, unless others keep the file for too long.
  public func forwarded(_ id: ReservationID, at moment: Moment) {
    let held = pending.withLock { pending in
      pending.change(id) { held -> Held? in
        guard !held.isSpent else { return nil }
        defer {
          held.isSpent = true
          if held.refunded(as: .carriedOut).isEmpty { held.row = nil }
        }
        return held
      }
    }
    guard let held = held ?? nil, let row = held.row else { return }
    let rest = held.refunded(as: .carriedOut)
    write(within: Wait.forwarding, of: held) { file, _ throws(SQLiteError) in try file.hold(rest, in: row) }
  }

  /// The call has ended so: gives back what is given back then.
  public func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment) {
    guard let held = pending.withLock({ $0.remove(id) }) else { return }
    let refunded = held.refunded(as: outcome)
    guard held.row != nil || !refunded.isEmpty else { return }
    write(within: Wait.atOnce, of: held) { file, moment throws(SQLiteError) in
      try file.end(holding: held.row, givingBack: refunded, at: moment)
    }
  }

  /// Writes an outcome: at once where nobody is in the way for too long, else as soon as nobody is and the file is well;
  /// and not at all in another file than what it is of.
  private func write(within nanoseconds: Int64, of held: Held, _ outcome: @escaping FileConnection.Outcome) {
    let outcome: FileConnection.Outcome = { file, moment throws(SQLiteError) in
      if held.file == file.identity { try outcome(file, moment) }
    }
    let isDone = attempt(within: nanoseconds) { connection, rest in
      connection.file.map { (try? write(outcome, in: $0, waiting: rest)) != nil }
    }
    if isDone ?? false { return }
    queue.async { [self] in
      connection.withLock { connection in
        guard let file = connection.ready(waiting: Wait.queued) else { return connection.owe(outcome) }
        do throws(StoreFailure) {
          try write(outcome, in: file, waiting: Wait.queued)
        } catch {
          connection.note(error)
          connection.owe(outcome)
        }
      }
    }
  }

  private func write(
    _ outcome: FileConnection.Outcome, in file: CounterFile, waiting: Int64
  ) throws(StoreFailure) {
    try file.change(on: clock, waiting: waiting) { moment throws(SQLiteError) in
      try outcome(file, moment)
    }
    tidyUp(file)
  }

  /// Now and then the log is moved into the database, on a thread that nobody waits for.
  private func tidyUp(_ file: CounterFile) {
    guard file.isCheckpointDue() else { return }
    let path = file.path
    tidying.async { CounterFile.tidyUp(path) }
  }
}
