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
    case object([Member])
  }

  private struct Member: Sendable {
    let name: [UInt8]
    /// What all names fold to that could be taken for it.
    let folded: Name
    let value: Form
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
    case .object(let members):
      .object(
        members.map { name, value in
          Member(name: Array(name.text.utf8), folded: NameFolding.folded(name), value: form(value))
        })
    }
  }

  /// Whether the value equals the operand; unknown where they are of different kinds and the dialect does not compare
  /// those. Lists and objects compare by their parts, by Kleene's logic: of another length, or with other names, they
  /// differ, and one part that differs decides. A name that could be taken for one of the operand's leaves it unknown.
  func compare(_ value: JSONValue, _ dialect: Dialect) -> Truth {
    Comparand.compare(form, value, dialect)
  }

  private static func compare(_ form: Form, _ value: JSONValue, _ dialect: Dialect) -> Truth {
    switch form {
    case .null: if value.isNull { return .holds }
    case .bool(let expected):
      guard value.kind == .bool else { return .unknown }
      return value.bool == expected ? .holds : .fails
    case .number(let expected): if value.kind == .number { return value.number == expected ? .holds : .fails }
    case .string(let expected): if value.kind == .string { return value.equals(expected) ? .holds : .fails }
    case .array(let expected): return value.kind == .array ? compare(expected, value, dialect) : .unknown
    case .object(let expected): return value.kind == .object ? compare(expected, value, dialect) : .unknown
    }
    guard dialect == .intercept, Comparand.hasText(value.kind) else { return .unknown }
    return equalAsText(form, value) ? .holds : .fails
  }

  private static func compare(_ expected: [Form], _ list: JSONValue, _ dialect: Dialect) -> Truth {
    guard list.count == expected.count else { return .fails }
    var result = Truth.holds
    var elements = list.elements
    for form in expected {
      guard let element = elements.next() else { return .fails }
      switch compare(form, element, dialect) {
      case .fails: return .fails
      case .unknown: result = .unknown
      case .holds: break
      }
    }
    return result
  }

  private static func compare(_ expected: [Member], _ object: JSONValue, _ dialect: Dialect) -> Truth {
    var result: Truth = object.count == expected.count ? .holds : .fails
    for part in expected where result != .fails {
      guard let member = object.member(part.name) else {
        result = .fails
        break
      }
      switch compare(part.value, member, dialect) {
      case .fails: result = .fails
      case .unknown: result = .unknown
      case .holds: break
      }
    }
    return result == .fails && twin(of: expected, in: object) != nil ? .unknown : result
  }

  /// A member of the value, at any depth, whose name could be taken for one of the operand's at its place, which it is
  /// not; and that one.
  func twin(in value: JSONValue) -> (member: Name, name: Name)? {
    Comparand.twin(of: form, in: value)
  }

  private static func twin(of form: Form, in value: JSONValue) -> (member: Name, name: Name)? {
    switch form {
    case .array(let forms) where value.kind == .array:
      for (form, element) in zip(forms, value.elements) {
        if let twin = twin(of: form, in: element) { return twin }
      }
      return nil
    case .object(let members) where value.kind == .object:
      if let twin = twin(of: members, in: value) { return twin }
      for part in members {
        if let twin = value.member(part.name).flatMap({ twin(of: part.value, in: $0) }) { return twin }
      }
      return nil
    default: return nil
    }
  }

  private static func twin(of expected: [Member], in object: JSONValue) -> (member: Name, name: Name)? {
    for member in object.members {
      guard let name = member.name.name else { continue }
      let folded = NameFolding.folded(name)
      for part in expected where part.folded == folded && !part.name.elementsEqual(name.text.utf8) {
        return (name, Name(String(decoding: part.name, as: UTF8.self)))
      }
    }
    return nil
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
  private static func equalAsText(_ form: Form, _ value: JSONValue) -> Bool {
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
