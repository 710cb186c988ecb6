import Wire

/// Reads the spelling of a path: a root, then `.name`, `['odd.name']` and `[0]`, and where it may lead to several values
/// `[*]` and, last, `.**`.
struct PathReader {
  private let text: [Unicode.Scalar]
  private let wildcards: Bool
  private var position = 0

  private enum Segment {
    case name(String)
    case element(Int)
    case elements
    case descendants
  }

  static let roots = ["args", "client", "meta", "principal", "server", "session", "tool"]

  init(_ text: String, wildcards: Bool = false) {
    self.text = Array(text.unicodeScalars)
    self.wildcards = wildcards
  }

  func read(_ dialect: Dialect) throws(OperandError) -> (Path.Root, [Path.Step]) {
    guard !text.isEmpty else { throw OperandError("the path is empty", hint: "args.name") }
    var reader = self
    let segments = dialect == .intercept ? try dotted() : try reader.segments()
    return try resolve(segments)
  }

  func names(_ dialect: Dialect) throws(OperandError) -> [String] {
    var reader = self
    var names: [String] = []
    for segment in dialect == .intercept ? try dotted() : try reader.segments() {
      guard case .name(let name) = segment else { throw OperandError("only names stand in this path") }
      names.append(name)
    }
    return names
  }

  /// Every dot separates names, and brackets are characters like others.
  private func dotted() throws(OperandError) -> [Segment] {
    var segments: [Segment] = []
    for part in text.split(separator: ".", omittingEmptySubsequences: false) {
      guard !part.isEmpty else { throw OperandError("the path has nothing between two dots, or at an end") }
      segments.append(.name(string(part)))
    }
    return segments
  }

  private mutating func segments() throws(OperandError) -> [Segment] {
    var segments: [Segment] = [.name(try name())]
    while position < text.count {
      if text[position] == "." {
        position += 1
        let name = try name()
        segments.append(PathReader.isStars(name) ? try descendants(name) : .name(name))
      } else {
        segments.append(try bracket())
      }
    }
    return segments
  }

  private mutating func name() throws(OperandError) -> String {
    let start = position
    while position < text.count, text[position] != ".", text[position] != "[" {
      switch text[position] {
      case "]", "'", "\"", "{", "}", "$":
        throw OperandError(
          "\"\(text[position])\" cannot stand in a path here", hint: "put odd names in brackets: args['odd.name']")
      case let scalar where scalar.properties.isWhitespace || scalar.value < 0x20:
        throw OperandError("a path has no white space", hint: "put odd names in brackets: args['odd name']")
      default: position += 1
      }
    }
    guard position > start else {
      throw OperandError("the path has nothing before or after a dot or a bracket", hint: "args.name")
    }
    return string(text[start..<position])
  }

  private mutating func bracket() throws(OperandError) -> Segment {
    position += 1
    guard position < text.count else { throw OperandError("the path ends in an open bracket") }
    let segment: Segment
    if text[position] == "'" || text[position] == "\"" {
      segment = .name(try quoted())
    } else {
      let start = position
      while position < text.count, text[position] != "]" { position += 1 }
      let inner = string(text[start..<position])
      if inner == "*" {
        guard wildcards else { throw PathReader.oneValueNeeded("[*]") }
        segment = .elements
      } else if let index = Int(inner), index >= 0, String(index) == inner {
        segment = .element(index)
      } else {
        throw OperandError(
          "\"[\(Excerpt.cleaned(inner))]\" is neither a position nor a name",
          hint: PathReader.isStars(inner)
            ? "[*] for every element, .** for every value below"
            : "[0], or ['name'] in quotation marks")
      }
    }
    guard position < text.count, text[position] == "]" else { throw OperandError("a bracket is not closed") }
    position += 1
    guard position == text.count || text[position] == "." || text[position] == "[" else {
      throw OperandError("a dot is missing after a bracket")
    }
    return segment
  }

  /// A name in quotation marks, in which a backslash takes the next character literally.
  private mutating func quoted() throws(OperandError) -> String {
    let mark = text[position]
    position += 1
    var name = String.UnicodeScalarView()
    while position < text.count, text[position] != mark {
      if text[position] == "\\" { position += 1 }
      guard position < text.count else { break }
      name.append(text[position])
      position += 1
    }
    guard position < text.count else { throw OperandError("a quotation mark is not closed") }
    position += 1
    return String(name)
  }

  private static func isStars(_ name: String) -> Bool {
    name.utf8.allSatisfy { $0 == UInt8(ascii: "*") } && !name.isEmpty
  }

  /// `**`, after a dot and at the end.
  private func descendants(_ name: String) throws(OperandError) -> Segment {
    guard name == "**" else {
      throw OperandError(
        "\"\(Excerpt.cleaned(name))\" alone is no name",
        hint: "[*] for every element of a list, .** for every value below, ['*'] for the member of that name")
    }
    guard wildcards else { throw PathReader.oneValueNeeded("**") }
    guard position == text.count else {
      throw OperandError("\"**\" stands for every value below, and nothing can follow it", hint: "args.items.**")
    }
    return .descendants
  }

  private static func oneValueNeeded(_ wildcard: String) -> OperandError {
    OperandError(
      "one value is needed here, and \"\(wildcard)\" leads to several", hint: "name the value: args.items[0]")
  }

  private func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private func resolve(_ segments: [Segment]) throws(OperandError) -> (Path.Root, [Path.Step]) {
    guard case .name(let root) = segments[0] else { throw OperandError("the path begins with a bracket") }
    let rest = segments[1...]
    switch root {
    case "args": return (.arguments, steps(rest))
    case "meta": return (.meta, steps(rest))
    case "server": return (.server, steps(rest))
    case "client":
      try expect(rest, in: "client", oneOf: ["name", "version"])
      return (.client, steps(rest))
    case "principal":
      try expect(rest, in: "principal", oneOf: ["subject", "claims"], deeper: ["claims"])
      return (.principal, steps(rest))
    case "tool":
      let member = try need(rest, in: "tool", oneOf: ["name", "annotations"], deeper: ["annotations"])
      return member == "name" ? (.toolName, []) : (.toolAnnotations, steps(rest.dropFirst()))
    case "session":
      let member = try need(rest, in: "session", oneOf: ["id", "calls"], deeper: ["calls"])
      guard member == "calls" else { return (.session, []) }
      guard rest.count == 2, let last = rest.last, case .name(let tool) = last else {
        throw OperandError(
          "session.calls needs the name of one tool", hint: "session.calls.search, or session.calls['odd.name']")
      }
      return (.sessionCalls(Name(tool)), [])
    case "state":
      throw OperandError("a count is known only to conditions", hint: "an argument is args.name")
    case "result":
      throw OperandError("a call has no result to judge before it is made")
    default:
      let hint = Spelling.nearest(to: root, among: PathReader.roots).map { "did you mean \"\($0)\"?" }
      throw OperandError(
        "no path begins with \"\(Excerpt.cleaned(root))\"",
        hint: hint ?? "an argument is args.name; the roots are \(PathReader.roots.joined(separator: ", "))")
    }
  }

  private func steps(_ segments: ArraySlice<Segment>) -> [Path.Step] {
    segments.map { segment in
      switch segment {
      case .name(let name): .member(Array(name.utf8))
      case .element(let index): .element(index)
      case .elements: .elements
      case .descendants: .descendants
      }
    }
  }

  private func need(
    _ rest: ArraySlice<Segment>, in root: String, oneOf names: [String], deeper: [String]
  ) throws(OperandError) -> String {
    guard let first = rest.first, case .name(let name) = first else {
      throw OperandError("\(root) alone is no value", hint: names.map { "\(root).\($0)" }.joined(separator: " or "))
    }
    try expect(rest, in: root, oneOf: names, deeper: deeper)
    return name
  }

  private func expect(
    _ rest: ArraySlice<Segment>, in root: String, oneOf names: [String], deeper: [String] = []
  ) throws(OperandError) {
    guard let first = rest.first else { return }
    let all = names.map { "\(root).\($0)" }.joined(separator: " or ")
    guard case .name(let name) = first else { throw OperandError("\(root) is no list", hint: all) }
    guard let known = names.first(where: { $0.utf8.elementsEqual(name.utf8) }) else {
      let nearest = Spelling.nearest(to: name, among: names).map { "\(root).\($0)" }
      throw OperandError("\(root) has no \"\(Excerpt.cleaned(name))\"", hint: nearest ?? all)
    }
    guard rest.count == 1 || deeper.contains(known) else {
      throw OperandError("nothing lies below \(root).\(known)", hint: "\(root).\(known)")
    }
  }
}
