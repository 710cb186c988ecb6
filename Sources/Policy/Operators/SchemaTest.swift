import Wire

/// `schema`: as a JSON Schema (2020-12) demands.
struct SchemaTest: Operator {
  static let name = "schema"

  private let schema: Schema

  init(operand: JSON) throws(OperandError) {
    schema = try Schema(operand)
  }

  /// Unknown where the schema could not be held against all of the value.
  func judge(_ value: JSONValue?) -> Truth {
    guard let value else { return .unknown }
    switch schema.judge(value) {
    case .valid: return .holds
    case .invalid: return .fails
    case .stopped: return .unknown
    }
  }

  func isMeant(for value: JSONValue) -> Bool { true }

  var admitted: Admitted { .everything }

  func demand(of value: JSONValue?) -> String {
    guard let value else { return "must fit its schema; it is missing" }
    switch schema.judge(value) {
    case .valid: return "must fit its schema"
    case .invalid(let violations):
      guard let first = violations.first else { return "must fit its schema" }
      if first.path.isEmpty { return Excerpt.line(first.demand, limit: 230) }
      return Excerpt.line("must fit its schema: \(first.path) \(first.demand)", limit: 230)
    case .stopped(let stop): return Excerpt.line("must fit its schema, and is not judged: \(stop.reason)", limit: 230)
    }
  }
}
