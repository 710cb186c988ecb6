import Policy

/// An open file of counts: its tables, and the statements that work on them. For one thread at a time.
final class CounterFile {
  /// "Moon": what the file says it is.
  private static let application: Int64 = 0x4D6F_6F6E
  private static let version: Int64 = 1
  /// Pages of 4 KiB: a file holds some 5,000,000 counts in 1 GiB, and then no more.
  private static let mostPages = 262_144
  /// After how many changes the log is moved into the database.
  private static let writesPerCheckpoint = 500
  /// How long the log may become, in pages: 8 MiB.
  private static let longestLog: Int32 = 2048

  let path: String
  /// Whose name stands at what this process holds.
  let owners: OwnerLock
  /// Which file it is.
  let identity: StateFile.Identity?
  private var writes = 0
  let database: Database
  private let begin: Statement
  private let commit: Statement
  private let readClock: Statement
  private let writeClock: Statement
  let readCount: Statement
  let addCount: Statement
  let changeCount: Statement
  let changeCountAndExpiry: Statement
  private let dropExpired: Statement
  let addHeld: Statement
  let takeHeld: Statement
  private let changeHeld: Statement
  private let findOwners: Statement
  private let findHeld: Statement

  /// Which file was open before, and whose name stood in it.
  struct Past {
    let identity: StateFile.Identity?
    let owners: OwnerLock
  }

  /// Opens the file, and makes it where it is missing.
  ///
  /// - Parameters:
  ///   - nanoseconds: how long to wait for others that write.
  ///   - past: if it is the same file still, what is held in it is ours.
  init(_ file: StateFile, waiting nanoseconds: Int64, after past: Past? = nil) throws(StoreFailure) {
    path = try file.ready()
    identity = StateFile.identity(of: path)
    if let past, past.identity == identity, past.owners.isInPlace {
      owners = past.owners
    } else {
      owners = try OwnerLock(beside: path)
    }
    do throws(SQLiteError) {
      database = try Database(path)
      database.patience.nanoseconds = nanoseconds
      try CounterFile.prepareTables(of: database)
      begin = try database.prepare("BEGIN IMMEDIATE")
      commit = try database.prepare("COMMIT")
      readClock = try database.prepare("SELECT boot, steady, wall, elapsed, distance, doubted FROM clock")
      writeClock = try database.prepare("INSERT OR REPLACE INTO clock VALUES (0, ?, ?, ?, ?, ?, ?)")
      readCount = try database.prepare("SELECT state, expires FROM counts WHERE key = ?")
      addCount = try database.prepare("INSERT OR REPLACE INTO counts VALUES (?, ?, ?, ?, ?, ?)")
      changeCount = try database.prepare("UPDATE counts SET state = ? WHERE key = ?")
      changeCountAndExpiry = try database.prepare("UPDATE counts SET state = ?, expires = ? WHERE key = ?")
      dropExpired = try database.prepare(
        "DELETE FROM counts WHERE key IN (SELECT key FROM counts WHERE expires <= ? LIMIT ?)")
      addHeld = try database.prepare("INSERT INTO held (owner, marks) VALUES (?, ?)")
      takeHeld = try database.prepare("DELETE FROM held WHERE id = ? AND owner = ?")
      changeHeld = try database.prepare("UPDATE held SET marks = ? WHERE id = ? AND owner = ?")
      findOwners = try database.prepare("SELECT DISTINCT owner FROM held LIMIT 64")
      findHeld = try database.prepare("SELECT id, marks FROM held WHERE owner = ? LIMIT 64")
    } catch {
      throw StoreFailure(error, of: path)
    }
  }

  private static func prepareTables(of database: Database) throws(SQLiteError) {
    // What is written survives every death of the process. A power failure may take the last moments along, without
    // damage to the file: to wait for the disk with each call would cost milliseconds.
    try database.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; "
        + "PRAGMA journal_size_limit = 16777216; PRAGMA max_page_count = \(mostPages)")
    try database.execute("BEGIN IMMEDIATE")
    do throws(SQLiteError) {
      let application = try database.number("PRAGMA application_id")
      let tables = try database.number("SELECT count(*) FROM sqlite_schema")
      guard application == CounterFile.application || application == 0 && tables == 0 else {
        throw SQLiteError(code: 26, text: "it is another program's database")
      }
      guard try database.number("PRAGMA user_version") <= version else {
        throw SQLiteError(code: 1, text: "a newer version of Moongate has written it")
      }
      if tables == 0 {
        try database.execute(
          """
          PRAGMA application_id = \(CounterFile.application);
          PRAGMA user_version = \(version);
          CREATE TABLE clock (
            id INTEGER PRIMARY KEY, boot TEXT NOT NULL, steady INTEGER NOT NULL, wall INTEGER NOT NULL,
            elapsed INTEGER NOT NULL, distance INTEGER NOT NULL, doubted INTEGER);
          CREATE TABLE counts (
            key BLOB PRIMARY KEY, scope TEXT NOT NULL, counter TEXT NOT NULL, is_of_all INTEGER NOT NULL,
            state BLOB NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
          CREATE INDEX counts_by_expiry ON counts (expires);
          CREATE TABLE held (id INTEGER PRIMARY KEY AUTOINCREMENT, owner INTEGER NOT NULL, marks BLOB NOT NULL);
          """)
      }
      try database.execute("COMMIT")
    } catch {
      try? database.execute("ROLLBACK")
      throw error
    }
  }

  // MARK: Transactions

  /// Does all of `body` or nothing, alone of all processes.
  ///
  /// - Parameters:
  ///   - clock: is read once nobody else writes: else what others have noted meanwhile could be later.
  ///   - body: is told the file's time.
  func change<Outcome>(
    on clock: MachineClock, waiting nanoseconds: Int64,
    _ body: (Moment) throws(SQLiteError) -> Outcome
  ) throws(StoreFailure) -> Outcome {
    do throws(SQLiteError) {
      database.patience.nanoseconds = nanoseconds
      try begin.run()
      do throws(SQLiteError) {
        let moment = try tick(at: clock.now(), boot: clock.boot)
        let outcome = try body(moment)
        try commit.run()
        return outcome
      } catch {
        if database.isInTransaction { try? database.execute("ROLLBACK") }
        throw error
      }
    } catch {
      throw StoreFailure(error, of: path)
    }
  }

  /// The file's time, which is noted where it has changed much; then is also the time to clean up.
  private func tick(at reading: Moment, boot: String) throws(SQLiteError) -> Moment {
    let noted = try storedClock()
    var clock = noted ?? FileClock(reading, boot: boot)
    if noted != nil { clock.advance(to: reading, boot: boot) }
    guard noted.map({ clock.differs(from: $0) }) ?? true else { return clock.moment }
    guard StateFile.identity(of: path) == identity else {
      throw SQLiteError(code: 14, text: "it was moved or removed while it was in use")
    }
    try writeClock.bind(
      .text(clock.boot), .number(clock.steady), .number(clock.wall), .number(clock.elapsed), .number(clock.distance),
      clock.doubtedSince.map { .number($0) } ?? .null)
    try writeClock.run()
    try drop(expiredAt: clock.moment, atMost: 64)
    try giveBackOfTheDead(at: clock.moment)
    return clock.moment
  }

  private func storedClock() throws(SQLiteError) -> FileClock? {
    try readClock.bind()
    defer { readClock.reset() }
    guard try readClock.step() else { return nil }
    guard (Int32(1)...5).allSatisfy({ FileClock.times.contains(readClock.number($0)) }) else {
      throw SQLiteError(code: 11, text: "the time in it is none")
    }
    return FileClock(
      boot: readClock.text(0), steady: readClock.number(1), wall: readClock.number(2), elapsed: readClock.number(3),
      distance: readClock.number(4), doubtedSince: readClock.isNull(5) ? nil : readClock.number(5))
  }

  /// The file's time, without noting it.
  func time(at reading: Moment, boot: String) throws(SQLiteError) -> Moment {
    guard var clock = try storedClock() else { return FileClock(reading, boot: boot).moment }
    clock.advance(to: reading, boot: boot)
    return clock.moment
  }

  /// Drops a few counts that have run out.
  func drop(expiredAt moment: Moment, atMost most: Int64) throws(SQLiteError) {
    try dropExpired.bind(.number(moment.monotonic), .number(most))
    try dropExpired.run()
  }

  /// Gives back what processes held that are no more: it was not forwarded.
  private func giveBackOfTheDead(at moment: Moment) throws(SQLiteError) {
    try findOwners.bind()
    var dead: [Int64] = []
    while try findOwners.step() {
      let owner = findOwners.number(0)
      if !owners.lives(owner) { dead.append(owner) }
    }
    for owner in dead {
      try findHeld.bind(.number(owner))
      var held: [(id: Int64, marks: [UInt8])] = []
      while try findHeld.step() { held.append((findHeld.number(0), findHeld.bytes(1))) }
      for (id, marks) in held {
        try giveBack(FileMark.decode(marks), at: moment)
        try takeHeld.bind(.number(id), .number(owner))
        try takeHeld.run()
      }
    }
  }

  /// Gives back what was taken, where its count still runs.
  func giveBack(_ marks: [FileMark], at moment: Moment) throws(SQLiteError) {
    var rows = CountRows(self, scope: [])
    for mark in marks { try rows.giveBack(mark, at: moment) }
    try rows.write()
  }

  /// Holds less from now on.
  func hold(_ marks: [FileMark], in row: Int64) throws(SQLiteError) {
    guard !marks.isEmpty else {
      try takeHeld.bind(.number(row), .number(owners.owner))
      return try takeHeld.run()
    }
    try changeHeld.bind(.bytes(FileMark.encode(marks)), .number(row), .number(owners.owner))
    try changeHeld.run()
  }

  /// Holds nothing any more, and gives back what is given back; not twice.
  ///
  /// - Parameter row: where it is held; nil where it is not.
  func end(holding row: Int64?, givingBack marks: [FileMark], at moment: Moment) throws(SQLiteError) {
    if let row {
      try takeHeld.bind(.number(row), .number(owners.owner))
      try takeHeld.run()
      guard database.changes > 0 else { return }
    }
    try giveBack(marks, at: moment)
  }

  /// Moves the log of the file at `path` into the database, over a connection of its own: it takes milliseconds.
  static func tidyUp(_ path: String) {
    guard let database = try? Database(path) else { return }
    database.patience.nanoseconds = 100_000_000
    try? database.checkpoint(longest: longestLog)
  }

  /// Counts a change; true each time that the log is due to be moved into the database.
  func isCheckpointDue() -> Bool {
    writes += 1
    return writes % CounterFile.writesPerCheckpoint == 0
  }
}
