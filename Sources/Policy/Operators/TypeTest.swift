import Wire

/// `type`: of one of the kinds named. Always judged.
struct TypeTest: Operator {
  static let name = "type"
  static var isAlwaysJudged: Bool { true }

  private enum Kind: String, CaseIterable {
    case string, number, integer, boolean, array, object, null, absent

    func matches(_ value: JSONValue?) -> Bool {
      switch self {
      case .absent: value == nil
      case .null: value?.kind == .null
      case .string: value?.kind == .string
      case .number: value?.kind == .number
      case .integer: value?.number?.isWhole ?? false
      case .boolean: value?.kind == .bool
      case .array: value?.kind == .array
      case .object: value?.kind == .object
      }
    }

    var admitted: Admitted.Kinds {
      switch self {
      case .string: .string
      case .number, .integer: .number
      case .boolean: .bool
      case .array: .array
      case .object: .object
      case .null: .null
      case .absent: .absent
      }
    }
  }

  private let kinds: [Kind]

  init(operand: JSON) throws(OperandError) {
    guard case .array(let elements) = operand else {
      kinds = [try TypeTest.kind(operand, at: [])]
      return
    }
    guard !elements.isEmpty else { throw OperandError("type names no kind", hint: TypeTest.hint) }
    kinds = try elements.enumerated().readingEach { position, element throws(OperandError) in
      try TypeTest.kind(element, at: [.element(position)])
    }
  }

  /// `null` is a kind's name and, in YAML, a value.
  private static func kind(_ operand: JSON, at path: [OperandError.Step]) throws(OperandError) -> Kind {
    if case .null = operand { return .null }
    guard case .string(let text) = operand else {
      throw OperandError("type needs the name of a kind, not \(operand.kind.phrase)", hint: hint, at: path)
    }
    guard let kind = Kind.allCases.first(where: { $0.rawValue.utf8.elementsEqual(text.utf8) }) else {
      throw OperandError(
        "there is no kind \(Excerpt.quoted(text))",
        hint: Spelling.hint(for: text, among: Kind.allCases.map(\.rawValue)), at: path)
    }
    return kind
  }

  private static let hint = "possible here: " + Kind.allCases.map(\.rawValue).joined(separator: ", ")

  func judge(_ value: JSONValue?) -> Truth {
    kinds.contains { $0.matches(value) } ? .holds : .fails
  }

  var admitted: Admitted {
    Admitted(kinds: kinds.reduce(into: []) { $0.insert($1.admitted) })
  }

  func demand(of value: JSONValue?) -> String {
    let names = kinds.map(\.rawValue).joined(separator: " or ")
    let seen = value.map { $0.kind == .bool ? "boolean" : "\($0.kind)" } ?? "absent"
    return
      "must be of type \(names); it is \(seen == "number" ? "the number " + (value.map(Excerpt.shown) ?? "") : seen)"
  }
}
