import Wire

/// `length`: a string's code points, a list's elements or an object's members: as many as the operand says.
struct Length: Operator {
  static let name = "length"

  private let bounds: [(comparison: Relation, bound: Int)]

  init(operand: JSON) throws(OperandError) {
    switch operand {
    case .number: bounds = [(.eq, try Length.bound(operand, at: []))]
    case .object(let members):
      guard !members.isEmpty else { throw OperandError("length compares with nothing", hint: "{ lte: 2000 }") }
      bounds = try members.readingEach { name, value throws(OperandError) in
        guard let comparison = Relation.allCases.first(where: { Name($0.rawValue) == name }) else {
          throw OperandError(
            "length has no \(Excerpt.quoted(name.text))",
            hint: Spelling.hint(for: name.text, among: Relation.allCases.map(\.rawValue)), at: [.member(name.text)])
        }
        return (comparison, try Length.bound(value, at: [.member(name.text)]))
      }
    default: throw OperandError("length needs a number or a map, not \(operand.kind.phrase)", hint: "{ lte: 2000 }")
    }
  }

  private static func bound(_ operand: JSON, at path: [OperandError.Step]) throws(OperandError) -> Int {
    guard case .number(let number) = operand, let bound = number.int64, bound >= 0 else {
      throw OperandError("a length is a whole number of at least 0", at: path)
    }
    return Int(bound)
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let length = value.flatMap(Length.length) else { return .unknown }
    return bounds.allSatisfy { $0.comparison.holds(length, $0.bound) } ? .holds : .fails
  }

  private static func length(_ value: JSONValue) -> Int? {
    switch value.kind {
    case .string: value.withText(codePoints)
    case .array, .object: value.count
    case .null, .bool, .number: nil
    }
  }

  /// Every byte but those that continue a code point begins one.
  static func codePoints(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var count = text.count
    var position = 0
    let raw = UnsafeRawBufferPointer(text)
    while position + 8 <= text.count {
      let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      // The high bit is set and the one below it is not.
      count -= (word & ~(word &<< 1) & 0x8080_8080_8080_8080).nonzeroBitCount
      position += 8
    }
    for byte in text[position...] where byte & 0xC0 == 0x80 { count -= 1 }
    return count
  }

  var admitted: Admitted {
    var range = (low: 0, high: Int.max)
    for (comparison, bound) in bounds {
      switch comparison {
      case .eq: range = (Swift.max(range.low, bound), Swift.min(range.high, bound))
      case .neq: break
      case .lt: range.high = Swift.min(range.high, Swift.max(bound, 1) - 1)
      case .lte: range.high = Swift.min(range.high, bound)
      case .gt: range.low = Swift.max(range.low, bound == Int.max ? bound : bound + 1)
      case .gte: range.low = Swift.max(range.low, bound)
      }
    }
    // Bounds that contradict each other leave nothing.
    guard range.low <= range.high else { return Admitted(kinds: []) }
    return Admitted(kinds: [.string, .array, .object], .lengths(range.low...range.high))
  }

  func demand(of value: JSONValue?) -> String {
    let wanted = bounds.map { "\($0.comparison.words) \($0.bound)" }.joined(separator: " and ")
    switch value?.kind {
    case .array: return "must have \(wanted) elements; it has \(value?.count ?? 0)"
    case .object: return "must have \(wanted) members; it has \(value?.count ?? 0)"
    case .string: return "must be \(wanted) characters long; it has \(value.flatMap(Length.length) ?? 0)"
    default: return "must be \(wanted) characters long; \(Self.seen(value))"
    }
  }
}

extension Relation {
  fileprivate var words: String {
    switch self {
    case .eq: "exactly"
    case .neq: "not"
    case .lt: "less than"
    case .lte: "at most"
    case .gt: "more than"
    case .gte: "at least"
    }
  }
}
