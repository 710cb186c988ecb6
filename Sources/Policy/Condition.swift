public import Wire

/// What a condition comes to. `unknown` stays unknown through `not`; `any` and `all` follow Kleene's logic.
public enum Truth: Sendable, Equatable {
  case holds
  case fails
  /// The condition cannot be judged: its path leads nowhere, or the value is of another kind than it needs.
  case unknown

  /// What `not` makes of it.
  public var negated: Truth {
    switch self {
    case .holds: .fails
    case .fails: .holds
    case .unknown: .unknown
    }
  }
}

/// A condition over a call.
public indirect enum Condition: Sendable {
  /// Every one holds.
  case all([Condition])
  /// At least one holds.
  case any([Condition])
  /// It fails.
  case not(Condition)
  /// A value of the call, judged by operators.
  case test(Test)
  /// A counter, judged by the value that the call would make it.
  case count(CountTest)

  /// One path and the operators that its value must satisfy, all of them.
  public struct Test: Sendable {
    /// Where the value is, or the values.
    public var path: Path
    /// What it must satisfy.
    public var operators: [any Operator]
    /// Stands in for an absent value.
    public var fallback: JSONValue?
    /// Whether an absent value satisfies the test.
    public var optional: Optionality
    /// Where the test stands.
    public var place: Place

    /// What `optional:` says.
    public enum Optionality: Sendable {
      /// Absent is unknown.
      case required
      /// `optional: true`: absent or null holds.
      case absentOrNull
      /// `optional: blank`: an empty string too.
      case absentNullOrBlank
    }

    /// A test of the value at `path`.
    public init(
      path: Path, operators: [any Operator], fallback: JSONValue? = nil, optional: Optionality = .required, place: Place
    ) {
      self.path = path
      self.operators = operators
      self.fallback = fallback
      self.optional = optional
      self.place = place
    }
  }
}

/// One operator with its operand, compiled.
public protocol Operator: Sendable {
  /// Its name in a policy: `starts_with`.
  static var name: String { get }

  /// Compiles the operand.
  ///
  /// - Throws: what is wrong with the operand, and where in it.
  init(operand: JSON) throws(OperandError)

  /// Judges a value; nil where the path leads nowhere. Pure.
  func judge(_ value: JSONValue?) -> Truth

  /// Completes the sentence "args.prompt …", for refusals and traces: `must be at most 2000 characters long`,
  /// and for `url` which part of the value is at fault. Begins with `must`, and what it repeats of the value is short.
  func demand(of value: JSONValue?) -> String

  /// Whether a value that cannot be judged is of the kind that the operator judges all the same, in an odd spelling:
  /// then `**` does not pass over it.
  func isMeant(for value: JSONValue) -> Bool

  /// Whether every value can be judged, an absent one too, by its sort: what it is, and whether it is empty or blank.
  static var isAlwaysJudged: Bool { get }

  /// What can be told, without any call, of the values for which it holds.
  var admitted: Admitted { get }
}

extension Operator {
  /// What an operator judges, it judges in every spelling.
  public func isMeant(for value: JSONValue) -> Bool { false }

  /// Most operators need a value of a certain kind.
  public static var isAlwaysJudged: Bool { false }
}

/// What is wrong with an operand.
public struct OperandError: Error, Sendable, Equatable {
  /// One step into an operand.
  public enum Step: Sendable, Hashable {
    case member(String)
    case element(Int)
  }

  /// The way from the operand to the part at fault.
  public var path: [Step]
  /// What is wrong.
  public var message: String
  /// What to write instead.
  public var hint: String?
  /// What else is wrong with the operand, each with a way of its own.
  public var others: [OperandError] = []

  /// A message about the part of an operand at `path`.
  public init(_ message: String, hint: String? = nil, at path: [Step] = []) {
    self.path = path
    self.message = message
    self.hint = hint
  }

  /// This mistake and the others, each by itself.
  public var all: [OperandError] {
    var first = self
    first.others = []
    return [first] + others.flatMap(\.all)
  }

  /// All of them as one; nil where there are none.
  init?(_ errors: [OperandError]) {
    guard let first = errors.first else { return nil }
    self = first
    others += errors.dropFirst()
  }
}

extension Sequence {
  /// Reads each element. Goes on after a mistake, so that all of them are told at once.
  func readingEach<Result>(
    _ read: (Element) throws(OperandError) -> Result
  ) throws(OperandError) -> [Result] {
    var results: [Result] = []
    var errors: [OperandError] = []
    for element in self {
      do throws(OperandError) {
        results.append(try read(element))
      } catch {
        errors.append(error)
      }
    }
    if let error = OperandError(errors) { throw error }
    return results
  }
}
