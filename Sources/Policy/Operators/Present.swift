import Wire

/// `present`: there, and neither null nor empty nor blank; with `false`, the contrary. Always judged.
struct Present: Operator {
  static let name = "present"
  static var isAlwaysJudged: Bool { true }

  private let wanted: Bool

  init(operand: JSON) throws(OperandError) {
    guard case .bool(let wanted) = operand else {
      throw OperandError(
        "present is true or false, not \(operand.kind.phrase)", hint: "write true or false, without quotes")
    }
    self.wanted = wanted
  }

  func judge(_ value: JSONValue?) -> Truth {
    (value.map(Blankness.isPresent) ?? false) == wanted ? .holds : .fails
  }

  var admitted: Admitted {
    Admitted(kinds: wanted ? .everything.subtracting([.absent, .null]) : .everything)
  }

  func demand(of value: JSONValue?) -> String {
    wanted ? "must be there and not blank; \(Self.seen(value))" : "must be absent, null or blank; \(Self.seen(value))"
  }
}
