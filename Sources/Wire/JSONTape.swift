internal import Glibc

/// One JSON text, read strictly, with a flat table of where everything in it stands.
///
/// The bytes are the ones that came over the wire: what is judged through the tape is what is forwarded.
/// A tape never changes once it has been made.
///
/// `@unchecked Sendable`, because `nodes` is a pointer: it is the tape's own, it is written before the tape is made and
/// never after, and it goes with the tape. Every index into it comes from the scanner, as the place of a value or the
/// `next` of one, or is the place of a child that an object's or array's count vouches for.
public final class JSONTape: @unchecked Sendable {
  /// The text, exactly as it was read.
  public let bytes: [UInt8]

  /// One entry a value, in the order of the text; an object's entries alternate name and value.
  @usableFromInline let nodes: UnsafePointer<Node>

  /// Takes over `nodes`, which `malloc` gave for this.
  init(bytes: [UInt8], nodes: UnsafeMutablePointer<Node>) {
    self.bytes = bytes
    self.nodes = UnsafePointer(nodes)
  }

  deinit {
    free(UnsafeMutableRawPointer(mutating: nodes))
  }

  /// Runs `body` over the bytes that the string at `index` means; `bytes` are those of the text.
  @inline(__always)
  func withName<Result>(
    _ index: Int, in bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    let node = nodes[index]
    let text = UnsafeBufferPointer(rebasing: bytes[Int(node.start)..<Int(node.end)])
    return node.isEscaped ? JSONEscapes.resolve(text).withUnsafeBufferPointer(body) : body(text)
  }

  /// The value that the text holds.
  public var root: JSONValue { JSONValue(tape: self, index: 0) }

  /// Where one value stands: 16 bytes.
  @usableFromInline @frozen
  struct Node: Sendable {
    /// The first byte of the value; for a string, the one after its quotation mark.
    @usableFromInline var start: UInt32
    /// One past the last byte; for a string, the closing quotation mark.
    @usableFromInline var end: UInt32
    /// The index of the node that follows this value and everything in it.
    @usableFromInline var next: UInt32
    /// Kind in the low four bits, `Flag`s in the next four, and the number of elements or members above.
    @usableFromInline var info: UInt32

    @inlinable static var escaped: UInt32 { 1 << 4 }
    @inlinable static var integer: UInt32 { 1 << 5 }

    @inlinable @inline(__always) var kind: JSONValue.Kind {
      JSONValue.Kind(rawValue: UInt8(truncatingIfNeeded: info & 0xF)).unsafelyUnwrapped
    }
    @inlinable var isEscaped: Bool { info & Node.escaped != 0 }
    var isInteger: Bool { info & Node.integer != 0 }
    @inlinable var count: Int { Int(info >> 8) }
  }
}

/// A value in a JSON text: a tape and a place in it. Cheap to copy; reads nothing until asked.
@frozen
public struct JSONValue: Sendable {
  /// What a JSON value can be. `true` and `false` are one kind.
  @frozen
  public enum Kind: UInt8, Sendable, CaseIterable {
    case null, bool, number, string, array, object
  }

  /// The text this value stands in.
  public let tape: JSONTape
  @usableFromInline let index: Int

  @inlinable
  init(tape: JSONTape, index: Int) {
    self.tape = tape
    self.index = index
  }

  @inlinable @inline(__always) var node: JSONTape.Node { tape.nodes[index] }

  /// What the value is.
  @inlinable @inline(__always) public var kind: Kind { node.kind }

  /// Whether the value is JSON's `null`.
  @inlinable public var isNull: Bool { kind == .null }

  /// The truth value, if this is one.
  public var bool: Bool? {
    kind == .bool ? tape.bytes[Int(node.start)] == UInt8(ascii: "t") : nil
  }

  /// The exact number, if this is one.
  public var number: ExactNumber? {
    kind == .number ? tape.bytes[range].withUnsafeBufferPointer { ExactNumber(accepted: $0) } : nil
  }

  /// The number as a 64-bit integer, if it is written as one (`1.0` and `1e0` are not) and fits.
  public var integer: Int64? {
    let node = node
    guard node.kind == .number, node.isInteger else { return nil }
    let isNegative = tape.bytes[Int(node.start)] == UInt8(ascii: "-")
    var value: Int64 = 0
    for index in Int(node.start) + (isNegative ? 1 : 0)..<Int(node.end) {
      let digit = Int64(tape.bytes[index] & 0xF)
      let (tenfold, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (next, isBeyond) =
        isNegative ? tenfold.subtractingReportingOverflow(digit) : tenfold.addingReportingOverflow(digit)
      if isTooLarge || isBeyond { return nil }
      value = next
    }
    return value
  }

  /// The string with its escapes resolved, if this is one.
  public var string: String? {
    kind == .string ? withText { String(decoding: $0, as: UTF8.self) } : nil
  }

  /// The string as a name, if this is one.
  public var name: Name? { string.map { Name($0) } }

  /// How many elements or members: zero for everything else.
  public var count: Int {
    switch kind {
    case .array, .object: node.count
    default: 0
    }
  }

  /// The bytes of the value in the text, quotation marks included.
  public var range: Range<Int> {
    let node = node
    return node.kind == .string ? Int(node.start) - 1..<Int(node.end) + 1 : Int(node.start)..<Int(node.end)
  }

  /// The value as it was written.
  public var source: ArraySlice<UInt8> { tape.bytes[range] }

  /// Runs `body` over the UTF-8 bytes of a string with its escapes resolved; over nothing where this is no string.
  ///
  /// Costs no allocation where the string has no escapes. The pointer is not to leave `body`.
  @inlinable
  public func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    let node = node
    guard node.kind == .string else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
    return try tape.bytes.withUnsafeBufferPointer { bytes in
      let text = UnsafeBufferPointer(rebasing: bytes[Int(node.start)..<Int(node.end)])
      return node.isEscaped ? try JSONEscapes.resolve(text).withUnsafeBufferPointer(body) : try body(text)
    }
  }

  /// Whether this is a string of exactly these code points.
  public func equals(_ text: String) -> Bool {
    guard kind == .string else { return false }
    return withText { bytes in
      text.utf8.count == bytes.count && text.utf8.elementsEqual(bytes)
    }
  }

  /// The elements of an array, in order; none for everything else.
  public var elements: Elements { Elements(self) }

  /// The members of an object, in the order of the text; none for everything else.
  public var members: Members { Members(self) }

  /// The member of that name, if this is an object that has it.
  public subscript(_ name: Name) -> JSONValue? {
    guard kind == .object else { return nil }
    var text = name.text
    return text.withUTF8 { member(named: $0) }
  }

  private func member(named name: UnsafeBufferPointer<UInt8>) -> JSONValue? {
    tape.bytes.withUnsafeBufferPointer { bytes in
      var child = index + 1
      for _ in 0..<node.count {
        if tape.withName(child, in: bytes, { $0.equals(name) }) { return JSONValue(tape: tape, index: child + 1) }
        child = Int(tape.nodes[child + 1].next)
      }
      return nil
    }
  }

  /// The element at that position, if this is an array that long.
  public subscript(_ position: Int) -> JSONValue? {
    guard kind == .array, position >= 0, position < count else { return nil }
    var index = index + 1
    for _ in 0..<position { index = Int(tape.nodes[index].next) }
    return JSONValue(tape: tape, index: index)
  }

  /// The elements of an array.
  public struct Elements: Sequence, IteratorProtocol, Sendable {
    let tape: JSONTape
    var index: Int
    var left: Int

    init(_ array: JSONValue) {
      tape = array.tape
      index = array.index + 1
      left = array.kind == .array ? array.count : 0
    }

    /// The next element, or nil after the last.
    public mutating func next() -> JSONValue? {
      guard left > 0 else { return nil }
      left -= 1
      defer { index = Int(tape.nodes[index].next) }
      return JSONValue(tape: tape, index: index)
    }
  }

  /// The members of an object.
  public struct Members: Sequence, IteratorProtocol, Sendable {
    let tape: JSONTape
    var index: Int
    var left: Int

    init(_ object: JSONValue) {
      tape = object.tape
      index = object.index + 1
      left = object.kind == .object ? object.count : 0
    }

    /// The next member, or nil after the last. `name` is always a string.
    public mutating func next() -> (name: JSONValue, value: JSONValue)? {
      guard left > 0 else { return nil }
      left -= 1
      let name = JSONValue(tape: tape, index: index)
      let value = JSONValue(tape: tape, index: index + 1)
      index = Int(tape.nodes[index + 1].next)
      return (name, value)
    }
  }
}
