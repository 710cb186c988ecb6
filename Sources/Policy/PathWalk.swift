import Wire

/// Goes to every value to which a path with wildcards leads in one call: in time linear in the call, and as deep as a
/// message may nest.
struct PathWalk {
  /// What a path comes upon.
  enum Found {
    case value(JSONValue)
    /// The path leads nowhere.
    case absent
    /// A step leads below this value, which is of another kind than it needs. Null is as good as absent, but to wildcards.
    case barred(JSONValue, by: Path.Step)
  }

  /// What is told of each; it says whether to go on. With it the steps that lead there, where they are kept.
  typealias Visit = (Found, [Path.Step]) -> Bool

  private let path: Path
  private let keepsTrail: Bool
  private let visit: Visit
  private var trail: [Path.Step] = []

  private init(_ path: Path, keepsTrail: Bool, _ visit: @escaping Visit) {
    self.path = path
    self.keepsTrail = keepsTrail
    self.visit = visit
  }

  /// Visits what the path leads to, in the order of the call.
  static func run(_ path: Path, in call: Call, keepsTrail: Bool, _ visit: Visit) {
    withoutActuallyEscaping(visit) { visit in
      var walk = PathWalk(path, keepsTrail: keepsTrail, visit)
      guard let start = path.start(in: call) else {
        // A call without arguments has none below them.
        if path.root == .arguments, path.steps == [.descendants] { return }
        _ = visit(.absent, path.steps)
        return
      }
      _ = walk.go(path.steps[...], from: start)
    }
  }

  private mutating func go(_ steps: ArraySlice<Path.Step>, from value: JSONValue) -> Bool {
    guard let step = steps.first else { return visit(.value(value), trail) }
    switch step {
    case .member, .element:
      guard let next = Path.follow(steps.prefix(1), from: value) else {
        if Path.bars(step, value) { return visit(.barred(value, by: step), trail) }
        return visit(.absent, keepsTrail ? trail + steps : [])
      }
      return go(steps.dropFirst(), to: step, next)
    case .elements:
      guard value.kind == .array else { return visit(.barred(value, by: step), trail) }
      for (position, element) in value.elements.enumerated() {
        guard go(steps.dropFirst(), to: .element(position), element) else { return false }
      }
      return true
    case .descendants:
      guard value.kind == .array || value.kind == .object else { return visit(.barred(value, by: step), trail) }
      return descend(into: value)
    }
  }

  private mutating func go(_ steps: ArraySlice<Path.Step>, to step: Path.Step, _ value: JSONValue) -> Bool {
    if keepsTrail { trail.append(step) }
    guard go(steps, from: value) else { return false }
    if keepsTrail { trail.removeLast() }
    return true
  }

  private mutating func descend(into value: JSONValue) -> Bool {
    for (position, element) in value.elements.enumerated() {
      if keepsTrail { trail.append(.element(position)) }
      guard visit(.value(element), trail), descend(into: element) else { return false }
      if keepsTrail { trail.removeLast() }
    }
    for (name, member) in value.members {
      if keepsTrail { trail.append(.member(name.withText { Array($0) })) }
      guard visit(.value(member), trail), descend(into: member) else { return false }
      if keepsTrail { trail.removeLast() }
    }
    return true
  }
}

extension Path {
  /// What begins where this path does, spelt for a sentence. Names of the call's own are cleaned and cut.
  func spelling(of steps: [Step]) -> String {
    var text = root.spelling
    for step in steps {
      switch step {
      case .member(let name): text += Path.spelling(of: name)
      case .element(let position): text += "[\(position)]"
      case .elements: text += "[*]"
      case .descendants: text += ".**"
      }
      // What comes after it would be cut.
      if text.unicodeScalars.count > Excerpt.length { break }
    }
    return Excerpt.cleaned(text)
  }

  private static func spelling(of name: [UInt8]) -> String {
    let isPlain =
      !name.isEmpty
      && name.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), 0x80...:
          true
        default: false
        }
      }
    let text = String(decoding: name.prefix(4 * Excerpt.length), as: UTF8.self)
    guard !isPlain else { return ".\(text)" }
    var quoted = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "'" || scalar == "\\" { quoted.append("\\") }
      quoted.append(scalar)
    }
    return "['\(String(quoted))']"
  }
}

extension Path.Root {
  fileprivate var spelling: String {
    switch self {
    case .arguments: "args"
    case .meta: "meta"
    case .toolName: "tool.name"
    case .toolAnnotations: "tool.annotations"
    case .client: "client"
    case .server: "server"
    case .principal: "principal"
    case .session: "session.id"
    case .sessionCalls: "session.calls"
    }
  }
}
