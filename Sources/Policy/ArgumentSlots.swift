import BasicContainers
import Wire

/// The arguments that some rules look at, each with a number: where they stand in a call is found in one pass over its
/// arguments, and every condition then knows its own by the number.
struct ArgumentSlots: ~Copyable, Sendable {
  /// A name's bytes, among those of all names: as it is spelt, and folded.
  struct Entry: Sendable {
    let start: Int
    let middle: Int
    let end: Int
    /// The first byte of the folded name: a plain name that is this one, or folds to it, begins so in lower case.
    let first: UInt8
  }

  private var names: [UsedName] = []
  private var bytes = UniqueArray<UInt8>()
  private var entries = UniqueArray<Entry>()
  /// Bit n is set where a name is n bytes long, as it is spelt or folded; the last also for all longer ones.
  private var lengths: UInt64 = 0

  init(_ paths: [Path]) {
    for path in paths {
      guard let argument = path.argument, !names.contains(where: { $0.spelling == argument }) else { continue }
      let name = UsedName(argument)
      names.append(name)
      lengths |= ArgumentSlots.bit(name.spelling.count) | ArgumentSlots.bit(name.folded.count)
      let middle = bytes.count + name.spelling.count
      entries.append(
        Entry(
          start: bytes.count, middle: middle, end: middle + name.folded.count, first: name.folded.first ?? 0))
      for byte in name.spelling + name.folded { bytes.append(byte) }
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
    guard !entries.isEmpty, let arguments = call.arguments else { return found }
    bytes.span.withUnsafeBufferPointer { bytes in
      arguments.forEachMember { name, place in
        guard UsedName.isPlain(name) else { return findOdd(name, place, &found) }
        guard lengths & ArgumentSlots.bit(name.count) != 0 else { return }
        let first = name.first.map(UsedName.lowercased) ?? 0
        for slot in 0..<entries.count where entries[slot].first == first {
          let entry = entries[slot]
          if UnsafeBufferPointer(rebasing: bytes[entry.start..<entry.middle]).equals(name) {
            found.note(place, slot)
          } else if NameFolding.foldEqual(UnsafeBufferPointer(rebasing: bytes[entry.middle..<entry.end]), name) {
            found.isAmbiguous = true
          }
        }
      }
    }
    return found
  }

  /// Looks for a name that does not fold to its lower case.
  private func findOdd(_ name: UnsafeBufferPointer<UInt8>, _ place: Int, _ found: inout FoundArguments) {
    for slot in names.indices where names[slot].isSpelt(name) { found.note(place, slot) }
    if UsedName.first(of: names, mistakenFor: name) != nil { found.isAmbiguous = true }
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

  fileprivate mutating func note(_ place: Int, _ slot: Int) {
    if slot < FoundArguments.most { places[slot] = UInt32(truncatingIfNeeded: place) }
  }

  /// The argument of that number, if the call has it.
  @inline(__always)
  func value(_ slot: Int, of call: Call) -> JSONValue? {
    let place = Int(places[slot])
    return place == 0 ? nil : call.arguments?.member(at: place)
  }
}
