import Wire

/// `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum` and `multipleOf`: of numbers, exactly.
enum NumberKeywords {
  static func compile(_ schema: SchemaObject) throws(OperandError) -> [any SchemaKeyword] {
    var bounds: [Bound] = []
    for comparison in Comparison.allCases {
      // Up to draft 4 the exclusive ones were flags beside the others.
      if case .bool? = schema[Name(comparison.rawValue)], comparison.flagged != nil { continue }
      guard let number = try schema.number(Name(comparison.rawValue)) else { continue }
      var isExclusive = false
      if let flag = comparison.flag, case .bool(true)? = schema[flag] { isExclusive = true }
      bounds.append(Bound(comparison: isExclusive ? comparison.exclusive : comparison, number: number))
    }
    var keywords: [any SchemaKeyword] = bounds.isEmpty ? [] : [Bounds(bounds: bounds)]
    if let divisor = try schema.number("multipleOf") {
      guard !divisor.isNegative, ExactNumber(0).isMultiple(of: divisor) != nil else {
        throw schema.wrong("multipleOf", "multipleOf is a number above 0 of at most 19 digits")
      }
      keywords.append(Multiple(divisor: divisor))
    }
    return keywords
  }

  private enum Comparison: String, CaseIterable {
    case minimum, maximum, exclusiveMinimum, exclusiveMaximum

    /// The flag that makes it exclusive.
    var flag: Name? {
      switch self {
      case .minimum: "exclusiveMinimum"
      case .maximum: "exclusiveMaximum"
      case .exclusiveMinimum, .exclusiveMaximum: nil
      }
    }

    /// What it is a flag of.
    var flagged: Name? {
      switch self {
      case .minimum, .maximum: nil
      case .exclusiveMinimum: "minimum"
      case .exclusiveMaximum: "maximum"
      }
    }

    var exclusive: Comparison {
      switch self {
      case .minimum, .exclusiveMinimum: .exclusiveMinimum
      case .maximum, .exclusiveMaximum: .exclusiveMaximum
      }
    }

    func holds(_ number: ExactNumber, _ bound: ExactNumber) -> Bool {
      switch self {
      case .minimum: number >= bound
      case .maximum: number <= bound
      case .exclusiveMinimum: number > bound
      case .exclusiveMaximum: number < bound
      }
    }

    var words: String {
      switch self {
      case .minimum: "at least"
      case .maximum: "at most"
      case .exclusiveMinimum: "more than"
      case .exclusiveMaximum: "less than"
      }
    }
  }

  private struct Bound {
    let comparison: Comparison
    let number: ExactNumber
  }

  private struct Bounds: SchemaKeyword {
    let bounds: [Bound]

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .number else { return true }
      try run.spend(reading: value)
      guard let number = value.number else { return false }
      for bound in bounds where !bound.comparison.holds(number, bound.number) {
        run.object(
          "must be \(bound.comparison.words) \(Excerpt.shown(.number(bound.number))); \(SchemaRun.seen(value))")
        return false
      }
      return true
    }
  }

  private struct Multiple: SchemaKeyword {
    let divisor: ExactNumber

    func judge(
      _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
    ) throws(SchemaStop) -> Bool {
      guard value.kind == .number else { return true }
      try run.spend(reading: value)
      if value.number?.isMultiple(of: divisor) ?? false { return true }
      run.object("must be a multiple of \(Excerpt.shown(.number(divisor))); \(SchemaRun.seen(value))")
      return false
    }
  }
}
