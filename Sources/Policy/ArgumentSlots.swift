import Wire

/// The arguments that some rules look at, each with a number: where they stand in a call is found in one pass over its
/// arguments, and every condition then knows its own by the number.
struct ArgumentSlots: Sendable {
  private var names: [UsedName] = []
  /// Bit n is set where a name is n bytes long, as it is spelt or folded; the last also for all longer ones.
  private var lengths: UInt64 = 0

  init(_ paths: [Path]) {
    for path in paths {
      guard let argument = path.argument, !names.contains(where: { $0.spelling == argument }) else { continue }
      let name = UsedName(argument)
      names.append(name)
      lengths |= ArgumentSlots.bit(name.spelling.count) | ArgumentSlots.bit(name.folded.count)
    }
  }

  /// The number of the argument at which a path begins; nil for a path that begins elsewhere, and beyond the arguments
  /// that are numbered: those are looked up by name.
  func slot(of path: Path) -> Int? {
    guard let argument = path.argument else { return nil }
    return names.prefix(FoundArguments.most).firstIndex { $0.spelling == argument }
  }

  /// Finds them in a call.
  func find(in call: Call) -> FoundArguments {
    var found = FoundArguments()
    guard !names.isEmpty, let arguments = call.arguments else { return found }
    let names = names.span
    arguments.forEachMember { name, place in
      let isPlain = UsedName.isPlain(name)
      guard !isPlain || lengths & ArgumentSlots.bit(name.count) != 0 else { return }
      for slot in names.indices {
        if names[slot].isSpelt(name) {
          if slot < FoundArguments.most { found.places[slot] = UInt32(truncatingIfNeeded: place) }
        } else if isPlain ? names[slot].isFoldedPlain(name) : names[slot].isFolded(name) {
          found.isAmbiguous = true
        }
      }
    }
    return found
  }

  @inline(__always)
  private static func bit(_ length: Int) -> UInt64 { 1 &<< UInt64(min(length, 63)) }
}

/// Where the numbered arguments of some rules stand in one call.
struct FoundArguments {
  /// How many can be numbered.
  static let most = 16

  /// By number: the place of a value among the arguments; zero, where none can stand, for one that is absent.
  fileprivate var places = InlineArray<16, UInt32>(repeating: 0)
  /// Whether the call has an argument that could be taken for one of them without being it.
  fileprivate(set) var isAmbiguous = false

  /// The argument of that number, if the call has it.
  @inline(__always)
  func value(_ slot: Int, of call: Call) -> JSONValue? {
    let place = Int(places[slot])
    return place == 0 ? nil : call.arguments?.member(at: place)
  }
}
