import BasicContainers
import Wire

/// A condition as deciding needs it: made once, and never copied, so that looking into it for a call costs no reference
/// count.
struct CompiledCondition: ~Copyable, Sendable {
  enum Form: UInt8 {
    case all, any, not, test
    /// A test of several values.
    case each
    /// A test of a counter, which is unknown until it is counted.
    case count
  }

  /// A condition before everything in it.
  struct Step: Sendable {
    let form: Form
    /// The step after this one and everything in it.
    var next: Int32
    /// The position of a test.
    let test: Int32
  }

  private var steps = UniqueArray<Step>()
  private var tests = UniqueArray<CompiledTest>()
  private var testsOfEach: [Condition.Test] = []

  /// - Parameters:
  ///   - condition: nil for none, which has no truth.
  ///   - slots: the numbers of arguments that ``FoundArguments`` knows.
  init(_ condition: Condition?, _ slots: borrowing ArgumentSlots) {
    if let condition { append(condition, slots) }
  }

  /// Whether there is no condition.
  var isEmpty: Bool { steps.isEmpty }

  private mutating func append(_ condition: Condition, _ slots: borrowing ArgumentSlots) {
    switch condition {
    case .all(let conditions) where conditions.count == 1, .any(let conditions) where conditions.count == 1:
      append(conditions[0], slots)
    case .all(let conditions): append(.all, conditions, slots)
    case .any(let conditions): append(.any, conditions, slots)
    case .not(let condition): append(.not, [condition], slots)
    case .test(let test) where test.path.isWild:
      steps.append(Step(form: .each, next: Int32(steps.count + 1), test: Int32(testsOfEach.count)))
      testsOfEach.append(test)
    case .test(let test):
      steps.append(Step(form: .test, next: Int32(steps.count + 1), test: Int32(tests.count)))
      tests.append(CompiledTest(test, slots))
    case .count: steps.append(Step(form: .count, next: Int32(steps.count + 1), test: 0))
    }
  }

  private mutating func append(_ form: Form, _ conditions: [Condition], _ slots: borrowing ArgumentSlots) {
    let position = steps.count
    steps.append(Step(form: form, next: 0, test: 0))
    for condition in conditions { append(condition, slots) }
    steps[position].next = Int32(steps.count)
  }

  /// What the condition comes to for a call, by Kleene's logic. As deep as the policy nests it.
  func truth(for call: Call, _ found: borrowing FoundArguments) -> Truth {
    truth(at: 0, for: call, found)
  }

  private func truth(at position: Int, for call: Call, _ found: borrowing FoundArguments) -> Truth {
    let form = steps[position].form
    if form == .test { return tests[Int(steps[position].test)].truth(for: call, found) }
    if form == .not { return truth(at: position + 1, for: call, found).negated }
    if form == .each { return testsOfEach[Int(steps[position].test)].truthOfEach(in: call) }
    if form == .count { return .unknown }
    // One that decides ends the search; an unknown one leaves the rest a chance to decide.
    let decisive: Truth = form == .all ? .fails : .holds
    var result = decisive.negated
    let end = Int(steps[position].next)
    var next = position + 1
    while next < end {
      let truth = truth(at: next, for: call, found)
      if truth == decisive { return decisive }
      if truth == .unknown { result = .unknown }
      next = Int(steps[next].next)
    }
    return result
  }
}

/// One path and its operators.
struct CompiledTest: ~Copyable, Sendable {
  /// The number of the argument at which the path begins, if it has one.
  private let slot: Int?
  /// Whether the path leads to that argument itself.
  private let isDirect: Bool
  private let path: Path
  private var operators = UniqueArray<HeldOperator>()
  private let fallback: JSONValue?
  private let optional: Condition.Test.Optionality
  /// Whether `default:` or `optional:` says something of what is absent.
  private let mayExcuse: Bool

  init(_ test: Condition.Test, _ slots: borrowing ArgumentSlots) {
    slot = slots.slot(of: test.path)
    isDirect = test.path.steps.count == 1
    path = test.path
    for judge in test.operators { operators.append(HeldOperator(judge)) }
    fallback = test.fallback
    optional = test.optional
    mayExcuse = fallback != nil || optional != .required
  }

  func truth(for call: Call, _ found: borrowing FoundArguments) -> Truth {
    var value = value(in: call, found)
    if mayExcuse {
      // Arguments are an object, so that nothing bars the way to one of them.
      if value != nil || slot != nil && isDirect || path.bar(in: call) == nil {
        value = value ?? fallback
        if optional.excuses(value) { return .holds }
      }
    }
    var result = Truth.holds
    for index in 0..<operators.count {
      switch operators[index].judge(value) {
      case .fails: return .fails
      case .unknown: result = .unknown
      case .holds: break
      }
    }
    return result
  }

  @inline(__always)
  private func value(in call: Call, _ found: borrowing FoundArguments) -> JSONValue? {
    guard let slot else { return path.value(in: call) }
    let argument = found.value(slot, of: call)
    return isDirect ? argument : argument.flatMap { Path.follow(path.steps.dropFirst(), from: $0) }
  }
}

/// An operator of whatever type behind one reference, kept in place: to ask it copies nothing.
struct HeldOperator: ~Copyable, Sendable {
  private let held: AnyOperator

  init(_ judge: some Operator) {
    held = Held(judge)
  }

  @inline(__always)
  func judge(_ value: JSONValue?) -> Truth { held.judge(value) }
}

// Unchecked because it has a subclass: that has nothing but an operator, which is `Sendable` and never changes.
private class AnyOperator: @unchecked Sendable {
  func judge(_ value: JSONValue?) -> Truth { .unknown }
}

// Unchecked because its parent is: `operation` is `Sendable` and never changes.
private final class Held<Judge: Operator>: AnyOperator, @unchecked Sendable {
  private let operation: Judge

  init(_ operation: Judge) {
    self.operation = operation
  }

  override func judge(_ value: JSONValue?) -> Truth { operation.judge(value) }
}
