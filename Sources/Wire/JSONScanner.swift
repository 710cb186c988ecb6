internal import Glibc

extension JSONTape {
  /// The default depth limit: how many arrays and objects may stand inside one another.
  public static let defaultDepth = 64

  /// The deepest that any text may nest, whatever limit is asked for: reading is recursive.
  public static let greatestDepth = 512

  /// The most values (names among them) that one text may have: a tape of 64 MiB.
  public static let mostValues = 1 << 22

  /// Reads one JSON text strictly (RFC 8259; UTF-8; no duplicate names; no lone surrogates; no byte order mark; no
  /// number that a double could only hold as infinity, or as zero though it is none).
  ///
  /// - Parameters:
  ///   - bytes: the whole text. White space around the value is accepted.
  ///   - depth: how deep arrays and objects may nest; ``greatestDepth`` at most.
  /// - Throws: the first problem, with its place.
  public convenience init(_ bytes: [UInt8], depth: Int = JSONTape.defaultDepth) throws(JSONError) {
    try self.init(bytes, depth: depth, isStrict: true)
  }

  /// Reads a text that was refused, once more, to find out who is to be told: it may repeat names and have numbers that
  /// no double holds. Nothing of it is ever forwarded.
  static func lenient(_ bytes: [UInt8]) -> JSONTape? {
    do throws(JSONError) {
      return try JSONTape(bytes, depth: greatestDepth, isStrict: false)
    } catch {
      return nil
    }
  }

  private convenience init(_ bytes: [UInt8], depth: Int, isStrict: Bool) throws(JSONError) {
    // Offsets in the tape are 32 bits wide.
    guard bytes.count < 1 << 30 else { throw JSONError(.tooLarge, at: bytes.count) }
    // Most texts have a value to sixteen bytes or less. For denser ones the scan begins again with room for the densest
    // that there can be: a value takes two bytes, with what separates it from the next.
    let most = min(bytes.count / 2 + 2, JSONTape.mostValues)
    var capacity = min(bytes.count / 16 + 16, most)
    while true {
      // Plain malloc: a tape is made for every message, and `allocate` costs three times as much.
      guard let memory = malloc(capacity * MemoryLayout<Node>.stride) else { throw JSONError(.tooLarge, at: 0) }
      let nodes = memory.bindMemory(to: Node.self, capacity: capacity)
      let outcome = JSONTape.scan(bytes, depth, isStrict, into: nodes, capacity: capacity)
      if case .read = outcome {
        self.init(bytes: bytes, nodes: nodes)
        return
      }
      free(memory)
      if case .refused(let error) = outcome { throw error }
      guard capacity < most else { break }
      capacity = most
    }
    throw most < JSONTape.mostValues ? JSONError(.unexpectedEnd, at: bytes.count) : JSONError(.tooLarge, at: 0)
  }

  private enum Outcome {
    case read
    /// There are more nodes than there is room for.
    case full
    case refused(JSONError)
  }

  private static func scan(
    _ bytes: [UInt8], _ depth: Int, _ isStrict: Bool, into nodes: UnsafeMutablePointer<Node>, capacity: Int
  ) -> Outcome {
    bytes.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress, text.count > 0 else { return .refused(JSONError(.empty, at: 0)) }
      var scanner = JSONScanner(
        base: base, end: text.count, depthLimit: min(depth, greatestDepth), isStrict: isStrict, nodes: nodes,
        capacity: capacity)
      do throws(JSONError) {
        try scanner.scan()
        return .read
      } catch {
        return scanner.isFull ? .full : .refused(error)
      }
    }
  }
}

/// One pass over a text. Recursion is bounded by the depth limit.
///
/// The pointers are valid for as long as the scanner is, which is within ``JSONTape/init(_:depth:)``. Bytes are read
/// below `end` only, and nodes written below `capacity` only: each access stands behind a check of its own.
private struct JSONScanner {
  let base: UnsafePointer<UInt8>
  let end: Int
  let depthLimit: Int
  /// Whether repeated names and numbers beyond doubles are refused.
  let isStrict: Bool
  let nodes: UnsafeMutablePointer<JSONTape.Node>
  let capacity: Int
  var count = 0
  /// Whether there was no more room for nodes.
  var isFull = false
  var position = 0
  var depth = 0

  init(
    base: UnsafePointer<UInt8>, end: Int, depthLimit: Int, isStrict: Bool,
    nodes: UnsafeMutablePointer<JSONTape.Node>, capacity: Int
  ) {
    self.base = base
    self.end = end
    self.depthLimit = depthLimit
    self.isStrict = isStrict
    self.nodes = nodes
    self.capacity = capacity
  }

  mutating func scan() throws(JSONError) {
    if end >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { throw JSONError(.byteOrderMark, at: 0) }
    skipSpace()
    guard position < end else { throw JSONError(.empty, at: position) }
    try value()
    skipSpace()
    guard position == end else { throw JSONError(.trailingData, at: position) }
  }

  @inline(__always)
  mutating func skipSpace() {
    while position < end {
      let byte = base[position]
      if byte > 0x20 || (byte != 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09) { return }
      position &+= 1
    }
  }

  mutating func value() throws(JSONError) {
    guard position < end else { throw JSONError(.unexpectedEnd, at: position) }
    switch base[position] {
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "{"): try object()
    case UInt8(ascii: "["): try array()
    case UInt8(ascii: "t"): try word("true", .bool)
    case UInt8(ascii: "f"): try word("false", .bool)
    case UInt8(ascii: "n"): try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    default: throw JSONError(.unexpectedByte, at: position)
    }
  }

  @inline(__always)
  mutating func append(_ kind: JSONValue.Kind, flags: UInt32 = 0, from start: Int, to end: Int) throws(JSONError) {
    guard count < capacity else {
      isFull = true
      throw JSONError(.tooLarge, at: start)
    }
    (nodes + count).initialize(
      to: JSONTape.Node(
        start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
        next: UInt32(truncatingIfNeeded: count &+ 1), info: UInt32(kind.rawValue) | flags))
    count &+= 1
  }

  mutating func word(_ word: StaticString, _ kind: JSONValue.Kind) throws(JSONError) {
    let start = position
    for offset in 0..<word.utf8CodeUnitCount {
      guard position < end else { throw JSONError(.unexpectedEnd, at: position) }
      guard base[position] == word.utf8Start[offset] else { throw JSONError(.unexpectedByte, at: position) }
      position &+= 1
    }
    try append(kind, from: start, to: position)
  }

  mutating func number() throws(JSONError) {
    let start = position
    let literal = try NumberLiteral(base, from: start, to: end, range: isStrict ? .doubles : .any)
    position = literal.end
    try append(.number, flags: literal.isInteger ? JSONTape.Node.integer : 0, from: start, to: position)
  }

  mutating func array() throws(JSONError) {
    let node = try open(.array)
    var elements = 0
    skipSpace()
    if position < end, base[position] == UInt8(ascii: "]") {
      position &+= 1
    } else {
      repeat {
        skipSpace()
        try value()
        elements &+= 1
      } while try another(before: UInt8(ascii: "]"))
    }
    close(node, elements)
  }

  mutating func object() throws(JSONError) {
    let node = try open(.object)
    var members = 0
    skipSpace()
    if position < end, base[position] == UInt8(ascii: "}") {
      position &+= 1
    } else {
      repeat {
        skipSpace()
        guard position < end else { throw JSONError(.unexpectedEnd, at: position) }
        guard base[position] == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: position) }
        try string()
        skipSpace()
        guard position < end else { throw JSONError(.unexpectedEnd, at: position) }
        guard base[position] == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte, at: position) }
        position &+= 1
        skipSpace()
        try value()
        members &+= 1
      } while try another(before: UInt8(ascii: "}"))
    }
    if members > 1, isStrict { try refuseDuplicates(in: node, members) }
    close(node, members)
  }

  @inline(__always)
  mutating func open(_ kind: JSONValue.Kind) throws(JSONError) -> Int {
    depth &+= 1
    guard depth <= depthLimit else { throw JSONError(.tooDeep, at: position) }
    try append(kind, from: position, to: position)
    position &+= 1
    return count &- 1
  }

  /// The count fits the 24 bits that it has: there are fewer nodes in all.
  @inline(__always)
  mutating func close(_ node: Int, _ children: Int) {
    depth &-= 1
    nodes[node].end = UInt32(truncatingIfNeeded: position)
    nodes[node].next = UInt32(truncatingIfNeeded: count)
    nodes[node].info |= UInt32(truncatingIfNeeded: children) << 8
  }

  /// After an element: true at a comma, false at the closing bracket.
  @inline(__always)
  mutating func another(before close: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    guard position < end else { throw JSONError(.unexpectedEnd, at: position) }
    let byte = base[position]
    guard byte == UInt8(ascii: ",") || byte == close else { throw JSONError(.unexpectedByte, at: position) }
    position &+= 1
    return byte != close
  }

  mutating func string() throws(JSONError) {
    position &+= 1
    let start = position
    var flags: UInt32 = 0
    while true {
      position = plainEnd(from: position)
      guard position < end else { throw JSONError(.unexpectedEnd, at: position) }
      let byte = base[position]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        flags = JSONTape.Node.escaped
        try escape()
      } else if byte < 0x20 {
        throw JSONError(.controlCharacter, at: position)
      } else {
        repeat { try multibyte() } while position < end && base[position] >= 0x80
      }
    }
    try append(.string, flags: flags, from: start, to: position)
    position &+= 1
  }

  /// Passes the bytes that mean themselves, printable ASCII but `"` and `\`, eight at a time: where they end.
  @inline(__always)
  func plainEnd(from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    let base = base
    let end = end
    var position = start
    while position &+ 8 <= end {
      let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self).littleEndian
      let quote = word ^ (ones &* 0x22)
      let backslash = word ^ (ones &* 0x5C)
      // A high bit marks a byte below 0x20, a quotation mark, a backslash, or one beyond ASCII. A borrow can set a
      // false mark above a true one only, and the lowest is taken.
      let marks = ((word &- ones &* 0x20) | (quote &- ones) | (backslash &- ones) | word) & highs
      if marks != 0 { return position &+ marks.trailingZeroBitCount &>> 3 }
      position &+= 8
    }
    while position < end {
      let byte = base[position]
      if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte >= 0x80 { break }
      position &+= 1
    }
    return position
  }

  mutating func escape() throws(JSONError) {
    let start = position
    guard position + 1 < end else { throw JSONError(.unexpectedEnd, at: end) }
    switch base[position + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 2
    case UInt8(ascii: "u"):
      position += 2
      let unit = try hexadecimal()
      if unit & 0xFC00 == 0xDC00 { throw JSONError(.loneSurrogate, at: start) }
      if unit & 0xFC00 == 0xD800 {
        guard position + 1 < end, base[position] == UInt8(ascii: "\\"), base[position + 1] == UInt8(ascii: "u")
        else { throw JSONError(.loneSurrogate, at: start) }
        position += 2
        guard try hexadecimal() & 0xFC00 == 0xDC00 else { throw JSONError(.loneSurrogate, at: start) }
      }
    default:
      throw JSONError(.invalidEscape, at: start)
    }
  }

  mutating func hexadecimal() throws(JSONError) -> UInt16 {
    guard position + 4 <= end else { throw JSONError(.unexpectedEnd, at: end) }
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = JSONEscapes.hexadecimalDigit(base[position]) else {
        throw JSONError(.invalidEscape, at: position)
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  /// One character beyond ASCII, by the table of well-formed sequences (Unicode, table 3-7).
  @inline(__always)
  mutating func multibyte() throws(JSONError) {
    let length: Int
    var low: UInt8 = 0x80
    var high: UInt8 = 0xBF
    switch base[position] {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, low) = (3, 0xA0)
    case 0xE1...0xEC, 0xEE, 0xEF: length = 3
    case 0xED: (length, high) = (3, 0x9F)
    case 0xF0: (length, low) = (4, 0x90)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, high) = (4, 0x8F)
    default: throw JSONError(.invalidUTF8, at: position)
    }
    guard position + length <= end, base[position + 1] >= low, base[position + 1] <= high else {
      throw JSONError(.invalidUTF8, at: position)
    }
    if length > 2, base[position + 2] & 0xC0 != 0x80 { throw JSONError(.invalidUTF8, at: position) }
    if length > 3, base[position + 3] & 0xC0 != 0x80 { throw JSONError(.invalidUTF8, at: position) }
    position &+= length
  }

  /// Two names are one if they are equal after their escapes are resolved.
  @inline(__always)
  func refuseDuplicates(in object: Int, _ members: Int) throws(JSONError) {
    guard members <= 16 else { return try refuseDuplicatesByHash(in: object, members) }
    var left = object &+ 1
    for rank in 1..<members {
      let name = nodes[left]
      var right = Int(nodes[left &+ 1].next)
      for _ in rank..<members {
        let other = nodes[right]
        if (name.info | other.info) & JSONTape.Node.escaped != 0 {
          return try refuseDuplicatesByHash(in: object, members)
        }
        let length = name.end &- name.start
        if length == other.end &- other.start,
          memcmp(base + Int(name.start), base + Int(other.start), Int(length)) == 0
        {
          throw JSONError(.duplicateName, at: Int(other.start) - 1)
        }
        right = Int(nodes[right &+ 1].next)
      }
      left = Int(nodes[left &+ 1].next)
    }
  }

  func refuseDuplicatesByHash(in object: Int, _ members: Int) throws(JSONError) {
    var table = NameTable(count: members)
    var index = object + 1
    for _ in 0..<members {
      let hash = withName(index, NameTable.hash)
      let other = table.insert(index, hash: hash) { other in
        withName(index) { name in withName(other) { name.equals($0) } }
      }
      guard other == nil else { throw JSONError(.duplicateName, at: Int(nodes[index].start) - 1) }
      index = Int(nodes[index + 1].next)
    }
  }

  func withName<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let node = nodes[index]
    let text = UnsafeBufferPointer(start: base + Int(node.start), count: Int(node.end &- node.start))
    return node.isEscaped ? JSONEscapes.resolve(text).withUnsafeBufferPointer(body) : body(text)
  }
}
