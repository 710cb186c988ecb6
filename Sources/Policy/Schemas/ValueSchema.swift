public import Wire

/// A JSON Schema (2020-12) that a policy's author writes for a value of the policy itself, such as a parameter.
///
/// Like the operator `schema`: a misspelt keyword, an unknown format or a reference that leads nowhere is a mistake.
public struct ValueSchema: Sendable {
  private let schema: Schema

  /// Compiles a schema.
  ///
  /// - Throws: the first mistake in it, and where.
  public init(_ json: JSON) throws(OperandError) {
    schema = try Schema(json)
  }

  /// What is wrong with a value: the way to the part at fault, empty for the whole, and what is demanded of it, which
  /// begins with `must`. Nil if it fits.
  public func objection(to value: JSON) -> (path: String, demand: String)? {
    guard let tape = try? value.tape() else { return ("", "must nest less deep") }
    switch schema.judge(tape.root) {
    case .valid: return nil
    case .invalid(let violations):
      guard let first = violations.first else { return ("", "must fit its schema") }
      return (Excerpt.line(first.path, limit: 100), Excerpt.line(first.demand, limit: 230))
    case .stopped(let stop):
      return ("", Excerpt.line("must be such that its schema can judge it: \(stop.reason)", limit: 230))
    }
  }
}
