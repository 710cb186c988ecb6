import ArgumentParser
import Counters
import Glibc
import Policy
import PolicyFiles
import Wire

/// `moongate counters`.
struct CountersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "counters",
    abstract: "Show what is counted, and begin counts anew.",
    discussion: """
      Looks into the store that the policy or --state names, while proxies use it: a file, or a Redis server. What ends \
      with a session is counted in its proxy's memory, and cannot be seen from outside.

        moongate counters -c policy.yaml
        moongate counters --watch
        moongate counters reset "thirty a minute"

      Exit status: 0 done, 1 nothing has the name to be reset, 2 the policy or the store cannot be read.
      """,
    subcommands: [CountersListCommand.self, CountersResetCommand.self], defaultSubcommand: CountersListCommand.self)
}

/// `moongate counters list`.
struct CountersListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Show what is counted (the default).")

  @OptionGroup var source: CounterSource

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Show it anew every second, until interrupted.")
  var watch = false

  @Option(help: ArgumentHelp("Show at most so many counts.", valueName: "count"))
  var limit = 1000

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit shows at least one count") }
  }

  func run() throws {
    try source.withCounters { counters in
      repeat {
        let found = try counters.records(atMost: limit)
        let text =
          json
          ? String(decoding: CountersTable.json(found, counters).encoded(), as: UTF8.self) + "\n"
          : CountersTable(found, counters).text
        let clearing = watch && StandardStream.output.hasColour ? "\u{1B}[H\u{1B}[2J" : ""
        // Whoever has connected to a server ignores the signal; a reader that has gone is to end this.
        signal(SIGPIPE, SIG_DFL)
        StandardStream.output.write(clearing + text)
        if watch { sleep(1) }
      } while watch
    }
  }
}

/// `moongate counters reset`.
struct CountersResetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Begin counts anew.",
    discussion: """
      NAME is that of a rule, of a tool's key, or of a script's counter; or a counter's whole name, as --json shows it.

        moongate counters reset "thirty a minute"
        moongate counters reset -c policy.yaml --whose 3f2a91bc "fifty a day each"
        moongate counters reset --all
      """)

  @OptionGroup var source: CounterSource

  @Flag(help: "Every count of the store; with -c, every count of that policy.")
  var all = false

  @Option(help: ArgumentHelp("Only this one's, as the list shows it under WHOSE.", valueName: "whose"))
  var whose: String?

  @Argument(help: ArgumentHelp("What to begin anew.", valueName: "name"))
  var names: [String] = []

  func validate() throws {
    if names.isEmpty != all {
      throw ValidationError(all ? "--all needs no name" : "Which counts? Name a rule, or write --all")
    }
  }

  func run() throws {
    try source.withCounters { counters in
      let records = try counters.records(atMost: .max).records
      var keys: [[UInt8]] = []
      for name in all ? [nil] : names.map({ Optional($0) }) {
        let found = records.filter { record in
          (name.map { record.isCalled($0) } ?? true) && (whose ?? record.holder) == record.holder
        }
        if found.isEmpty, let whose, name == nil || records.contains(where: { $0.isCalled(name ?? "") }) {
          StandardStream.error.write(
            "moongate: nothing\(name.map { " under \"\(Excerpt.cleaned($0))\"" } ?? "") is counted for "
              + "\"\(Excerpt.cleaned(whose))\" in \(counters.place)\n")
          throw ExitCode(1)
        }
        if let name, found.isEmpty {
          let near = Spelling.nearest(to: name, among: records.flatMap(\.calledNames))
          let hint =
            near.map { "; did you mean \"\(Excerpt.cleaned($0))\"?" } ?? ": `moongate counters` shows what is"
          StandardStream.error.write(
            "moongate: nothing is counted under \"\(Excerpt.cleaned(name))\" in \(counters.place)\(hint)\n")
          throw ExitCode(1)
        }
        keys += found.map(\.key)
      }
      let gone = try counters.reset(keys)
      StandardStream.output.write("\(gone) \(gone == 1 ? "count begins" : "counts begin") anew in \(counters.place)\n")
    }
  }
}

extension CountRecord {
  /// By what it can be named.
  fileprivate var calledNames: [String] {
    [counter] + (CounterName(counter)?.names.map(\.text) ?? [])
  }

  fileprivate func isCalled(_ name: String) -> Bool { calledNames.contains { Name($0) == Name(name) } }
}
