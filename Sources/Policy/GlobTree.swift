/// Many globs as one tree of what they are made of: what some of them begin with alike is there once.
///
/// A tree has one node for each code point, class or wildcard of its globs at most, of some 24 bytes, and is never
/// grown by looking into it. A text is read once, whatever the number of globs. Beside the one node where the tree's own
/// branch stands, each `*` that has been passed goes on beginning anew: so the time is that of the text's length times
/// the number of different beginnings, up to a `*`, that it has by then. Where globs are ordinary those are a few,
/// however many globs there are; where they are chosen to be slow, they are all, and nothing grows faster than that.
struct GlobTree: Sendable {
  /// Ranges end where those of the next node begin.
  private struct Node {
    var literals: Int32 = 0
    var classes: Int32 = 0
    var ends: Int32 = 0
    /// The number of the run that `*` leads to, or ``none``.
    var run: Int32 = GlobTree.none
  }

  /// A way on from a node, for one code point.
  private struct Literal {
    let scalar: UInt32
    let node: Int32
  }

  /// A way on from a node, for every code point of a class.
  private struct ClassEdge {
    let members: Glob.Class
    let node: Int32
  }

  private static let none: Int32 = -1

  private var nodes: [Node] = []
  private var literals: [Literal] = []
  private var classes: [ClassEdge] = []
  /// The positions of globs, by the node at which they end.
  private var ends: [Int32] = []
  /// The node behind each `*`.
  private var runs: [Int32] = []

  /// How many nodes it has.
  var size: Int { max(0, nodes.count - 1) }

  var isEmpty: Bool { nodes.isEmpty }

  /// A tree of globs, each with the position that is told of it.
  init(_ globs: [(position: Int, glob: Glob)]) {
    guard !globs.isEmpty else { return }
    let draft = GlobTreeDraft(globs)
    nodes = [Node](repeating: Node(), count: draft.count + 1)
    for edge in draft.edges {
      switch edge.label {
      case .literal: nodes[Int(edge.from)].literals += 1
      case .members: nodes[Int(edge.from)].classes += 1
      case .run:
        nodes[Int(edge.from)].run = Int32(runs.count)
        runs.append(edge.to)
      }
    }
    for end in draft.ends { nodes[Int(end.node)].ends += 1 }
    let starts = sumUp()
    var next = starts
    literals = [Literal](repeating: Literal(scalar: 0, node: 0), count: Int(starts.last?.literals ?? 0))
    var members = [ClassEdge?](repeating: nil, count: Int(starts.last?.classes ?? 0))
    // The draft is in the order of its labels, and so are the ways on from each node.
    for edge in draft.edges {
      switch edge.label {
      case .literal(let scalar):
        literals[Int(next[Int(edge.from)].literals)] = Literal(scalar: scalar, node: edge.to)
        next[Int(edge.from)].literals += 1
      case .members(let number):
        members[Int(next[Int(edge.from)].classes)] = ClassEdge(members: draft.classes[number], node: edge.to)
        next[Int(edge.from)].classes += 1
      case .run: break
      }
    }
    classes = members.compactMap { $0 }
    ends = [Int32](repeating: 0, count: draft.ends.count)
    for end in draft.ends {
      ends[Int(next[Int(end.node)].ends)] = end.position
      next[Int(end.node)].ends += 1
    }
  }

  /// Makes the beginnings of ranges of their lengths.
  private mutating func sumUp() -> [Node] {
    var sum = Node()
    for index in nodes.indices {
      let own = nodes[index]
      nodes[index].literals = sum.literals
      nodes[index].classes = sum.classes
      nodes[index].ends = sum.ends
      sum.literals += own.literals
      sum.classes += own.classes
      sum.ends += own.ends
    }
    return nodes
  }

  /// The positions of the globs that match the UTF-8 text, in ascending order.
  func matches(_ text: UnsafeBufferPointer<UInt8>) -> [Int] {
    guard !nodes.isEmpty else { return [] }
    let words = (runs.count + 63) / 64
    var found: [Int] = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words) { passed in
      passed.initialize(repeating: 0)
      var walk = Walk(passed: passed)
      enter(0, &walk)
      var index = 0
      while index < text.count {
        let length = Glob.length(text[index])
        let scalar = Glob.scalar(text, index, length)
        index += length
        let here = walk.nodes
        let running = walk.runs.count
        walk.nodes = NodeList()
        for position in 0..<here.count { go(from: here[position], scalar, &walk) }
        for position in 0..<running { go(from: walk.runs[position], scalar, &walk) }
        if walk.nodes.isEmpty, walk.runs.isEmpty { return walk.found }
      }
      for position in 0..<walk.nodes.count { tell(walk.nodes[position], &walk) }
      return walk.found
    }
    found.sort()
    return found
  }

  /// Where in the tree a text has led to.
  private struct Walk {
    /// Nodes that are there now.
    var nodes = NodeList()
    /// Nodes behind a `*`, which stay.
    var runs = NodeList()
    var found: [Int] = []
    /// A bit for each `*` that has been passed.
    let passed: UnsafeMutableBufferPointer<UInt64>
  }

  private func enter(_ node: Int32, _ walk: inout Walk) {
    walk.nodes.append(node)
    let run = nodes[Int(node)].run
    guard run != GlobTree.none else { return }
    let bit: UInt64 = 1 << UInt64(run & 63)
    guard walk.passed[Int(run >> 6)] & bit == 0 else { return }
    walk.passed[Int(run >> 6)] |= bit
    let behind = runs[Int(run)]
    // What ends in a `*` matches already, whatever comes.
    tell(behind, &walk)
    let (start, end) = (nodes[Int(behind)], nodes[Int(behind) + 1])
    if start.literals < end.literals || start.classes < end.classes { walk.runs.append(behind) }
  }

  /// Follows a code point from one node: to a literal at most, and to every class that has it.
  private func go(from node: Int32, _ scalar: UInt32, _ walk: inout Walk) {
    let (start, end) = (nodes[Int(node)], nodes[Int(node) + 1])
    var low = Int(start.literals)
    var high = Int(end.literals)
    while low < high {
      let middle = (low + high) / 2
      if literals[middle].scalar < scalar { low = middle + 1 } else { high = middle }
    }
    if low < end.literals, literals[low].scalar == scalar { enter(literals[low].node, &walk) }
    for index in Int(start.classes)..<Int(end.classes) where classes[index].members.contains(scalar) {
      enter(classes[index].node, &walk)
    }
  }

  private func tell(_ node: Int32, _ walk: inout Walk) {
    for index in Int(nodes[Int(node)].ends)..<Int(nodes[Int(node) + 1].ends) { walk.found.append(Int(ends[index])) }
  }
}

/// Numbers of nodes, the first of them without an allocation.
private struct NodeList {
  private static let few = 12

  private(set) var count = 0
  private var first = InlineArray<12, Int32>(repeating: 0)
  private var rest: [Int32] = []

  var isEmpty: Bool { count == 0 }

  mutating func append(_ node: Int32) {
    if count < NodeList.few { first[count] = node } else { rest.append(node) }
    count += 1
  }

  subscript(position: Int) -> Int32 {
    position < NodeList.few ? first[position] : rest[position - NodeList.few]
  }
}
