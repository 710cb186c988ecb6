import Wire

/// `contains`: a string that has the operand in it, by code point, or a list that has it as an element.
///
/// Of a list in which no element is the operand, and some cannot be compared with it, it cannot be said.
struct Contains: ComparingOperator {
  static let name = "contains"

  private let part: Comparand
  private let text: [UInt8]?
  private let dialect: Dialect

  init(operand: JSON, dialect: Dialect) {
    part = Comparand(operand)
    text = if case .string(let text) = operand { Array(text.utf8) } else { nil }
    self.dialect = dialect
  }

  func judge(_ value: JSONValue?) -> Truth {
    switch value?.kind {
    case .string:
      guard let text, let value else { return .unknown }
      return value.withText { Contains.find(text, in: $0) } ? .holds : .fails
    case .array:
      guard let value else { return .unknown }
      var result = Truth.fails
      for element in value.elements {
        switch part.compare(element, dialect) {
        case .holds: return .holds
        case .unknown: result = .unknown
        case .fails: break
        }
      }
      return result
    default: return .unknown
    }
  }

  /// In time linear in the text for all but contrived operands, and those are the policy's own.
  private static func find(_ part: [UInt8], in text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = part.first else { return true }
    guard text.count >= part.count else { return false }
    for start in 0...(text.count - part.count) where text[start] == first {
      var offset = 1
      while offset < part.count, text[start + offset] == part[offset] { offset += 1 }
      if offset == part.count { return true }
    }
    return false
  }

  var admitted: Admitted { Admitted(kinds: text == nil ? .array : [.array, .string]) }

  func demand(of value: JSONValue?) -> String {
    let demand = "must contain \(Excerpt.shown(part.json))"
    if let value, value.kind == .array, judge(value) == .unknown,
      let odd = value.elements.first(where: { part.compare($0, dialect) == .unknown })
    {
      return "\(demand); it holds \(Excerpt.shown(odd)), which cannot be compared with that"
    }
    return "\(demand); \(Self.seen(value))"
  }
}
