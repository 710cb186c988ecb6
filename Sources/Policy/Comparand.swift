import Wire

/// An operand that values are compared with: by exact decimal value and by code point.
final class Comparand: Sendable {
  private enum Form: Sendable {
    case null
    case bool(Bool)
    case number(ExactNumber)
    /// In UTF-8.
    case string([UInt8])
    case array([Form])
    case object([(name: [UInt8], value: Form)])
  }

  private let form: Form
  /// The operand as it was written.
  let json: JSON
  /// What the operand is.
  let kind: JSONValue.Kind

  /// An operand that is compared.
  init(_ json: JSON) {
    self.json = json
    kind = json.kind
    form = Comparand.form(json)
  }

  private static func form(_ json: JSON) -> Form {
    switch json {
    case .null: .null
    case .bool(let value): .bool(value)
    case .number(let number): .number(number)
    case .string(let text): .string(Array(text.utf8))
    case .array(let elements): .array(elements.map(form))
    case .object(let members): .object(members.map { (Array($0.name.text.utf8), form($0.value)) })
    }
  }

  /// Whether the value equals the operand; unknown where they are of different kinds and the dialect does not compare
  /// those.
  func compare(_ value: JSONValue, _ dialect: Dialect) -> Truth {
    if value.kind == kind { return Comparand.equal(form, value) ? .holds : .fails }
    guard dialect == .intercept, Comparand.hasText(kind), Comparand.hasText(value.kind) else { return .unknown }
    return equalsAsText(value) ? .holds : .fails
  }

  private static func equal(_ form: Form, _ value: JSONValue) -> Bool {
    switch form {
    case .null: return value.isNull
    case .bool(let expected): return value.bool == expected
    case .number(let expected): return value.number == expected
    case .string(let expected): return value.equals(expected)
    case .array(let expected):
      guard value.kind == .array, value.count == expected.count else { return false }
      var elements = value.elements
      for form in expected {
        guard let element = elements.next(), equal(form, element) else { return false }
      }
      return true
    case .object(let expected):
      guard value.kind == .object, value.count == expected.count else { return false }
      return expected.allSatisfy { name, form in value.member(name).map { equal(form, $0) } ?? false }
    }
  }

  /// Whether a value of the kind compares with texts in Intercept v1, null as one that equals none. There a boolean does
  /// too; a server that takes `"true"` for something else than `true` would be talked round.
  private static func hasText(_ kind: JSONValue.Kind) -> Bool {
    switch kind {
    case .null, .number, .string: true
    case .bool, .array, .object: false
    }
  }

  /// As Intercept v1 compares what is not of one kind: by the texts, a number's being its decimal digits. Null has none.
  private func equalsAsText(_ value: JSONValue) -> Bool {
    guard let text = Comparand.text(value) else { return false }
    return switch form {
    case .number(let number): text == Array(number.description.utf8)
    case .string(let expected): text == expected
    case .null, .bool, .array, .object: false
    }
  }

  private static func text(_ value: JSONValue) -> [UInt8]? {
    switch value.kind {
    case .number: value.number.map { Array($0.description.utf8) }
    case .string: value.withText { Array($0) }
    case .null, .bool, .array, .object: nil
    }
  }
}
