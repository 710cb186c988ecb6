import Policy
import Testing
import Wire

/// A value as a message would hold it.
func value(_ text: String) throws -> JSONValue {
  try JSONTape(Array(text.utf8)).root
}

/// A call of a tool with these arguments, as JSON.
func call(
  _ tool: String = "search", _ arguments: String? = "{}", subject: Call.Subject = .tool, meta: String? = nil,
  definition: String? = nil, context: (inout Call.Context) throws -> Void = { _ in }
) throws -> Call {
  var known = Call.Context(session: "s1")
  try context(&known)
  var call = Call(
    subject: subject, name: Name(tool), nameValue: try JSON.string(tool).tape().root,
    arguments: try arguments.map(value), meta: try meta.map(value), context: known)
  call.definition = try definition.map(value)
  return call
}

let here = Place(file: "policy.yaml", line: 1, column: 1)

/// `{path: {operator: operand, …}}`, the operands as JSON.
func test(
  _ path: String, _ operators: KeyValuePairs<String, String>, fallback: String? = nil,
  optional: Condition.Test.Optionality = .required, dialect: Dialect = .moongate
) throws -> Condition {
  .test(
    Condition.Test(
      path: try Path(path, dialect: dialect, wildcards: true),
      operators: try operators.map { try make($0.key, $0.value, dialect) }, fallback: try fallback.map(value),
      optional: optional, place: here))
}

func make(_ name: String, _ operand: String, _ dialect: Dialect = .moongate) throws -> any Operator {
  try #require(try Operators.make(name, operand: try value(operand).tree, dialect: dialect))
}

func rule(_ name: String = "rule 1", _ action: Rule.Action = .evaluate) -> Rule {
  Rule(name: name, place: here, action: action)
}

func rule(
  _ name: String = "rule 1", _ action: Rule.Action = .evaluate, _ change: (inout Rule) throws -> Void
) rethrows -> Rule {
  var rule = rule(name, action)
  try change(&rule)
  return rule
}

/// A policy of keys and their rules.
func policy(
  _ keys: KeyValuePairs<String, [Rule]>, _ change: (inout RuleSet) throws -> Void = { _ in }
) throws -> RuleSet {
  var rules = RuleSet()
  rules.tools = try keys.map { RuleSet.Section(pattern: try NamePattern($0.key), rules: $0.value) }
  try change(&rules)
  return rules
}

let noon = Moment(simulated: 1_800_000_000)

/// A judgement that expectations can look at.
final class Judging {
  private var judgement: Judgement

  init(_ judgement: consuming Judgement) {
    self.judgement = judgement
  }

  /// The decision, where nothing has to be asked for it.
  var decision: Decision? {
    if case .decided(let decision) = judgement.step { decision } else { nil }
  }

  var questions: [ScriptQuestion]? {
    if case .ask(let questions) = judgement.step { questions } else { nil }
  }

  var claim: Claim? {
    if case .reserve(let claim) = judgement.step { claim } else { nil }
  }

  var reservations: [Reservation]? {
    if case .reserve(let claim) = judgement.step { claim.reservations } else { nil }
  }

  func resume(with answers: [ScriptAnswer]) { judgement.resume(with: answers) }
  func resume(with answer: ReservationAnswer) { judgement.resume(with: answer) }
}

extension RuleSet {
  func judge(_ call: Call, at moment: Moment = noon, explain: Bool = false) -> Judging {
    Judging(decide(call, at: moment, explain: explain))
  }

  /// The decision on a call that needs neither validators nor counters.
  func decision(_ call: Call) throws -> Decision {
    try #require(judge(call).decision)
  }
}

extension Decision {
  var refusal: Refusal? {
    if case .refused(let refusal) = verdict { refusal } else { nil }
  }

  var question: Refusal? {
    if case .asks(let refusal) = verdict { refusal } else { nil }
  }

  var isAllowed: Bool {
    if case .allowed = verdict { true } else { false }
  }
}
