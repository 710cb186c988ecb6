import Dispatch
import Glibc
import Policy
import Synchronization
import Testing

@testable import Counters

/// A folder of its own, which goes with it.
final class Folder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/moongate-counters-XXXXXX".utf8CString)
    path = try template.withUnsafeMutableBufferPointer { buffer in
      let made = mkdtemp(try #require(buffer.baseAddress))
      return String(cString: try #require(made))
    }
  }

  deinit {
    for name in ["", "-wal", "-shm", "-owners"] { unlink(path + "/counters.db" + name) }
    rmdir(path + "/made/deep")
    rmdir(path + "/made")
    rmdir(path)
  }

  var file: StateFile { StateFile(path + "/counters.db") }
}

/// A machine's clock that a test sets.
final class SetClock: Sendable {
  private let reading: Mutex<Moment>

  init(_ reading: Moment = Moment(simulated: 0)) {
    self.reading = Mutex(reading)
  }

  func set(_ moment: Moment) { reading.withLock { $0 = moment } }

  var now: Moment { reading.withLock { $0 } }

  func clock(boot: String = "boot") -> MachineClock { MachineClock(boot: boot) { self.reading.withLock { $0 } } }
}

/// A store in a file, on a clock that says what each question says. It is waited for where it tidies up.
final class FileStore: CounterStore {
  private let folder: Folder
  private let clock: SetClock
  let store: SQLiteStore

  init(in folder: Folder, clock: SetClock = SetClock(), boot: String = "boot") throws {
    self.folder = folder
    self.clock = clock
    store = SQLiteStore(folder.file, clock: clock.clock(boot: boot))
    try #require(store.openNow() == nil)
  }

  func reserve(_ claim: Claim, at moment: Moment, then: @escaping @Sendable (ReservationAnswer) -> Void) {
    if let answer = reserveAtOnce(claim, at: moment) { then(answer) }
  }

  func reserveAtOnce(_ claim: Claim, at moment: Moment) -> ReservationAnswer? {
    clock.set(moment)
    return store.reserveAtOnce(claim, at: moment)
      ?? FileStore.waited { then in store.reserve(claim, at: moment, then: then) }
  }

  func read(_ reservation: Reservation, at moment: Moment, then: @escaping @Sendable (CounterReading) -> Void) {
    if let reading = readAtOnce(reservation, at: moment) { then(reading) }
  }

  func readAtOnce(_ reservation: Reservation, at moment: Moment) -> CounterReading? {
    clock.set(moment)
    return store.readAtOnce(reservation, at: moment)
      ?? FileStore.waited { then in store.read(reservation, at: moment, then: then) }
  }

  private static func waited<Answer: Sendable>(_ ask: (@escaping @Sendable (Answer) -> Void) -> Void) -> Answer? {
    let answer = Mutex<Answer?>(nil)
    let isAnswered = DispatchSemaphore(value: 0)
    ask { given in
      answer.withLock { $0 = given }
      isAnswered.signal()
    }
    isAnswered.wait()
    return answer.withLock { $0 }
  }

  func forwarded(_ id: ReservationID, at moment: Moment) { store.forwarded(id, at: moment) }

  func end(_ id: ReservationID, as outcome: CallOutcome, at moment: Moment) {
    clock.set(moment)
    store.end(id, as: outcome, at: moment)
  }
}
