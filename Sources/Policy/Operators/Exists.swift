import Wire

/// `exists`: there and not null; with `false`, absent or null. Always judged.
struct Exists: Operator {
  static let name = "exists"
  static var isAlwaysJudged: Bool { true }

  private let wanted: Bool

  init(operand: JSON) throws(OperandError) {
    guard case .bool(let wanted) = operand else {
      throw OperandError(
        "exists is true or false, not \(operand.kind.phrase)", hint: "write true or false, without quotes")
    }
    self.wanted = wanted
  }

  func judge(_ value: JSONValue?) -> Truth {
    (value.map { !$0.isNull } ?? false) == wanted ? .holds : .fails
  }

  var admitted: Admitted {
    let nothing: Admitted.Kinds = [.absent, .null]
    return Admitted(kinds: wanted ? .everything.subtracting(nothing) : nothing)
  }

  func demand(of value: JSONValue?) -> String {
    wanted ? "must be there; \(Self.seen(value))" : "must be absent or null; \(Self.seen(value))"
  }
}
