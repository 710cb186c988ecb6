import Wire

/// Edits of one call's arguments that do not conflict, by where they are made.
struct EditTree {
  private enum Change {
    case set(JSON)
    case remove
  }

  /// Why arguments cannot be edited: completes the sentence "args.options …".
  struct Blocked: Error {
    /// Where.
    let steps: [Path.Step]
    let demand: String
  }

  private var change: Change?
  private var below: [(step: Path.Step, tree: EditTree)] = []

  private init() {}

  /// - Parameter edits: none of which conflicts with another.
  init(_ edits: [Edit]) {
    for edit in edits { insert(edit.path.steps[...], edit.value.map { .set($0) } ?? .remove) }
  }

  private mutating func insert(_ steps: ArraySlice<Path.Step>, _ change: Change) {
    guard let step = steps.first else {
      self.change = change
      return
    }
    let position = below.firstIndex { $0.step == step } ?? below.count
    if position == below.count { below.append((step, EditTree())) }
    below[position].tree.insert(steps.dropFirst(), change)
  }

  /// The arguments as they are then, and all that is not edited byte for byte as it was: where nothing is in the way.
  func text(over arguments: JSONValue?) -> [UInt8] {
    var output: [UInt8] = []
    write(over: arguments, into: &output)
    return output
  }

  /// - Throws: what stands in the way.
  func check(over value: JSONValue?, at steps: [Path.Step] = []) throws(Blocked) {
    if change != nil { return }
    for (step, tree) in below where tree.sets {
      let next: JSONValue?
      switch (step, value?.kind) {
      case (.member(let name), nil), (.member(let name), .object): next = value?.member(name)
      case (.element(let position), .array):
        guard let element = value?[position] else { throw blocked(step, value, steps) }
        next = element
      default: throw blocked(step, value, steps)
      }
      try tree.check(over: next, at: steps + [step])
    }
  }

  /// Whether anything is set here, or below.
  private var sets: Bool {
    switch change {
    case .set: true
    case .remove: false
    case nil: below.contains { $0.tree.sets }
    }
  }

  private var isRemoval: Bool { if case .remove? = change { true } else { false } }

  private func write(over value: JSONValue?, into output: inout [UInt8]) {
    if case .set(let wanted)? = change {
      if let value, value.tree == wanted { output += value.source } else { wanted.encode(into: &output) }
      return
    }
    guard let value, value.kind != .object else { return writeObject(over: value, into: &output) }
    if value.kind == .array { writeList(over: value, into: &output) } else { output += value.source }
  }

  private func writeObject(over value: JSONValue?, into output: inout [UInt8]) {
    var isFirst = true
    func separate() {
      if !isFirst { output.append(UInt8(ascii: ",")) }
      isFirst = false
    }
    // In an order of their own, so that what is sent does not depend on which rule stands first.
    var added = below.compactMap { step, tree in
      tree.sets ? EditTree.name(step).map { (name: $0, tree: tree) } : nil
    }
    added.sort { $0.name.lexicographicallyPrecedes($1.name) }
    output.append(UInt8(ascii: "{"))
    // An absent one is made, and has nothing yet.
    var members = value?.members
    while let (name, member) = members?.next() {
      let edit = below.indices.first { EditTree.name(below[$0].step).map(name.equals) ?? false }
      if let edit {
        added.removeAll { name.equals($0.name) }
        if below[edit].tree.isRemoval { continue }
      }
      separate()
      output += name.source
      output.append(UInt8(ascii: ":"))
      if let edit { below[edit].tree.write(over: member, into: &output) } else { output += member.source }
    }
    for (name, tree) in added {
      separate()
      JSON.string(String(decoding: name, as: UTF8.self)).encode(into: &output)
      output.append(UInt8(ascii: ":"))
      tree.write(over: nil, into: &output)
    }
    output.append(UInt8(ascii: "}"))
  }

  private func writeList(over list: JSONValue, into output: inout [UInt8]) {
    output.append(UInt8(ascii: "["))
    for (position, element) in list.elements.enumerated() {
      if position > 0 { output.append(UInt8(ascii: ",")) }
      if let edit = below.first(where: { $0.step == .element(position) }) {
        edit.tree.write(over: element, into: &output)
      } else {
        output += element.source
      }
    }
    output.append(UInt8(ascii: "]"))
  }

  /// The name of a member; nil for the position of an element, which no object has.
  private static func name(_ step: Path.Step) -> [UInt8]? {
    if case .member(let name) = step { name } else { nil }
  }

  private func blocked(_ step: Path.Step, _ value: JSONValue?, _ steps: [Path.Step]) -> Blocked {
    let wanted =
      if case .element(let position) = step { "a list of more than \(position) elements" } else { "an object" }
    let seen = value.map {
      $0.kind == .array ? "a list of \($0.count)" : $0.kind == .object ? "an object" : Excerpt.shown($0)
    }
    return Blocked(
      steps: steps, demand: "must be \(wanted) for the policy to set what is in it; it is \(seen ?? "missing")")
  }
}
