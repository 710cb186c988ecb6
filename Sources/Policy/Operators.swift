public import Wire

/// The operators that conditions have.
public enum Operators {
  /// Each operator: the one list of them.
  static let all: [any Operator.Type] = [
    Contains.self, EndsWith.self, Equals.self, Exists.self, FormatTest.self, GlobMatch.self, Greater.self,
    GreaterOrEqual.self, IPTest.self, In.self, Length.self, Less.self, LessOrEqual.self, NotEquals.self, NotIn.self,
    PlainTextTest.self, Present.self, Regex.self, SchemaTest.self, StartsWith.self, TypeTest.self, URLTest.self,
  ]

  private static let byName: [Name: any Operator.Type] = Dictionary(
    all.map { (Name($0.name), $0) }, uniquingKeysWith: { first, _ in first })

  /// Every operator's name, sorted.
  public static let names: [String] = all.map { $0.name }.sorted()

  /// The operator of that name with that operand, as the dialect means it; nil where there is none of that name.
  ///
  /// - Throws: what is wrong with the operand, and where in it.
  public static func make(
    _ name: String, operand: JSON, dialect: Dialect = .moongate
  ) throws(OperandError) -> (any Operator)? {
    guard let type = byName[Name(name)] else { return nil }
    if let type = type as? any ComparingOperator.Type { return try type.init(operand: operand, dialect: dialect) }
    return try type.init(operand: operand)
  }
}

/// An operator whose comparisons depend on the dialect.
protocol ComparingOperator: Operator {
  init(operand: JSON, dialect: Dialect) throws(OperandError)
}

extension ComparingOperator {
  init(operand: JSON) throws(OperandError) {
    try self.init(operand: operand, dialect: .moongate)
  }
}

extension Operator {
  /// `it is …`, about a value: how a demand says what was there instead.
  static func seen(_ value: JSONValue?) -> String {
    guard let value else { return "it is missing" }
    switch value.kind {
    case .array, .object: return "it is \(value.kind.phrase)"
    default: return "it is \(Excerpt.shown(value))"
    }
  }

  /// The text that an operand has to be.
  static func text(_ operand: JSON, hint: String) throws(OperandError) -> String {
    guard case .string(let text) = operand else {
      throw OperandError("\(name) needs a string, not \(operand.kind.phrase)", hint: hint)
    }
    return text
  }
}
