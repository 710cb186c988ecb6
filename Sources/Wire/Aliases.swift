/// What another parser could take for the same name.
enum Aliases {
  /// A member whose name could be taken for a known one, and that one.
  static func first(in object: JSONValue, of known: KnownNames) -> (member: JSONValue, known: Name)? {
    guard object.kind == .object else { return nil }
    let tape = object.tape
    return tape.bytes.withUnsafeBufferPointer { bytes in
      var index = object.index + 1
      for _ in 0..<object.count {
        let name = tape.withName(index, in: bytes) { known.mistaken(for: $0) }
        if let name { return (JSONValue(tape: tape, index: index), name) }
        index = Int(tape.nodes[index + 1].next)
      }
      return nil
    }
  }

  /// Two members of one object, at any depth of the value, whose names could be taken for one another.
  static func firstPair(within value: JSONValue) -> (JSONValue, JSONValue)? {
    let tape = value.tape
    var index = value.index
    let end = Int(value.node.next)
    return tape.bytes.withUnsafeBufferPointer { bytes in
      while index < end {
        let node = tape.nodes[index]
        if node.info & 0xF == UInt32(JSONValue.Kind.object.rawValue), node.count > 1,
          let (left, right) = pair(in: index, count: node.count, tape, bytes)
        {
          return (JSONValue(tape: tape, index: left), JSONValue(tape: tape, index: right))
        }
        index += 1
      }
      return nil
    }
  }

  private static let few = 16

  private static func pair(
    in object: Int, count: Int, _ tape: JSONTape, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> (Int, Int)? {
    guard count <= few, arePlain(in: object, count: count, tape, bytes) else {
      return pairByHash(in: object, count: count, tape)
    }
    var left = object + 1
    for rank in 1..<count {
      let leftNode = tape.nodes[left]
      var right = Int(tape.nodes[left + 1].next)
      for _ in rank..<count {
        let rightNode = tape.nodes[right]
        if leftNode.end &- leftNode.start == rightNode.end &- rightNode.start,
          NameFolding.foldEqual(text(leftNode, bytes), text(rightNode, bytes))
        {
          return (left, right)
        }
        right = Int(tape.nodes[right + 1].next)
      }
      left = Int(tape.nodes[left + 1].next)
    }
    return nil
  }

  @inline(__always)
  private static func text(
    _ node: JSONTape.Node, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[Int(node.start)..<Int(node.end)])
  }

  private static func arePlain(
    in object: Int, count: Int, _ tape: JSONTape, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var index = object + 1
    for _ in 0..<count {
      let node = tape.nodes[index]
      if node.isEscaped || !NameFolding.isPlainASCII(text(node, bytes)) { return false }
      index = Int(tape.nodes[index + 1].next)
    }
    return true
  }

  private static func pairByHash(in object: Int, count: Int, _ tape: JSONTape) -> (Int, Int)? {
    var table = NameTable(count: count)
    var scratch: [UInt8] = []
    var index = object + 1
    for _ in 0..<count {
      fold(JSONValue(tape: tape, index: index), into: &scratch)
      let hash = scratch.withUnsafeBufferPointer(NameTable.hash)
      let other = table.insert(index, hash: hash) { other in
        var folded: [UInt8] = []
        fold(JSONValue(tape: tape, index: other), into: &folded)
        return folded == scratch
      }
      if let other { return (other, index) }
      index = Int(tape.nodes[index + 1].next)
    }
    return nil
  }

  private static func fold(_ name: JSONValue, into folded: inout [UInt8]) {
    folded.removeAll(keepingCapacity: true)
    name.withText { bytes in
      if NameFolding.isPlainASCII(bytes) {
        for byte in bytes { folded.append(NameFolding.lowercased(byte)) }
      } else {
        folded.append(contentsOf: NameFolding.folded(Name(String(decoding: bytes, as: UTF8.self))).text.utf8)
      }
    }
  }
}
