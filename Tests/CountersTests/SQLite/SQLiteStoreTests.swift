import Glibc
import Policy
import Randomness
import Testing

@testable import Counters

@Suite("The store in a file")
struct SQLiteStoreTests {
  @Test("remembers what was taken, in the next process too", arguments: [RateLimit.Algorithm.sliding, .fixed])
  func lasts(_ algorithm: RateLimit.Algorithm) throws {
    let folder = try Folder()
    let limit = place(max: 2, algorithm)
    do {
      let store = try FileStore(in: folder)
      #expect(store.answer([limit], at: 0)?.id != nil)
      #expect(store.answer([limit], at: 1)?.id != nil)
    }
    let store = try FileStore(in: folder)
    #expect(store.answer([limit], at: 2)?.refusal == [0, 2, 58 * second])
    #expect(store.answer([limit], at: 61)?.id != nil)
  }

  @Test("counts together with every other store on the file")
  func shared() throws {
    let folder = try Folder()
    let stores = try (0..<4).map { _ in try FileStore(in: folder) }
    let granted = try (0..<40).filter { try #require(stores[$0 % 4].answer([place(max: 10)], at: 1)).id != nil }
    #expect(granted.count == 10)
  }

  @Test("keeps policies apart that have nothing to do with each other")
  func scopes() throws {
    let folder = try Folder()
    let clock = SetClock().clock()
    for scope in ["a", "b"] {
      let store = SQLiteStore(folder.file, scope: scope, clock: clock)
      #expect(store.openNow() == nil)
      #expect(store.reserveAtOnce(Claim([place(max: 1)]), at: Moment(simulated: 0))?.id != nil)
      #expect(store.reserveAtOnce(Claim([place(max: 1)]), at: Moment(simulated: 0))?.id == nil)
    }
  }

  @Test("gives back what is released, once, and nothing of what is settled")
  func outcomes() throws {
    let store = try FileStore(in: Folder())
    let first = try #require(store.answer([place(max: 1)], at: 0)?.id)
    store.release(first, at: Moment(simulated: 1))
    store.release(first, at: Moment(simulated: 1))
    let next = try #require(store.answer([place(max: 1)], at: 1)?.id)
    store.settle(next, at: Moment(simulated: 2))
    store.release(next, at: Moment(simulated: 2))
    #expect(store.answer([place(max: 1)], at: 3)?.id == nil)
  }

  /// What a process does with a reservation before it dies, and whether its place is free afterwards.
  @Test(
    "what was held and not forwarded is given back when its process dies, and nothing else",
    arguments: [("held", true), ("forwarded", false), ("settled", false), ("spent", false)])
  func crash(_ deed: String, _ isFree: Bool) throws {
    let folder = try Folder()
    let survivor = try FileStore(in: folder)
    let moment = Moment(simulated: 0)
    let claim = Claim([place(max: 1)], isHeld: deed != "spent")
    do {
      let store = try FileStore(in: folder)
      let id = try #require(store.reserveAtOnce(claim, at: moment)?.id)
      if deed == "forwarded" { store.forwarded(id, at: moment) }
      if deed == "settled" { store.settle(id, at: moment) }
      // While it lives, nobody touches what it holds.
      #expect(survivor.answer([place(max: 1)], at: 5)?.id == nil)
    }
    _ = survivor.answer([place("another")], at: 10)
    #expect((survivor.answer([place(max: 1)], at: 11)?.id != nil) == isFree)
  }

  @Test("gives back once what two would give back: the one who held it, late, and the one who found it dead")
  func twice() throws {
    let folder = try Folder()
    let store = try FileStore(in: folder)
    let claim = Claim([place(max: 3)], isHeld: true)
    let ids = try (0..<3).map { _ in try #require(store.reserveAtOnce(claim, at: Moment(simulated: 0))?.id) }
    let file = try CounterFile(folder.file, waiting: 0)
    try file.database.execute("DELETE FROM held WHERE id = 1")
    for id in ids { store.release(id, at: Moment(simulated: 1)) }
    #expect(store.readAtOnce(place(), at: Moment(simulated: 1)) == .used(1))
  }

  @Test("no more pass than the limit, from however many threads and connections")
  func threads() async throws {
    let folder = try Folder()
    let clock = SetClock().clock()
    let granted = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let store = SQLiteStore(folder.file, clock: clock)
          var granted = 0
          for _ in 0..<200 {
            let claim = Claim([place(max: 300, .fixed)])
            let moment = Moment(simulated: 0)
            var answer = store.reserveAtOnce(claim, at: moment)
            if answer == nil {
              answer = await withCheckedContinuation { waiting in
                store.reserve(claim, at: moment) { waiting.resume(returning: $0) }
              }
            }
            if answer?.id != nil { granted += 1 }
          }
          return granted
        }
      }
      return await group.reduce(0, +)
    }
    #expect(granted == 300)
  }

  @Test("a limit of many keeps few times, and never lets more pass in any window")
  func coarse() throws {
    let folder = try Folder()
    let store = try FileStore(in: folder)
    var random = Random(seed: 3)
    var now: Int64 = 0
    var granted: [Int64] = []
    for _ in 0..<3000 {
      now += Int64.random(in: 0...second / 8, using: &random)
      if store.answer([place(max: 400)], at: Moment(wall: now, monotonic: now))?.id != nil { granted.append(now) }
    }
    for index in granted.indices.dropFirst(400) { #expect(granted[index] - granted[index - 400] >= 60 * second) }
    #expect(granted.count > 800)
    let file = try CounterFile(folder.file, waiting: 0)
    #expect(try file.database.number("SELECT length(state) FROM counts") < 2048)
  }

  @Test("drops counts that have run out, a few with each new one")
  func cleaning() throws {
    let folder = try Folder()
    let store = try FileStore(in: folder)
    for index in 0..<2000 {
      #expect(store.answer([place("c\(index)", seconds: 1)], at: Double(index))?.id != nil)
    }
    let file = try CounterFile(folder.file, waiting: 0)
    #expect(try file.database.number("SELECT count(*) FROM counts") < 150)
  }

  @Test("says nothing in the file of whom is counted, and writes the counter's name")
  func hashed() throws {
    let folder = try Folder()
    let store = try FileStore(in: folder)
    let secret = Array("somebody@example.com".utf8)
    #expect(store.answer([place("by user", partition: secret)], at: 0)?.id != nil)
    let file = try CounterFile(folder.file, waiting: 0)
    #expect(try file.database.number("SELECT length(key) FROM counts WHERE counter = 'by user'") == 32)
    #expect(try file.database.number("SELECT count(*) FROM counts WHERE instr(key || state, x'736f6d65626f6479')") == 0)
  }

  @Test("the log is moved into the file, so that it does not grow for ever")
  func checkpoint() throws {
    let folder = try Folder()
    let store = try FileStore(in: folder)
    func size(_ suffix: String) -> Int {
      var status = stat()
      return stat(folder.path + "/counters.db" + suffix, &status) == 0 ? Int(status.st_size) : -1
    }
    for index in 0..<200 { #expect(store.answer([place("c\(index)")], at: 0)?.id != nil) }
    let log = size("-wal")
    #expect(size("") == 4096 && log > 400 * 4096)
    CounterFile.tidyUp(folder.path + "/counters.db")
    #expect(size("") > 4096)
    for index in 0..<50 { #expect(store.answer([place("c\(index)")], at: 0)?.id != nil) }
    #expect(size("-wal") == log)
  }

  @Test(
    "a time in the file that is none refuses, and crashes nobody",
    arguments: ["steady", "wall", "elapsed", "distance", "doubted"])
  func damagedTime(_ column: String) throws {
    let folder = try Folder()
    let store = try FileStore(in: folder)
    #expect(store.answer([place()], at: 1)?.id != nil)
    let file = try CounterFile(folder.file, waiting: 0)
    for value in [Int64.min, .max, -(1 << 62), 1 << 62] {
      try file.database.execute("UPDATE clock SET \(column) = \(value)")
      guard case .unavailable(let reason)? = try FileStore(in: folder).answer([place()], at: 2) else {
        Issue.record("\(column) = \(value) is taken for a time")
        continue
      }
      #expect(reason.contains("the time in it is none"))
    }
  }
}
