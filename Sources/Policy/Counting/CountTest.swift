public import Wire

/// A counter of a rule's `state`: one count for the whole policy, by windows aligned to UTC.
public struct StateCounter: Sendable, Hashable {
  /// As conditions name it: `state.create_charge.daily_spend`.
  public let path: String
  /// Names the counter in a store: unique among the counters of a policy, the same after a reload of the same rule.
  public let counter: String
  /// The window's length in nanoseconds.
  public let window: Int64
  /// `fixed`, or `month`.
  public let algorithm: RateLimit.Algorithm

  /// A counter.
  public init(path: String, counter: String, window: Int64, algorithm: RateLimit.Algorithm) {
    self.path = path
    self.counter = counter
    self.window = window
    self.algorithm = algorithm
  }

  /// How a store is asked for it; `amount` 0 only looks.
  func reservation(amount: Amount) -> Reservation {
    Reservation(
      key: CounterKey(counter: counter, partition: []), max: nil, window: window, algorithm: algorithm, amount: amount)
  }
}

/// How much a call adds to what is counted.
public enum Cost: Sendable {
  /// The same for every call.
  case fixed(Amount)
  /// What the call says itself.
  case value(Path)
}

/// What a rule's `state` counts.
public struct StateIncrement: Sendable {
  /// In which counter.
  public var counter: StateCounter
  /// How much.
  public var cost: Cost

  /// A counter, and what a call adds to it.
  public init(counter: StateCounter, cost: Cost) {
    self.counter = counter
    self.cost = cost
  }
}

/// A condition on a counter: it sees the value that the call would make it.
public struct CountTest: Sendable {
  /// Which counter.
  public let counter: StateCounter
  /// Where the test stands.
  public let place: Place
  /// What its operators come to, all of them together.
  let form: Form
  /// The operators as the policy has them.
  let words: String

  /// What an operator says of a count.
  indirect enum Form: Sendable {
    case always(Bool)
    case relation(Relation, Amount)
    case all([Form])
    case any([Form])
  }

  /// The operators that can judge a count.
  static let operators = ["eq", "neq", "in", "not_in", "lt", "lte", "gt", "gte", "exists"]

  /// A test by operators, each with its operand.
  ///
  /// - Throws: which operator cannot judge a count, or which operand it cannot use.
  public init(
    _ counter: StateCounter, _ operators: [(name: String, operand: JSON)], dialect: Dialect, place: Place
  ) throws(OperandError) {
    self.counter = counter
    self.place = place
    var forms: [Form] = []
    for (name, operand) in operators { forms.append(try CountTest.form(name, operand, dialect)) }
    form = forms.count == 1 ? forms[0] : .all(forms)
    words = operators.map { "\($0.name) \(Excerpt.shown($0.operand))" }.joined(separator: ", ")
  }

  /// What one operator says of a count.
  private static func form(_ name: String, _ operand: JSON, _ dialect: Dialect) throws(OperandError) -> Form {
    switch name {
    case "in", "not_in":
      guard case .array(let elements) = operand else {
        throw OperandError("\(name) needs a list, not \(operand.kind.phrase)", hint: "[…]")
      }
      var forms: [Form] = []
      for (position, element) in elements.enumerated() {
        do {
          forms.append(try equality(name == "in" ? .eq : .neq, name, element, dialect))
        } catch {
          throw OperandError(error.message, hint: error.hint, at: [.element(position)] + error.path)
        }
      }
      if forms.isEmpty { return .always(name == "not_in") }
      return name == "in" ? .any(forms) : .all(forms)
    case "exists":
      guard case .bool(let wanted) = operand else {
        throw OperandError("exists is true or false, not \(operand.kind.phrase)")
      }
      // A count that nothing has been added to is 0, and there.
      return .always(wanted)
    case "eq": return try equality(.eq, name, operand, dialect)
    case "neq": return try equality(.neq, name, operand, dialect)
    default:
      guard let relation = Relation(rawValue: name) else {
        throw OperandError(
          "\(name) cannot judge a count, which is a number", hint: CountTest.operators.joined(separator: ", "))
      }
      guard case .number(let number) = operand else {
        throw OperandError("\(name) needs a number, not \(operand.kind.phrase)")
      }
      return .relation(relation, try amount(number))
    }
  }

  private static func equality(
    _ relation: Relation, _ name: String, _ operand: JSON, _ dialect: Dialect
  ) throws(OperandError) -> Form {
    switch operand {
    case .number(let number): return .relation(relation, try amount(number))
    case .string(let text) where dialect == .intercept:
      // As there: a text equals the number whose digits it is.
      if let number = ExactNumber(text), number.description == text { return .relation(relation, try amount(number)) }
      return .always(relation == .neq)
    default:
      throw OperandError("a count is a number, and \(name) compares it with \(operand.kind.phrase)")
    }
  }

  private static func amount(_ number: ExactNumber) throws(OperandError) -> Amount {
    guard let amount = Amount(number) else {
      throw OperandError("\(number) is beyond what is counted", hint: Amount.bounds)
    }
    return amount
  }
}

extension Amount {
  /// What an amount can be, for messages.
  package static let bounds = "a number with up to 24 digits before the point and 12 behind it"
}
