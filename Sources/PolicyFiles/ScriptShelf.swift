import Policy
import Wire

/// The scripts of a policy, each file once.
struct ScriptShelf {
  /// The largest script, in bytes.
  static let limit = 1 << 20
  /// The most that all the script files of a policy have together, in bytes.
  static let totalLimit = 32 << 20

  private(set) var scripts: [ScriptSource] = []
  /// Every script file that was read or looked for.
  private(set) var files: [String] = []
  private var indices: [TextFile.Identity: Int] = [:]
  private var seen: Set<Name> = []
  /// Of each script's own text, whether it looks at the definition of a tool.
  private var areLooking: [Bool] = []
  private var total = 0

  /// What is wrong with a script.
  struct Problem: Error {
    var mistake: Mistake
    var message: String
    var hint: String?
  }

  /// The position of the script at `path`, read if it has not been.
  mutating func index(ofFile path: String, place: Place) throws(Problem) -> Int {
    let file: TextFile
    switch read(path) {
    case .success(let found): file = found
    case .failure(let failure):
      throw Problem(
        mistake: failure == .missing ? .missingScript : .unreadableScript,
        message: "the script \(quoted(path, limit: 4096)) cannot be used: \(failure.description)", hint: failure.hint)
    }
    if let index = indices[file.identity] { return index }
    append(ScriptSource(name: path, text: try text(of: file, at: path), firstLine: 1, place: place))
    indices[file.identity] = scripts.count - 1
    return scripts.count - 1
  }

  /// Reads a file, which is one to watch from now on.
  mutating func read(_ path: String, within folder: String? = nil) -> Result<TextFile, TextFile.Failure> {
    if seen.insert(Name(path)).inserted { files.append(path) }
    return TextFile.read(path, limit: ScriptShelf.limit, within: folder)
  }

  /// The Lua text in a file.
  mutating func text(of file: TextFile, at path: String) throws(Problem) -> [UInt8] {
    guard total + file.bytes.count <= ScriptShelf.totalLimit else {
      throw Problem(
        mistake: .unreadableScript,
        message: "with \(quoted(path, limit: 4096)) the scripts are larger than \(ScriptShelf.totalLimit >> 20) MiB",
        hint: "use fewer or smaller scripts")
    }
    total += file.bytes.count
    if file.bytes.first == 0x1B {
      throw Problem(
        mistake: .scriptIsBytecode, message: "the script \(quoted(path, limit: 4096)) is bytecode, which is never run",
        hint: "name its Lua source")
    }
    if let invalid = firstInvalidLine(of: file.bytes) {
      throw Problem(
        mistake: .scriptIsNoText, message: "the script \(quoted(path, limit: 4096)) is not UTF-8, on line \(invalid)",
        hint: "save it as UTF-8")
    }
    return file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(file.bytes[3...]) : file.bytes
  }

  /// The position of a script that stands in the policy itself.
  mutating func index(ofText text: String, name: String, firstLine: Int, place: Place) -> Int {
    append(ScriptSource(name: name, text: Array(text.utf8), firstLine: firstLine, place: place))
    return scripts.count - 1
  }

  private mutating func append(_ script: ScriptSource) {
    scripts.append(script)
    areLooking.append(ScriptShelf.looksAtDefinition(script.text))
  }

  /// Whether the script at that position looks at what the server says of the called tool; what its modules do is known
  /// once they are added.
  func looksAtDefinition(_ index: Int) -> Bool {
    areLooking[index] || scripts[index].modules.contains { ScriptShelf.looksAtDefinition($0.text) }
  }

  /// A script gets at it by one of these names. That they are meant otherwise, or stand in a comment, costs a question
  /// to the server and changes no verdict.
  private static func looksAtDefinition(_ text: [UInt8]) -> Bool {
    ["annotations", "schema"].contains { word in
      let word = Array(word.utf8)
      var rest = text[...]
      while let start = rest.firstIndex(of: word[0]) {
        rest = rest[start...]
        if rest.starts(with: word) { return true }
        rest = rest.dropFirst()
      }
      return false
    }
  }

  /// A name for the script at that position which no other script has, and which does not depend on the position: first
  /// its text, because a file that has several paths is called by the one that is named first.
  func identity(of index: Int) -> Name {
    var hash = SHA256()
    hash.update(scripts[index].text)
    return Name("\(hash.hexadecimal()) \(scripts[index].name)")
  }

  /// Reads the modules that the scripts require; each names them from its own folder, one in the policy from the policy's.
  ///
  /// - Returns: what is wrong with them.
  mutating func addModules(policy: String, folder: String) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    for index in scripts.indices {
      let root = scripts[index].name == policy ? folder : FilePaths.folder(of: scripts[index].name)
      var search = ModuleSearch(script: scripts[index], root: root)
      search.run(on: &self)
      scripts[index].modules = search.modules
      problems += search.problems
    }
    return problems
  }

  /// SHA-256 over the policy's text, those of the script files and all modules, and the values given, each behind its
  /// length.
  func digest(after policy: [UInt8], with given: [Name: ParameterValue]) -> String {
    var hash = SHA256()
    let modules = scripts.flatMap(\.modules).map(\.text)
    let values = given.sorted { $0.key < $1.key }.map { name, value in
      // No script begins so.
      JSON.array([.string(name.text), value.json, value.spelling.map { .string($0) } ?? .null]).encoded()
    }
    for text in [policy] + indices.values.sorted().map({ scripts[$0].text }) + modules + values {
      hash.update(withUnsafeBytes(of: UInt64(text.count).bigEndian) { Array($0) })
      hash.update(text)
    }
    return hash.hexadecimal()
  }

  private func firstInvalidLine(of bytes: [UInt8]) -> Int? {
    var decoder = UTF8()
    var input = bytes.makeIterator()
    var line = 1
    while true {
      switch decoder.decode(&input) {
      case .scalarValue(let scalar): if scalar == "\n" { line += 1 }
      case .emptyInput: return nil
      case .error: return line
      }
    }
  }
}
