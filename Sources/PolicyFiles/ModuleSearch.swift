import Policy

/// Finds what a script requires, and what that requires in turn.
///
/// A name is a file in or below the script's folder, the same for the script and all its modules: `lib.hosts` is
/// `lib/hosts.lua` there. Only names in quotes count, so that everything is read when the policy is.
struct ModuleSearch {
  /// The most modules that one script may have.
  static let most = 64

  /// The modules in the order in which they are first named.
  private(set) var modules: [ScriptModule] = []
  /// What is wrong with them.
  private(set) var problems: [Diagnostic] = []
  private var script: ScriptSource
  private let root: String
  /// What each text requires as soon as it runs; the script's own name is empty.
  private var edges: [String: [(name: String, place: Place)]] = [:]

  init(script: ScriptSource, root: String) {
    self.script = script
    self.root = root
  }

  /// Reads the modules from the shelf's files.
  mutating func run(on shelf: inout ScriptShelf) {
    var known: Set<String> = []
    follow(script.text, of: "", in: script.name, firstLine: script.firstLine, known: &known, on: &shelf)
    var next = 0
    while next < modules.count {
      let module = modules[next]
      follow(module.text, of: module.name, in: module.file, firstLine: 1, known: &known, on: &shelf)
      next += 1
    }
    findCycle()
  }

  private mutating func follow(
    _ text: [UInt8], of requirer: String, in file: String, firstLine: Int, known: inout Set<String>,
    on shelf: inout ScriptShelf
  ) {
    for call in RequireCalls(text) {
      let place = Place(file: file, line: firstLine - 1 + call.position.line, column: call.position.column)
      if !call.isInFunction, ModuleSearch.isName(call.name) { edges[requirer, default: []].append((call.name, place)) }
      guard known.insert(call.name).inserted else { continue }
      guard known.count <= ModuleSearch.most else {
        return note(.unreadableScript, at: place, "a script has at most \(ModuleSearch.most) modules")
      }
      read(call.name, place, on: &shelf)
    }
  }

  private mutating func read(_ name: String, _ place: Place, on shelf: inout ScriptShelf) {
    guard ModuleSearch.isName(name) else {
      return note(.badModuleName, at: place, "\(quoted(name)) is no module's name")
    }
    let path = FilePaths.join(root, name.replacing(".", with: "/") + ".lua")
    switch shelf.read(path, within: root) {
    case .success(let file):
      do throws(ScriptShelf.Problem) {
        modules.append(ScriptModule(name: name, file: path, text: try shelf.text(of: file, at: path)))
      } catch {
        note(error.mistake, at: place, error.message)
      }
    case .failure(let failure):
      let mistake: Mistake =
        switch failure {
        case .missing: .missingModule
        case .outside: .moduleOutside
        default: .unreadableScript
        }
      note(
        mistake, at: place,
        "the module \(quoted(name)), \(quoted(path, limit: 4096)), cannot be used: \(failure.description)")
    }
  }

  /// Parts of ASCII letters, digits, `_` and `-`, with dots between them.
  private static func isName(_ name: String) -> Bool {
    name.utf8.count <= 200
      && name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty
          && part.allSatisfy { byte in
            (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
              || byte == UInt8(ascii: "-")
          }
      }
  }

  /// Notes the first cycle of modules that require each other as soon as they run.
  private mutating func findCycle() {
    var finished: Set<String> = []
    // Whatever nothing requires at once is run at the end.
    for name in [""] + modules.map(\.name) where !finished.contains(name) {
      if findCycle(from: name, &finished) { return }
    }
  }

  private mutating func findCycle(from first: String, _ finished: inout Set<String>) -> Bool {
    var path: [(name: String, next: Int)] = [(first, 0)]
    while let (name, next) = path.last {
      guard let edge = edges[name].flatMap({ next < $0.count ? $0[next] : nil }) else {
        finished.insert(name)
        path.removeLast()
        continue
      }
      path[path.count - 1].next += 1
      if let start = path.firstIndex(where: { $0.name == edge.name }) {
        let names = (path[start...].map(\.name) + [edge.name]).joined(separator: ", which requires ")
        note(.moduleCycle, at: edge.place, "\(names)")
        return true
      }
      if !finished.contains(edge.name) { path.append((edge.name, 0)) }
    }
    return false
  }

  private mutating func note(_ mistake: Mistake, at place: Place, _ message: String) {
    var source = script
    source.modules = modules
    problems.append(Diagnostic(mistake, in: source, at: place, message: message))
  }
}
