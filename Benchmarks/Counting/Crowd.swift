import Counters
import Dispatch
import Glibc
import Policy

/// What a million counts of one limit occupy, each kept for another account and taken from once.
struct Crowd {
  static let size = 1_000_000

  let memory: Int
  let file: Int

  /// - Parameter path: of the file, which is made.
  init(file path: String) throws {
    let limit = Reservation(
      key: CounterKey(counter: "crowd", partition: []), max: 30, window: 3_600_000_000_000, algorithm: .sliding)
    func take(from store: some CounterStore) throws {
      for index in 0..<Crowd.size {
        var reservation = limit
        // As long as that of an account by its address.
        reservation.key.partition = [1, 16, 0, 0, 0] + Array("account-\(10_000_000 + index)".utf8)
        let answer = store.answer(Claim([reservation]), at: Round.moment(Round.now()))
        guard case .granted(let id, _) = answer else { throw Unfit(description: "\(index) are there: \(answer)") }
        store.settle(id, at: Round.moment(Round.now()))
      }
    }
    let store = MemoryStore(maximumCounts: Crowd.size)
    let before = Crowd.resident()
    try take(from: store)
    memory = Crowd.resident() - before
    let shared = SQLiteStore(StateFile(path))
    let isOpen = DispatchSemaphore(value: 0)
    shared.open { _ in isOpen.signal() }
    isOpen.wait()
    try take(from: shared)
    var status = stat()
    file = stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// How much memory this process occupies now, in bytes.
  private static func resident() -> Int {
    guard let statistics = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(statistics) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, 128, statistics) != nil else { return 0 }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * Int(getpagesize())
  }
}
