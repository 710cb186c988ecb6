import ArgumentParser
import Counters
import NIOCore
import Policy
import PolicyFiles
import Wire
import Workbench

/// Which store, and which of its counts: by the commands that look into one.
struct CounterSource: ParsableArguments {
  @Option(
    name: [.customShort("c"), .customLong("config")],
    help: ArgumentHelp("Only what this policy counts, in the store that it names.", valueName: "policy"))
  var policy: String?

  @OptionGroup var given: GivenOption

  @OptionGroup var state: StateOption

  @OptionGroup var sandbox: SandboxOption

  /// Opens the store, and waits for what `body` asks of it.
  func withCounters(_ body: (StoredCounters) throws -> Void) throws {
    try WaitingLoader.run(sandbox) { loader in
      var url = state.url ?? .standardFile
      var scope: String?
      var rules: RuleSet?
      if let policy {
        switch try loader.prepare(policy, given) {
        case .success(let prepared):
          url = state.url ?? prepared.store.url
          scope = url == .standardFile ? CounterStores.scope(of: policy) : ""
          rules = prepared.rules
        case .failure(let problems):
          for diagnostic in problems.diagnostics {
            StandardStream.error.write(diagnostic.rendered(colour: StandardStream.error.hasColour) + "\n")
          }
          throw ExitCode(2)
        }
      }
      let store: any InspectableStore
      do throws(UnseenStore) {
        store = try CounterStores.inspectable(url, state, on: loader.loop)
      } catch {
        StandardStream.error.write("moongate: \(error.description)\n")
        throw ExitCode(2)
      }
      try body(StoredCounters(store: store, loop: loader.loop, scope: scope, rules: rules))
    }
  }
}

/// The counts of a store, for a command that waits for them.
struct StoredCounters {
  let store: any InspectableStore
  let loop: any EventLoop
  /// Whose counts are wanted; nil for everybody's.
  let scope: String?
  /// The names of the policy's counters.
  private let names: Set<String>
  /// How much may be taken, by the counter's name, as far as it is known.
  let maxima: [String: Amount]

  init(store: any InspectableStore, loop: any EventLoop, scope: String?, rules: RuleSet?) {
    self.store = store
    self.loop = loop
    self.scope = scope
    names = rules?.counters ?? []
    maxima = rules?.counterMaxima ?? [:]
  }

  var place: String { store.place }

  func records(atMost most: Int) throws -> CountRecords {
    var found = try waiting { store.records(atMost: scope == nil ? most : .max, then: $0) }
    guard let scope else { return found }
    found.records.removeAll { $0.scope != scope || !isOfPolicy($0) }
    if found.records.count > most {
      found.records.removeSubrange(most...)
      found.hasMore = true
    }
    return found
  }

  /// A store that policies share has other policies' counters, too. What scripts count has no policy's name.
  private func isOfPolicy(_ record: CountRecord) -> Bool {
    names.contains(record.counter) || CounterName(record.counter)?.section == "scripts"
  }

  func reset(_ keys: [[UInt8]]) throws -> Int {
    try waiting { store.reset(keys, then: $0) }
  }

  private func waiting<Outcome: Sendable>(
    _ ask: (@escaping @Sendable (Result<Outcome, StoreFailure>) -> Void) -> Void
  ) throws -> Outcome {
    let promise = loop.makePromise(of: Outcome.self)
    ask { promise.completeWith($0.mapError { $0 as any Error }) }
    do {
      return try promise.futureResult.wait()
    } catch let failure as StoreFailure {
      StandardStream.error.write("moongate: \(failure)\n")
      throw ExitCode(2)
    }
  }
}
