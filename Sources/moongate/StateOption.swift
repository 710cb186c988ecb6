import ArgumentParser
import Counters
import Glibc
import PolicyFiles

/// Where counts are kept, as far as the command line says so.
struct StateOption: ParsableArguments {
  @Option(
    name: .customLong("state"),
    help: ArgumentHelp(
      "Where counts are kept, whatever the policy says: memory:, sqlite:, sqlite:PATH or redis://HOST.",
      valueName: "url"),
    transform: { text throws in
      do throws(StoreURL.Problem) {
        return try StoreURL(text)
      } catch {
        throw ValidationError("the URL \(error.message): \(error.hint)")
      }
    })
  var url: StoreURL?

  @Option(
    name: .customLong("state-dir"),
    help: ArgumentHelp(
      "The folder of counters.db, in which counts are kept unless the policy names a store. By default it is "
        + "$XDG_STATE_HOME/moongate, or ~/.local/state/moongate.",
      valueName: "folder"), completion: .directory)
  var folder: String?

  func validate() throws {
    if folder?.isEmpty == true { throw ValidationError("--state-dir names no folder") }
  }

  /// The standard file; nil where nothing says in which folder it is.
  var standardFile: StateFile? {
    let folder = folder ?? StateOption.variable("XDG_STATE_HOME").map { $0 + "/moongate" }
    return (folder ?? StateOption.home.map { $0 + "/.local/state/moongate" }).map { StateFile("counters.db", in: $0) }
  }

  /// A file that a URL names; nil where it is to be below the user's home, and there is none.
  static func file(at path: String) -> StateFile? {
    guard path.hasPrefix("~/") else { return StateFile(path) }
    return home.map { StateFile($0 + path.dropFirst()) }
  }

  private static var home: String? { variable("HOME") }

  /// A path in the environment; one that does not begin at the root does not count.
  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let path = String(cString: value)
    return path.hasPrefix("/") ? path : nil
  }
}
