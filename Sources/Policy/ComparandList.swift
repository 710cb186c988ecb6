import Wire

/// The list of `in` and `not_in`.
struct ComparandList: Sendable {
  private let elements: [Comparand]
  private let dialect: Dialect

  /// A list that an operator has as its operand.
  init(_ operand: JSON, _ dialect: Dialect, for name: String) throws(OperandError) {
    guard case .array(let elements) = operand else {
      throw OperandError("\(name) needs a list, not \(operand.kind.phrase)", hint: "[…]")
    }
    self.elements = elements.map { Comparand($0) }
    self.dialect = dialect
  }

  /// Whether the list has the value: unknown where the value is absent, can be compared with none of the elements, or is
  /// of the kind of one and differs from it in what cannot be compared. An empty list has nothing.
  func contains(_ value: JSONValue?) -> Truth {
    guard let value else { return .unknown }
    var result: Truth = elements.isEmpty ? .fails : .unknown
    var mayBeOne = false
    for index in elements.indices {
      switch elements[index].compare(value, dialect) {
      case .holds: return .holds
      case .fails: result = .fails
      case .unknown: if elements[index].kind == value.kind { mayBeOne = true }
      }
    }
    return mayBeOne ? .unknown : result
  }

  /// What can be told of its elements.
  var admitted: Admitted { dialect == .moongate ? Admitted(values: elements.map(\.json)) : .everything }

  /// The first elements, for a sentence.
  var shown: String {
    let first = elements.prefix(8).map { Excerpt.shown($0.json) }.joined(separator: ", ")
    return elements.isEmpty ? "an empty list" : elements.count > 8 ? first + ", …" : first
  }
}
