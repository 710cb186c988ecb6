import Policy
public import Wire

/// A server's own list of its tools, to hold a policy against: what `tools/list` gave, however it was come by.
public struct ListedTools: Sendable {
  /// Why a file is no such list.
  public struct Unreadable: Error, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong with it, as a phrase without a full stop.
    public let reason: String

    /// `file: what is wrong`.
    public var description: String { "\(path): \(reason)" }
  }

  /// The largest file, in bytes.
  static let limit = 64 << 20

  /// The names, in the order of the list.
  let names: [String]
  private let arguments: [Name: DescribedArguments?]

  /// The tools that a server defines; of several of one name, the first.
  public init(_ tools: some Sequence<(name: Name, definition: JSONValue)>) {
    var names: [String] = []
    var arguments: [Name: DescribedArguments?] = [:]
    for (name, definition) in tools where arguments[name] == nil {
      names.append(name.text)
      arguments.updateValue(DescribedArguments(of: definition), forKey: name)
    }
    self.names = names
    self.arguments = arguments
  }

  /// The tools in saved files: each holds the result of `tools/list`, the whole answer with it, or only the list. Of a
  /// list that goes on, every page is a file.
  public init(files: [String]) throws(Unreadable) {
    var tools: [(name: Name, definition: JSONValue)] = []
    var goingOn: String?
    var hasLast = false
    for path in files {
      let page = try ListedTools.read(path)
      tools += page.tools
      if page.goesOn { goingOn = goingOn ?? path } else { hasLast = true }
    }
    if let goingOn, !hasLast {
      throw Unreadable(
        path: goingOn, reason: "the list goes on after this page (\"nextCursor\"): give the other pages too")
    }
    self.init(tools)
  }

  private static func read(
    _ path: String
  ) throws(Unreadable) -> (tools: [(name: Name, definition: JSONValue)], goesOn: Bool) {
    func unreadable(_ reason: String) -> Unreadable { Unreadable(path: path, reason: reason) }
    let root: JSONValue
    switch TextFile.read(path, limit: limit) {
    case .failure(let failure): throw unreadable(failure.description)
    case .success(let file):
      do throws(JSONError) {
        root = try JSONTape(file.bytes, depth: 512).root
      } catch {
        throw unreadable("not JSON that every parser reads alike: \(error)")
      }
    }
    let result = root.kind == .object ? root["result"] ?? root : root
    let list = result.kind == .object ? result["tools"] : result
    guard let list, list.kind == .array else {
      throw unreadable("no list of tools: neither the answer to tools/list nor its \"tools\"")
    }
    var tools: [(name: Name, definition: JSONValue)] = []
    for (position, tool) in list.elements.enumerated() {
      guard tool.kind == .object, let name = tool["name"]?.name else {
        throw unreadable("tool \(position + 1) of the list has no name")
      }
      tools.append((name, tool))
    }
    let next = result.kind == .object ? result["nextCursor"] : nil
    return (tools, next.map { $0.kind != .null } ?? false)
  }

  /// The tools that a pattern matches.
  func matching(_ pattern: NamePattern) -> [String] {
    if let name = pattern.exactName { return arguments[name] == nil ? [] : [name.text] }
    return names.filter { pattern.matches(Name($0)) }
  }

  func has(_ name: Name) -> Bool { arguments[name] != nil }

  /// Where a path leads to nothing in any of these tools; nil where it does in one, or may.
  func missing(_ path: Path, of tools: [String]) -> DescribedArguments.Missing? {
    var first: DescribedArguments.Missing?
    var known: [String] = []
    for tool in tools {
      guard let described = arguments[Name(tool)] ?? nil, let missing = described.missing(path) else { return nil }
      first = first ?? missing
      if missing.path == first?.path { known += missing.known }
    }
    guard let first else { return nil }
    return DescribedArguments.Missing(path: first.path, name: first.name, known: known)
  }
}
