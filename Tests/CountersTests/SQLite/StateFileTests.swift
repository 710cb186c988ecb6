import Glibc
import Policy
import Testing

@testable import Counters

@Suite("The file that counts are kept in")
struct StateFileTests {
  private static func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  private static func failure(_ file: StateFile) -> String? {
    SQLiteStore(file, clock: SetClock().clock()).openNow()
  }

  @Test("is made for its owner alone, and so is its folder")
  func modes() throws {
    let folder = try Folder()
    let deep = folder.path + "/made/deep"
    #expect(StateFileTests.failure(StateFile("counters.db", in: deep)) == nil)
    #expect(StateFileTests.mode(folder.path + "/made") == 0o700)
    #expect(StateFileTests.mode(deep) == 0o700)
    for name in ["", "-owners"] { #expect(StateFileTests.mode(deep + "/counters.db" + name) == 0o600) }
    for name in ["", "-wal", "-shm", "-owners"] { unlink(deep + "/counters.db" + name) }
  }

  @Test("is refused where it is a link, no file, or open to others")
  func refused() throws {
    let folder = try Folder()
    let path = folder.path + "/counters.db"
    #expect(symlink("/dev/null", path) == 0)
    #expect(StateFileTests.failure(folder.file)?.contains("symbolic link") == true)
    unlink(path)
    #expect(mkdir(path, 0o700) == 0)
    #expect(StateFileTests.failure(folder.file)?.contains("is no file") == true)
    rmdir(path)
    close(open(path, O_CREAT | O_RDWR, 0o600))
    chmod(path, 0o644)
    #expect(StateFileTests.failure(folder.file)?.contains("chmod 600") == true)
    chmod(path, 0o600)
    chmod(folder.path, 0o777)
    #expect(StateFileTests.failure(folder.file)?.contains("chmod go-w") == true)
    chmod(folder.path, 0o700)
    #expect(StateFileTests.failure(folder.file) == nil)
    #expect(StateFileTests.failure(StateFile(folder.path + "/none/counters.db"))?.contains("No such file") == true)
  }

  @Test("is refused where it is damaged or another program's, and used again once it is moved away")
  func damaged() throws {
    let folder = try Folder()
    let path = folder.path + "/counters.db"
    let descriptor = open(path, O_CREAT | O_RDWR, 0o600)
    let rubbish = [UInt8](repeating: 0x55, count: 8192)
    #expect(write(descriptor, rubbish, rubbish.count) == rubbish.count)
    close(descriptor)
    let clock = SetClock()
    let store = SQLiteStore(folder.file, clock: clock.clock())
    #expect(store.openNow()?.contains("damaged") == true)
    guard case .unavailable(let reason)? = store.reserveAtOnce(Claim([place()]), at: Moment(simulated: 0)) else {
      Issue.record("a damaged file counts")
      return
    }
    #expect(reason.contains("move it away"))
    unlink(path)
    clock.set(Moment(simulated: 1))
    #expect(store.openNow() == nil)
    #expect(store.reserveAtOnce(Claim([place()]), at: Moment(simulated: 1))?.id != nil)
  }

  @Test(
    "is refused where a newer version has written it, or another program",
    arguments: [
      ("PRAGMA user_version = 99", "a newer version of Moongate has written it"),
      ("PRAGMA application_id = 7", "it is another program's database"),
    ])
  func foreign(_ change: String, _ reason: String) throws {
    let folder = try Folder()
    let standing = try CounterFile(folder.file, waiting: 0)
    #expect(StateFileTests.failure(folder.file) == nil)
    try standing.database.execute(change)
    #expect(StateFileTests.failure(folder.file)?.contains(reason) == true)
    #expect(StateFileTests.failure(folder.file)?.contains(folder.path) == true)
  }

  @Test("a count that is unreadable refuses, whatever it was")
  func unreadable() throws {
    let folder = try Folder()
    let store = try FileStore(in: folder)
    #expect(store.answer([place()], at: 0)?.id != nil)
    try CounterFile(folder.file, waiting: 0).database.execute("UPDATE counts SET state = x'0101ff'")
    guard case .unavailable? = store.answer([place()], at: 1) else {
      Issue.record("an unreadable count counts")
      return
    }
  }

  @Test("a file that is removed while it is in use is noticed, and made anew")
  func removed() throws {
    let folder = try Folder()
    let store = try FileStore(in: folder)
    #expect(store.answer([place(max: 1)], at: 0)?.id != nil)
    for name in ["", "-wal", "-shm"] { unlink(folder.path + "/counters.db" + name) }
    guard case .unavailable? = store.answer([place(max: 1)], at: 2) else {
      Issue.record("it counts in a file that is gone")
      return
    }
    #expect(store.answer([place(max: 1)], at: 4)?.id != nil)
  }
}
