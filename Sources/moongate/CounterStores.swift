import Counters
import Glibc
import NIOCore
import Policy
import PolicyFiles
import Workbench

/// The stores of a running proxy: each policy in force gets the one that it asks for. As long as policies ask for the
/// same, it is the same one.
struct CounterStores {
  /// What people are to hear of: on any thread.
  enum Event: Sendable {
    /// A store cannot be used, and why.
    case failure(String)
    /// What could not be counted in these counters, and why; it passes.
    case uncounted([String], String)
  }

  /// Where counts are kept that do not end with a session.
  private enum Home: Equatable {
    case file(StateFile, scope: String)
    case redis(String)
    case nowhere(String)
  }

  private let option: StateOption
  private let scope: String
  private let loop: any EventLoop
  private let told: @Sendable (Event) -> Void
  /// What ends with a session is counted here, and everything where the URL is `memory:`.
  private let memory = MemoryStore()
  private var last: (home: Home, store: any OpenableStore)?

  /// - Parameters:
  ///   - policy: the policy's file.
  ///   - loop: where a store that is reached over the network is dealt with.
  ///   - told: is called on any thread.
  init(_ option: StateOption, policy: String, on loop: any EventLoop, told: @escaping @Sendable (Event) -> Void) {
    self.option = option
    self.loop = loop
    self.told = told
    scope = CounterStores.scope(of: policy)
  }

  /// The store for a policy that comes into force. Opens nothing unless the policy may count in it.
  mutating func store(for policy: PreparedPolicy) -> any CounterStore {
    guard let home = CounterStores.home(of: option.url ?? policy.store.url, option, scope: scope) else { return memory }
    let lasting = store(in: home)
    if policy.mayCountBeyondSessions {
      lasting.open { [told] reason in
        if let reason { told(.failure(reason)) }
      }
    }
    guard policy.store.onFailure == .allow else { return RoutingStore(memory: memory, lasting: lasting) }
    let forgiving = ForgivingStore(lasting) { [told] counters, reason in told(.uncounted(counters, reason)) }
    return RoutingStore(memory: memory, lasting: forgiving)
  }

  /// The store that a URL names, to be looked into.
  static func inspectable(_ url: StoreURL, _ option: StateOption, on loop: any EventLoop) throws(UnseenStore)
    -> any InspectableStore
  {
    switch home(of: url, option, scope: "") {
    case .file(let file, _)?: return SQLiteStore(file)
    case .redis(let url)?:
      do throws(RedisAddressError) {
        return RedisStore(try RedisAddress(url), on: loop)
      } catch {
        throw UnseenStore(description: error.description)
      }
    case .nowhere(let reason)?: throw UnseenStore(description: reason)
    case nil:
      throw UnseenStore(
        description:
          "counts in memory end with their proxy, and cannot be seen from outside: name another store")
    }
  }

  /// Leaves the store in order, before the process ends.
  func close() -> EventLoopFuture<Void> {
    guard let last else { return loop.makeSucceededVoidFuture() }
    let promise = loop.makePromise(of: Void.self)
    last.store.close { promise.succeed(()) }
    return promise.futureResult
  }

  private static func home(of url: StoreURL, _ option: StateOption, scope: String) -> Home? {
    switch url {
    case .memory: return nil
    case .standardFile:
      guard let file = option.standardFile else {
        return .nowhere("no folder is known for the file of counts: set HOME, or give --state-dir")
      }
      return .file(file, scope: scope)
    case .file(let path):
      guard let file = StateOption.file(at: path) else {
        return .nowhere("\(path) is below a home that is not known: set HOME, or name the whole path")
      }
      return .file(file, scope: "")
    case .redis(let url): return .redis(url)
    }
  }

  private mutating func store(in home: Home) -> any OpenableStore {
    if let last, last.home == home { return last.store }
    let store: any OpenableStore =
      switch home {
      case .file(let file, let scope): SQLiteStore(file, scope: scope)
      case .redis(let url): CounterStores.redisStore(url, on: loop)
      case .nowhere(let reason): UnavailableStore(reason)
      }
    last = (home, store)
    return store
  }

  private static func redisStore(_ url: String, on loop: any EventLoop) -> any OpenableStore {
    do throws(RedisAddressError) {
      return RedisStore(try RedisAddress(url), on: loop)
    } catch {
      return UnavailableStore(error.description)
    }
  }

  /// Keeps the counts of unrelated policies apart in the standard file, though their rules be named alike: where the
  /// policy lies. Links in the last part are not followed, because those are what is swapped when policies are rolled
  /// out, and the counts are to go on.
  static func scope(of policy: String) -> String {
    let slash = policy.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { $0 == policy.startIndex ? "/" : String(policy[..<$0]) } ?? "."
    guard let resolved = realpath(folder, nil) else { return policy }
    defer { free(resolved) }
    return String(cString: resolved) + "/" + policy[(slash.map(policy.utf8.index(after:)) ?? policy.startIndex)...]
  }
}

/// Why nobody can look into a store.
struct UnseenStore: Error {
  /// For people.
  let description: String
}
