import Policy

extension SQLiteStore: InspectableStore {
  /// All counts in which something is taken, whosever they are; `then` is called on the store's own thread.
  public func records(
    atMost most: Int, then: @escaping @Sendable (Result<CountRecords, StoreFailure>) -> Void
  ) {
    look({ file, clock throws(StoreFailure) in try file.records(atMost: most, at: clock) }) { found in
      then(found.map { $0 ?? CountRecords(records: [], hasMore: false) })
    }
  }

  /// Forgets the counts with these keys; `then` is called on the store's own thread.
  public func reset(_ keys: [[UInt8]], then: @escaping @Sendable (Result<Int, StoreFailure>) -> Void) {
    look({ file, clock throws(StoreFailure) in try file.forget(keys, at: clock) }) { gone in then(gone.map { $0 ?? 0 })
    }
  }
}

extension CounterFile {
  fileprivate func records(atMost most: Int, at clock: MachineClock) throws(StoreFailure) -> CountRecords {
    do throws(SQLiteError) {
      let moment = try time(at: clock.now(), boot: clock.boot)
      let statement = try database.prepare("SELECT key, scope, counter, is_of_all, state FROM counts")
      var found = CountRecords(records: [], hasMore: false)
      while try statement.step() {
        guard let count = CountCoder.decode(statement.bytes(4)) else {
          throw SQLiteError(code: 11, text: "a count in it is unreadable")
        }
        let used = count.used(at: moment)
        guard used > 0 else { continue }
        guard found.records.count < most else {
          found.hasMore = true
          break
        }
        found.records.append(
          CountRecord(
            key: statement.bytes(0), counter: statement.text(2), scope: statement.text(1),
            isOfAll: statement.number(3) == 1, algorithm: count.algorithm, window: count.windowLength, used: used,
            freeIn: count.freeIn(at: moment)))
      }
      return found
    } catch {
      throw StoreFailure(error, of: path)
    }
  }

  fileprivate func forget(_ keys: [[UInt8]], at clock: MachineClock) throws(StoreFailure) -> Int {
    try change(on: clock, waiting: 2_000_000_000) { _ throws(SQLiteError) in
      let statement = try database.prepare("DELETE FROM counts WHERE key = ?")
      var gone = 0
      for key in keys {
        try statement.bind(.bytes(key))
        try statement.run()
        gone += Int(database.changes)
      }
      return gone
    }
  }
}
