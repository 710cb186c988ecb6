import Policy
import Testing

@testable import Counters

/// Which store is held against a model, and from which seed.
struct StoreOfTests: CustomTestStringConvertible {
  enum Kind: String {
    case memory, file, redis
  }

  let kind: Kind
  let seed: UInt64

  var testDescription: String { "\(kind) \(seed)" }

  static func seeds(memory: UInt64, file: UInt64, redis: UInt64) -> [StoreOfTests] {
    [(Kind.memory, memory), (.file, file), (.redis, redis)].flatMap { kind, count in
      (0..<count).map { StoreOfTests(kind: kind, seed: $0) }
    }
  }

  func store() throws -> any CounterStore {
    switch kind {
    case .memory: MemoryStore(maximumCounts: 4)
    case .file: try FileStore(in: Folder())
    case .redis: try WaitingStore(RedisServer.shared())
    }
  }
}
