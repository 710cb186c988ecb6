/// A tree of globs while it is made: its nodes are numbers, and its ways from one to another a list.
struct GlobTreeDraft {
  /// What leads from one node to another.
  enum Label: Hashable {
    case literal(UInt32)
    /// The number of a class.
    case members(Int)
    /// Any run of code points.
    case run
  }

  struct Edge {
    let from: Int32
    let label: Label
    let to: Int32
  }

  /// In the order of their labels, for each node that they lead from.
  private(set) var edges: [Edge] = []
  /// At which node each glob ends.
  private(set) var ends: [(node: Int32, position: Int32)] = []
  private(set) var classes: [Glob.Class] = []
  /// How many nodes there are; the first is where every glob begins.
  private(set) var count = 1

  private var numbers: [Glob.Class: Int] = [:]

  init(_ globs: [(position: Int, glob: Glob)]) {
    // Sorted, those that begin alike stand together, and each shares its beginning with the one before it.
    var spelt = globs.map { (position: $0.position, symbols: symbols(of: $0.glob)) }
    spelt.sort { left, right in
      left.symbols.elementsEqual(right.symbols)
        ? left.position < right.position : left.symbols.lexicographicallyPrecedes(right.symbols)
    }
    var last: [UInt32] = []
    // The nodes on the way to the end of the last one.
    var way: [Int32] = [0]
    for (position, symbols) in spelt {
      let shared = zip(symbols, last).prefix { $0 == $1 }.count
      way.removeLast(way.count - 1 - shared)
      for symbol in symbols[shared...] {
        let node = Int32(count)
        edges.append(Edge(from: way[way.count - 1], label: GlobTreeDraft.label(symbol), to: node))
        way.append(node)
        count += 1
      }
      ends.append((way[way.count - 1], Int32(position)))
      last = symbols
    }
  }

  // A glob is spelt in numbers, so that it is quickly compared: code points, then a `*`, then classes.
  private static let run: UInt32 = 0x11_0000

  private static func label(_ symbol: UInt32) -> Label {
    if symbol < run { return .literal(symbol) }
    return symbol == run ? .run : .members(Int(symbol - run - 1))
  }

  private mutating func symbols(of glob: Glob) -> [UInt32] {
    var symbols: [UInt32] = []
    for token in glob.tokens {
      switch token {
      case .literal(let bytes):
        symbols.append(contentsOf: String(decoding: bytes, as: UTF8.self).unicodeScalars.lazy.map(\.value))
      case .run: symbols.append(GlobTreeDraft.run)
      case .one: symbols.append(GlobTreeDraft.run + 1 + UInt32(number(of: .everything)))
      case .oneOf(let members): symbols.append(GlobTreeDraft.run + 1 + UInt32(number(of: members)))
      }
    }
    return symbols
  }

  private mutating func number(of members: Glob.Class) -> Int {
    if let number = numbers[members] { return number }
    numbers[members] = classes.count
    classes.append(members)
    return classes.count - 1
  }
}
