import Policy
import Wire

extension HostFunctions {
  /// `counter`: counts that outlive a call, kept by the pool's side.
  static let counter: [HostFunction] = [
    HostFunction(
      "counter.get", "counter.get(name, options)",
      [
        "How much of a counter is used now: what scripts have reserved under this name in the window that ends now.",
        "A counter is one for each name, window and choice of whom it is kept for: say the same as to counter.reserve.",
        "@param name string of 1 to 1024 bytes",
        "@param options moongate.count", "@return integer used",
      ], examples: [#"counter.get("renders", { window = "minute" }) == 0"#]
    ) { arguments, outcome in
      do throws(Misuse) {
        let name = try name(arguments)
        let options = try Options(arguments, 1, ["window", "per"])
        let count = ScriptCount(name: name, window: try options.window(), per: try options.per(), purpose: .read)
        if case .used(let used) = try ask(count) { outcome.append(.integer(Int64(used))) }
      } catch {
        outcome.fail("counter.get: \(error.message)")
      }
    },
    HostFunction(
      "counter.reserve", "counter.reserve(name, amount, options)",
      [
        "Reserves an amount of a counter for this call, if that makes no more than max in any window: true, and how much",
        "is left; or false, and the seconds after which there is room (nil where the amount is over max). A call that is",
        "refused, for whatever reason, gives back what it has reserved; so does one that the server answers with an error.",
        "Two reservations in one call are both counted.", "@param name string of 1 to 1024 bytes",
        "@param amount integer from 1",
        "@param options moongate.limit", "@return boolean reserved", "@return integer? remaining or seconds",
      ],
      examples: [
        #"counter.reserve("renders", 2, { max = 5, window = "15m", per = "client" })"#,
        #"not counter.reserve("renders", 6, { max = 5, window = 60 })"#,
      ]
    ) { arguments, outcome in
      do throws(Misuse) {
        let name = try name(arguments)
        guard let amount = arguments.integer(1).map({ Int($0) }), ScriptCount.amounts.contains(amount) else {
          throw Misuse("amount is a whole number from 1 to \(ScriptCount.amounts.upperBound)")
        }
        let options = try Options(arguments, 2, ["max", "window", "per"])
        let most = try options.max()
        let (window, per) = (try options.window(), try options.per())
        guard amount <= most else {
          outcome.append(.bool(false))
          return outcome.append(.none)
        }
        let count = ScriptCount(name: name, window: window, per: per, purpose: .reserve(amount: amount, max: most))
        switch try ask(count) {
        case .granted(let remaining):
          outcome.append(.bool(true))
          outcome.append(.integer(Int64(remaining)))
        case .full(let seconds):
          outcome.append(.bool(false))
          outcome.append(.integer(Int64(seconds)))
        case .used, .unavailable: break
        }
      } catch {
        outcome.fail("counter.reserve: \(error.message)")
      }
    },
  ]

  /// What a script does wrong with a counter.
  private struct Misuse: Error {
    let message: String

    init(_ message: String) {
      self.message = message
    }
  }

  private static func name(_ arguments: HostArguments) throws(Misuse) -> String {
    guard let name = arguments.string(0), (1...ScriptCount.longestName).contains(name.utf8.count) else {
      throw Misuse("name is a string of 1 to \(ScriptCount.longestName) bytes of UTF-8")
    }
    return name
  }

  private static func ask(_ count: ScriptCount?) throws(Misuse) -> OpenQuestion.Count {
    if let objection = CounterLine.shared.objection { throw Misuse(objection) }
    guard let count else { throw Misuse("an argument is out of range") }
    let answer = CounterLine.shared.ask(count)
    if answer == .unavailable { throw Misuse("the counter cannot be reached") }
    return answer
  }

  /// The table that says how it is counted.
  private struct Options {
    private let table: JSONValue

    init(_ arguments: HostArguments, _ index: Int, _ names: [String]) throws(Misuse) {
      let list = names.joined(separator: ", ")
      guard let text = arguments.json(index), let tape = try? JSONTape(Array(text)), tape.root.kind == .object else {
        throw Misuse("options is a table of \(list)")
      }
      table = tape.root
      for member in table.members where !names.contains(where: { member.name.equals($0) }) {
        throw Misuse("there is no option \"\(member.name.string ?? "")\"; there is \(list)")
      }
    }

    func max() throws(Misuse) -> Int {
      guard let most = table["max"]?.number?.int64.map({ Int($0) }), ScriptCount.amounts.contains(most) else {
        throw Misuse("max is a whole number from 1 to \(ScriptCount.amounts.upperBound)")
      }
      return most
    }

    func window() throws(Misuse) -> Int64 {
      guard let value = table["window"] else { throw Misuse("window is missing: how long what is reserved counts") }
      let window: Int64? =
        if let text = value.string {
          Quantity.window(text)
        } else {
          value.number?.int64.flatMap { seconds in
            let (product, overflow) = seconds.multipliedReportingOverflow(by: Quantity.nanosecondsPerSecond)
            return overflow ? nil : product
          }
        }
      guard let window else { throw Misuse("window is a number of seconds, or like \"minute\" or \"15m\"") }
      guard ScriptCount.windows.contains(window) else { throw Misuse("window is one second to 366 days long") }
      return window
    }

    func per() throws(Misuse) -> ScriptCount.Partitions {
      guard let value = table["per"], !value.equals("all") else { return [] }
      var partitions: ScriptCount.Partitions = []
      let words = value.kind == .array ? Array(value.elements) : [value]
      for word in words {
        guard let partition = word.string.flatMap({ ScriptCount.Partitions($0) }) else {
          throw Misuse("per is \"all\", or one or some of session, client, principal, tool, server")
        }
        partitions.insert(partition)
      }
      return partitions
    }
  }
}
