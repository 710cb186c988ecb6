import Wire

/// The names of members that rules look at in what a client sends, by where they look.
///
/// A member that another program could take for one of them, without being it, makes a call ambiguous: the rules would
/// judge one value and the server use another. Source: protocol, "Evaluate what you forward".
final class UsedNames: Sendable {
  private let arguments: Place
  private let meta: Place
  /// Whether there are names elsewhere than among the arguments themselves.
  let reachesBeyondArguments: Bool

  /// What is looked at in one object or list.
  private struct Place: Sendable {
    private var names: [UsedName] = []
    /// Bit n is set where a name is n bytes long when folded; the last also for all longer ones.
    private var lengths: UInt64 = 0
    private var below: [(step: Path.Step, place: Place)] = []
    private var positions: [Path.Step: Int] = [:]

    /// Whether no name is looked at, here or below.
    var isEmpty: Bool { names.isEmpty && below.isEmpty }
    /// Whether names are looked at below.
    var isDeep: Bool { !below.isEmpty }

    /// The same without what leads to no name.
    func pruned() -> Place {
      var place = self
      place.below = below.map { ($0.step, $0.place.pruned()) }.filter { !$0.1.isEmpty }
      place.positions = [:]
      return place
    }

    mutating func insert(_ steps: ArraySlice<Path.Step>) {
      guard let step = steps.first else { return }
      let position = positions[step] ?? below.count
      if position == below.count {
        positions[step] = position
        below.append((step, Place()))
        if case .member(let name) = step {
          let name = UsedName(name)
          names.append(name)
          lengths |= Place.bit(name.folded.count)
        }
      }
      below[position].place.insert(steps.dropFirst())
    }

    private static func bit(_ length: Int) -> UInt64 { 1 << min(length, 63) }

    /// Depth is that of the longest path.
    func ambiguity(in value: JSONValue) -> Ambiguity? {
      guard value.kind == .object || value.kind == .array else { return nil }
      if !names.isEmpty, let found = firstAlias(in: value) { return found }
      return ambiguity(below: value)
    }

    func ambiguity(below value: JSONValue) -> Ambiguity? {
      for index in below.indices {
        let next: JSONValue?
        switch below[index].step {
        case .member(let name): next = value.member(name)
        case .element(let position): next = value[position]
        case .elements:
          if let found = below[index].place.firstAmbiguity(among: value) { return found }
          continue
        case .descendants: continue
        }
        if let next, let found = below[index].place.ambiguity(in: next) { return found }
      }
      return nil
    }

    private func firstAmbiguity(among list: JSONValue) -> Ambiguity? {
      guard list.kind == .array else { return nil }
      for element in list.elements {
        if let found = ambiguity(in: element) { return found }
      }
      return nil
    }

    private func firstAlias(in object: JSONValue) -> Ambiguity? {
      var used: UsedName?
      let member = object.firstMember { name in
        guard !UsedName.isPlain(name) || lengths & Place.bit(name.count) != 0 else { return false }
        used = UsedName.first(of: names, mistakenFor: name)
        return used != nil
      }
      guard let member, let used else { return nil }
      return Ambiguity(member: member.name, name: used)
    }
  }

  /// A member, and the name for which it could be taken.
  struct Ambiguity {
    let member: JSONValue
    let name: UsedName

    /// What the agent is told.
    var reason: String {
      let written = Excerpt.shown(member)
      let meant = name.spelling.withUnsafeBufferPointer(Excerpt.quoted)
      return written == meant
        ? "ambiguous: a name can be read as \(meant) without being it; write exactly \(meant)"
        : "ambiguous: \(written) can be read as \(meant); write exactly \(meant)"
    }
  }

  init(_ paths: [Path]) {
    var arguments = Place()
    var meta = Place()
    for path in paths {
      switch path.root {
      case .arguments: arguments.insert(path.steps[...])
      case .meta: meta.insert(path.steps[...])
      default: break
      }
    }
    self.arguments = arguments.pruned()
    self.meta = meta.pruned()
    reachesBeyondArguments = self.arguments.isDeep || !self.meta.isEmpty
  }

  /// The first member of the call that could be taken for one of the names, if there is one.
  func ambiguity(in call: Call) -> Ambiguity? {
    if !arguments.isEmpty, let value = call.arguments, let found = arguments.ambiguity(in: value) { return found }
    if !meta.isEmpty, let value = call.meta, let found = meta.ambiguity(in: value) { return found }
    return nil
  }
}

extension UsedNames {
  /// Whether anything but the arguments themselves, among which others have looked, could be taken for one of the names.
  func isAmbiguousBeyondArguments(_ call: Call) -> Bool {
    if arguments.isDeep, let value = call.arguments, arguments.ambiguity(below: value) != nil { return true }
    if !meta.isEmpty, let value = call.meta, meta.ambiguity(in: value) != nil { return true }
    return false
  }
}

/// A name that rules use, in both spellings that a look-up needs.
struct UsedName: Sendable {
  let spelling: [UInt8]
  let folded: [UInt8]

  init(_ spelling: [UInt8]) {
    self.spelling = spelling
    folded = UsedName.folded(spelling)
  }

  private static func folded(_ name: some Collection<UInt8>) -> [UInt8] {
    Array(NameFolding.folded(Name(String(decoding: name, as: UTF8.self))).text.utf8)
  }

  /// The first of the names that `name` folds to without being it.
  static func first(of used: [UsedName], mistakenFor name: UnsafeBufferPointer<UInt8>) -> UsedName? {
    let isPlain = isPlain(name)
    for index in used.indices where !used[index].isSpelt(name) {
      if isPlain ? used[index].isFoldedPlain(name) : used[index].isFolded(name) { return used[index] }
    }
    return nil
  }

  /// Whether a name is of ASCII letters, digits and punctuation: its folding is lower case, and as long.
  @inline(__always)
  static func isPlain(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    for byte in name where byte &- 0x21 >= 0x5E { return false }
    return true
  }

  /// Whether a name is exactly this one.
  @inline(__always)
  func isSpelt(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    spelling.withUnsafeBufferPointer { $0.equals(name) }
  }

  /// Whether a plain name folds to what this one folds to. Costs no allocation.
  @inline(__always)
  func isFoldedPlain(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    guard folded.count == name.count else { return false }
    let folded = folded.span
    for index in folded.indices where UsedName.lowercased(name[index]) != folded[index] { return false }
    return true
  }

  /// Whether a name folds to what this one folds to.
  func isFolded(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    UsedName.folded(name) == folded
  }

  @inline(__always)
  static func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
  }
}
