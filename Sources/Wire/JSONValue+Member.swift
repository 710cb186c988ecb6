/// The members of `params` that are looked up for every call.
enum Member {
  static let arguments = Array("arguments".utf8)
  static let meta = Array("_meta".utf8)
  static let name = Array("name".utf8)
  static let uri = Array("uri".utf8)
}

extension JSONValue {
  /// The member whose name has these UTF-8 bytes, if this is an object that has it.
  public func member(_ name: [UInt8]) -> JSONValue? {
    let node = node
    guard node.kind == .object else { return nil }
    let found = name.withUnsafeBufferPointer { name in
      findMember(of: node) { $0.equals(name) }
    }
    return found.map { JSONValue(tape: tape, index: $0 + 1) }
  }

  /// The first member whose name, as UTF-8 with its escapes resolved, satisfies `predicate`; the pointer is not to leave
  /// it.
  @inlinable
  public func firstMember(
    where predicate: (UnsafeBufferPointer<UInt8>) -> Bool
  ) -> (name: JSONValue, value: JSONValue)? {
    let node = node
    guard node.kind == .object else { return nil }
    return findMember(of: node, predicate).map {
      (JSONValue(tape: tape, index: $0), JSONValue(tape: tape, index: $0 + 1))
    }
  }

  /// Runs `body` over each member's name, as UTF-8 with its escapes resolved, and its place for ``member(at:)``. The
  /// pointer is not to leave it.
  @inlinable @inline(__always)
  package func forEachMember(_ body: (UnsafeBufferPointer<UInt8>, Int) -> Void) {
    let object = node
    guard object.kind == .object else { return }
    let nodes = tape.nodes
    tape.bytes.withUnsafeBufferPointer { bytes in
      var place = index + 1
      for _ in 0..<object.count {
        let name = nodes[place]
        if name.isEscaped {
          JSONValue(tape: tape, index: place).withText { body($0, place + 1) }
        } else {
          body(UnsafeBufferPointer(rebasing: bytes[Int(name.start)..<Int(name.end)]), place + 1)
        }
        place = Int(nodes[place + 1].next)
      }
    }
  }

  /// The member at a place that ``forEachMember(_:)`` gave of this object.
  @inlinable @inline(__always)
  package func member(at place: Int) -> JSONValue {
    JSONValue(tape: tape, index: place)
  }

  /// Whether this is a string of exactly these UTF-8 bytes.
  public func equals(_ text: [UInt8]) -> Bool {
    kind == .string && withText { read in text.withUnsafeBufferPointer { read.equals($0) } }
  }

  /// The index of the first name that satisfies the predicate. Makes no value on the way.
  @inlinable @inline(__always)
  func findMember(
    of object: JSONTape.Node, _ predicate: (UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Int? {
    let nodes = tape.nodes
    return tape.bytes.withUnsafeBufferPointer { bytes in
      var index = index + 1
      for _ in 0..<object.count {
        let name = nodes[index]
        let text = UnsafeBufferPointer(rebasing: bytes[Int(name.start)..<Int(name.end)])
        let isFound =
          name.isEscaped
          ? JSONValue(tape: tape, index: index).withText(predicate)
          : predicate(text)
        if isFound { return index }
        index = Int(nodes[index + 1].next)
      }
      return nil
    }
  }
}
