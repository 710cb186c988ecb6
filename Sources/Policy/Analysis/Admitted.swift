import Wire

/// What can be told, without any call, of the values for which an operator holds: never fewer than those, and often
/// more.
public struct Admitted: Sendable {
  /// Kinds of values, an absent one among them.
  public struct Kinds: OptionSet, Sendable {
    /// One bit for each kind.
    public let rawValue: UInt8

    /// The kinds of these bits.
    public init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    static let absent = Kinds(rawValue: 1)
    static let null = Kinds(rawValue: 2)
    static let bool = Kinds(rawValue: 4)
    static let number = Kinds(rawValue: 8)
    static let string = Kinds(rawValue: 16)
    static let array = Kinds(rawValue: 32)
    static let object = Kinds(rawValue: 64)
    static let everything = Kinds(rawValue: 127)

    init(_ kind: JSONValue.Kind) {
      switch kind {
      case .null: self = .null
      case .bool: self = .bool
      case .number: self = .number
      case .string: self = .string
      case .array: self = .array
      case .object: self = .object
      }
    }
  }

  /// What else the values have in common.
  enum Trait: Sendable {
    case none
    /// They are among these.
    case values([JSON])
    /// Numbers from a lower bound to an upper one.
    case numbers(Interval)
    /// As long as one of these says.
    case lengths(ClosedRange<Int>)
    /// They begin with this text, in UTF-8.
    case prefix([UInt8])
    /// They end with this text.
    case suffix([UInt8])
  }

  /// A lower and an upper bound, of which each may be missing, and may itself belong to the numbers or not.
  struct Interval: Sendable {
    var low: ExactNumber?
    var high: ExactNumber?
    var isOpen = false

    /// Whether no number is in both.
    func excludes(_ other: Interval) -> Bool {
      Interval.isBeyond(self, other) || Interval.isBeyond(other, self)
    }

    /// Whether one ends before the other begins.
    private static func isBeyond(_ one: Interval, _ other: Interval) -> Bool {
      guard let high = one.high, let low = other.low else { return false }
      return high < low || high == low && (one.isOpen || other.isOpen)
    }
  }

  var kinds: Kinds
  var trait = Trait.none

  /// Nothing can be told.
  static let everything = Admitted(kinds: .everything)
  /// Nothing but that they are strings.
  static let strings = Admitted(kinds: .string)

  init(kinds: Kinds, _ trait: Trait = .none) {
    self.kinds = kinds
    self.trait = trait
  }

  /// Values that are among these.
  init(values: [JSON]) {
    kinds = values.reduce(into: []) { $0.insert(Kinds($1.kind)) }
    trait = .values(values)
  }
}

extension Operator {
  /// Whether no value satisfies both operators.
  func excludes(_ other: any Operator) -> Bool {
    let (mine, others) = (admitted, other.admitted)
    if mine.kinds.isDisjoint(with: others.kinds) { return true }
    switch (mine.trait, others.trait) {
    case (.values(let values), _): return !values.contains { other.mayHold(of: $0) }
    case (_, .values(let values)): return !values.contains { self.mayHold(of: $0) }
    case (.numbers(let one), .numbers(let other)): return one.excludes(other)
    case (.lengths(let one), .lengths(let other)): return !one.overlaps(other)
    case (.prefix(let one), .prefix(let other)): return !one.starts(with: other) && !other.starts(with: one)
    case (.suffix(let one), .suffix(let other)):
      return !one.reversed().starts(with: other.reversed()) && !other.reversed().starts(with: one.reversed())
    default: return false
    }
  }

  private func mayHold(of value: JSON) -> Bool {
    guard let value = try? value.tape().root else { return true }
    return judge(value) == .holds
  }
}
