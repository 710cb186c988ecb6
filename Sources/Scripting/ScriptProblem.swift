public import Policy

/// Why a script does not load.
public struct ScriptProblem: Error, Sendable, Equatable, CustomStringConvertible {
  /// The script's position in the list that was to be loaded.
  public var script: Int
  /// Where the mistake is: in the script where the line is known, else where the policy names the script.
  public var place: Place
  /// What is wrong, on one line.
  public var message: String

  /// A problem.
  public init(script: Int, place: Place, message: String) {
    self.script = script
    self.place = place
    self.message = message
  }

  /// `file:line:column: message`.
  public var description: String { "\(place): \(message)" }
}

extension ScriptProblem {
  /// A problem as the worker tells it: `name:line: message` where Lua knows the line.
  init(script: Int, source: ScriptSource, told: String) {
    let files = [(source.chunkName, source.name)] + source.modules.map { ($0.chunkName, $0.file) }
    for (chunkName, file) in files where told.hasPrefix(chunkName + ":") {
      let rest = told.dropFirst(chunkName.count + 1)
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let line = Int(digits), rest.dropFirst(digits.count).hasPrefix(": ") else { continue }
      let message = String(rest.dropFirst(digits.count + 2))
      self.init(script: script, place: Place(file: file, line: line, column: 1), message: message)
      return
    }
    self.init(script: script, place: source.place, message: told)
  }
}

extension ScriptSource {
  /// The name by which tracebacks know the script: the file's own, short enough for Lua not to cut it.
  var chunkName: String {
    let file = name.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? name
    return String(file.prefix(48))
  }
}

extension ScriptModule {
  /// The name by which tracebacks know the module: its file as the script's folder has it.
  var chunkName: String {
    String((name.replacing(".", with: "/") + ".lua").suffix(48))
  }
}
