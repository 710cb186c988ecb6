import ArgumentParser
import Counters
import Dispatch
import Glibc
import NIOCore
import NIOPosix
import Policy
import Synchronization

/// Measures what it takes to reserve: in memory, in a file, and in a server of Redis on this machine, one at a time and
/// many at once. `make bench` runs it after deciding.
@main
struct Counting: ParsableCommand {
  @Option(help: "How many rounds.") var rounds = 5
  @Option(help: "How many reservations a round.") var calls = 20_000
  @Option(help: "How many are on their way at once, where they are pipelined.") var flight = 64
  @Flag(help: "Print the figures as JSON.") var json = false
  @Flag(help: "Fail if a promise is not kept.") var check = false

  func validate() throws {
    guard (1...99).contains(rounds) else { throw ValidationError("--rounds is no number from 1 to 99") }
    guard (100...1_000_000).contains(calls) else { throw ValidationError("--calls is no number from 100 to 1000000") }
    guard (1...4096).contains(flight) else { throw ValidationError("--flight is no number from 1 to 4096") }
  }

  func run() throws {
    let folder = try ScratchFolder()
    let server = try RedisChild(in: folder.path)
    defer { server.end() }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let redis = RedisStore(try RedisAddress("redis://127.0.0.1:\(server.port)"), on: group.next())
    let file = SQLiteStore(StateFile(folder.path + "/counters.db"))
    try redis.ready(on: group.next())
    var figures: [Figure] = []
    for kind in Kind.allCases {
      let limit = kind.limit
      figures.append(try local("memory", kind, MemoryStore(), limit))
      figures.append(try local("file", kind, file, limit))
      for flight in [1, flight] {
        var figure = Figure(store: "redis", kind: kind, flight: flight)
        for _ in 0..<rounds {
          let load = RedisLoad(redis, on: group.next(), limit, calls: calls, flight: flight)
          figure.add(try load.run(on: group.next()))
        }
        figures.append(figure)
      }
    }
    let crowd = try Crowd(file: folder.path + "/crowd.db")
    let report = Report(figures: figures, crowd: crowd, rounds: rounds, calls: calls)
    print(json ? report.json : report.table)
    let (isKept, lines) = report.promises()
    if !json { for line in lines { print(line) } }
    if check, !isKept { throw ExitCode(1) }
  }

  /// What is measured: limits that are never reached.
  enum Kind: String, CaseIterable {
    case sliding, fixed, bucket, concurrency

    var limit: Reservation {
      let algorithm: RateLimit.Algorithm =
        switch self {
        case .sliding: .sliding
        case .fixed: .fixed
        case .bucket: .bucket(burst: 1_000_000_000)
        case .concurrency: .concurrency
        }
      // A sliding window is measured where it is full of times, of which each call drops some.
      return Reservation(
        key: CounterKey(counter: rawValue, partition: []), max: 1_000_000_000,
        window: self == .sliding ? 1_000_000_000 : 3_600_000_000_000, algorithm: algorithm)
    }
  }

  /// A store that answers at once, on this thread.
  private func local(_ name: String, _ kind: Kind, _ store: some CounterStore, _ limit: Reservation) throws -> Figure {
    var figure = Figure(store: name, kind: kind, flight: 1)
    let claim = Claim([limit])
    for _ in 0..<rounds {
      var round = Round()
      let begun = Round.now()
      for _ in 0..<calls {
        let start = Round.now()
        let answer = store.answer(claim, at: Round.moment(start))
        guard case .granted(let id, _) = answer else { throw Unfit(description: "\(name): \(answer)") }
        round.times.append(Round.now() - start)
        store.settle(id, at: Round.moment(start))
      }
      round.seconds = Double(Round.now() - begun) / 1e9
      figure.add(round)
    }
    return figure
  }
}

extension CounterStore {
  /// The answer, at once or later.
  func answer(_ claim: Claim, at moment: Moment) -> ReservationAnswer {
    if let answer = reserveAtOnce(claim, at: moment) { return answer }
    let answer = Mutex<ReservationAnswer?>(nil)
    let isAnswered = DispatchSemaphore(value: 0)
    reserve(claim, at: moment) { given in
      answer.withLock { $0 = given }
      isAnswered.signal()
    }
    isAnswered.wait()
    return answer.withLock { $0 } ?? .unavailable("no answer")
  }
}

/// Why nothing could be measured.
struct Unfit: Error, CustomStringConvertible {
  let description: String
}

extension RedisStore {
  /// Waits until it is connected.
  fileprivate func ready(on loop: any EventLoop) throws {
    let promise = loop.makePromise(of: Void.self)
    open { reason in
      if let reason { promise.fail(Unfit(description: reason)) } else { promise.succeed(()) }
    }
    try promise.futureResult.wait()
  }
}
