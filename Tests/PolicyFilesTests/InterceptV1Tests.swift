import Foundation
import Policy
import Randomness
import Testing

@testable import PolicyFiles

/// Each `InterceptV1/NAME.yaml` is a policy in the older form, and `InterceptV1/NAME.calls` what becomes of calls, one
/// after the other: `SECONDS TOOL ARGUMENTS -> VERDICT`, where a verdict goes on as it begins. `give back` says that the
/// server answered the call before with an error.
@Suite("Policies of Intercept v1 load unchanged, with the verdicts that are meant")
struct InterceptV1Tests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "InterceptV1")

  static let names = [
    "approvals", "crossed", "operators", "payments", "postures", "spending", "windows",
  ]

  private static func policy(_ name: String) throws -> LoadedPolicy {
    try load(Array(try Data(contentsOf: folder.appending(path: name + ".yaml")))).get()
  }

  private static func lines(_ name: String) throws -> [Substring] {
    try String(contentsOf: folder.appending(path: name + ".calls"), encoding: .utf8).split(separator: "\n")
  }

  @Test("what becomes of their calls", arguments: names)
  func verdicts(name: String) throws {
    let policy = try InterceptV1Tests.policy(name)
    // One of the budgets is meant to be too small for any call.
    #expect(policy.warnings.map(\.code) == (name == "spending" ? ["MG5023"] : []))
    var judge = Judge(policy.rules)
    for (position, line) in try InterceptV1Tests.lines(name).enumerated() {
      if line == "give back" {
        judge.giveBack()
        continue
      }
      let sides = line.components(separatedBy: " -> ")
      let words = sides[0].split(separator: " ", maxSplits: 2)
      judge.time = try #require(Double(words[0]))
      // Sessions make no difference: that form knows none.
      let verdict = try judge.call(String(words[1]), String(words[2]), session: "\(position)")
      #expect(verdict.hasPrefix(sides[1]), "\(name).calls:\(position + 1): \(line)")
    }
  }

  @Test("all of the folder is tried")
  func complete() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: InterceptV1Tests.folder.path())
    #expect(files.sorted() == InterceptV1Tests.names.flatMap { ["\($0).calls", "\($0).yaml"] })
  }

  @Test("moving a rule changes no verdict", arguments: names, 0..<4)
  func orderFree(name: String, seed: Int) throws {
    var rules = try InterceptV1Tests.policy(name).rules
    var random = Random(seed: UInt64(seed))
    var judge = Judge(rules)
    rules.tools = rules.tools.shuffled(using: &random).map { section in
      var section = section
      section.rules.shuffle(using: &random)
      return section
    }
    var shuffled = Judge(rules)
    for line in try InterceptV1Tests.lines(name) {
      if line == "give back" {
        judge.giveBack()
        shuffled.giveBack()
        continue
      }
      let words = line.components(separatedBy: " -> ")[0].split(separator: " ", maxSplits: 2)
      let time = try #require(Double(words[0]))
      (judge.time, shuffled.time) = (time, time)
      let verdicts = [
        try judge.call(String(words[1]), String(words[2])), try shuffled.call(String(words[1]), String(words[2])),
      ].map { $0.prefix { $0 != ":" } }
      #expect(verdicts[0] == verdicts[1], "\(line)")
    }
  }

  /// What Intercept says of a policy, the policy, and what is said of it here: a code; or nothing, where it loads.
  static let mistakes: [(there: String, policy: String, here: String?)] = [
    ("hide[N]: entry must not be empty", #"hide: [""]"#, "MG3001"),
    ("hide: duplicate entry", "hide: [a, a]", "MG2105"),
    ("version must be \"1\"", "version: \"2\"\ntools: {}", "MG2005"),
    ("version must be \"1\": it is missing", "default: allow", nil),
    ("default must be \"allow\" or \"deny\"", "default: maybe", "MG2006"),
    ("rule must have a name", rules("{ conditions: [{ path: args.a, op: eq, value: 1 }] }"), nil),
    ("action must be \"evaluate\" or \"deny\"", rules("{ name: r, action: log }"), "MG2006"),
    (
      "deny rules must not have conditions",
      rules("{ name: r, action: deny, conditions: [{ path: args.a, op: eq, value: 1 }] }"), "MG2102"
    ),
    ("evaluate rules must have at least one condition", rules("{ name: r, on_deny: no }"), "MG2103"),
    ("evaluate rules must have at least one condition: none in the list", rules("{ conditions: [] }"), "MG2004"),
    ("path must start with \"args.\" or \"state.\"", condition("{ path: amount, op: eq, value: 1 }"), "MG3002"),
    ("unknown operator", condition("{ path: args.a, op: equals, value: 1 }"), "MG3003"),
    ("operator requires a list value", condition("{ path: args.a, op: in, value: 1 }"), "MG3004"),
    ("operator requires a list value: not_in", condition("{ path: args.a, op: not_in, value: a }"), "MG3004"),
    ("operator requires a numeric value", condition("{ path: args.a, op: lte, value: \"5\" }"), "MG3004"),
    ("operator requires a numeric value: state", condition("{ path: state.t.c, op: gt, value: x }"), "MG3004"),
    ("operator \"exists\" requires a boolean value", condition("{ path: args.a, op: exists, value: 1 }"), "MG3004"),
    ("regex value must be a string", condition("{ path: args.a, op: regex, value: 1 }"), "MG3004"),
    ("invalid regex", condition("{ path: args.a, op: regex, value: \"(\" }"), "MG3004"),
    ("counter must not be empty", state("counter: \"\", window: day"), "MG3001"),
    ("counter must not be empty: it is missing", state("window: day"), "MG2007"),
    ("window must be \"minute\", \"hour\", or \"day\"", state("counter: c, window: fortnight"), "MG3007"),
    ("window must be \"minute\", \"hour\", or \"day\": a week", state("counter: c, window: week"), nil),
    ("increment_from must start with \"args.\"", state("counter: c, window: day, increment_from: amount"), "MG3002"),
    (
      "condition references state.<tool>.<counter> but no matching state block found",
      rules("{ conditions: [{ path: state.t.c, op: lte, value: 1 }] }"), "MG3102"
    ),
    ("rate_limit count must be a positive integer", rules("{ rate_limit: 0/hour }"), "MG3006"),
    ("rate_limit count must be a positive integer: a word", rules("{ rate_limit: five/hour }"), "MG3006"),
    ("rate_limit must be in the format \"N/window\"", rules("{ rate_limit: \"5\" }"), "MG3007"),
    ("rate_limit window must be \"minute\", \"hour\", or \"day\"", rules("{ rate_limit: 5/fortnight }"), "MG3007"),
    (
      "rate_limit cannot be combined with conditions or state",
      rules("{ rate_limit: 5/hour, conditions: [{ path: args.a, op: eq, value: 1 }] }"), nil
    ),
    ("rate_limit cannot be used with action \"deny\"", rules("{ action: deny, rate_limit: 5/hour }"), "MG2102"),
    (
      "duplicate state counter",
      rules(
        "{ conditions: [{ path: state.t.c, op: lte, value: 1 }], state: { counter: c, window: day } }, "
          + "{ name: x, state: { counter: c, window: hour } }"), "MG3103"
    ),
    ("duplicate state counter: of one window", rules("{ rate_limit: 5/hour }, { rate_limit: 6/hour }"), nil),
    // What Intercept takes without a word.
    ("a misspelt key is ignored", "defualt: deny", "MG2002"),
    ("a misspelt key of a rule is ignored", rules("{ name: r, rate_limit: 5/hour, on_denny: no }"), "MG2002"),
    ("a negative increment refills the counter", state("counter: c, window: day, increment: -5"), "MG3101"),
    ("a fractional increment is rounded", state("counter: c, window: day, increment: 0.5"), nil),
    ("a count that cannot be judged", condition("{ path: state.t.c, op: regex, value: x }"), "MG3004"),
  ]

  private static func rules(_ rules: String) -> String { "tools: { t: { rules: [\(rules)] } }" }

  private static func condition(_ condition: String) -> String {
    rules(
      "{ name: r, conditions: [{ path: state.t.c, op: lte, value: 9 }, \(condition)], "
        + "state: { counter: c, window: day } }")
  }

  private static func state(_ state: String) -> String {
    rules("{ name: r, conditions: [{ path: state.t.c, op: lte, value: 9 }], state: { \(state) } }")
  }

  @Test("every validation error that Intercept documents is one here, or loads for a reason", arguments: mistakes)
  func validation(_ mistake: (there: String, policy: String, here: String?)) {
    switch load(mistake.policy) {
    case .success(let policy):
      #expect(mistake.here == nil, "\(mistake.there)")
      #expect(policy.warnings.isEmpty, "\(mistake.there)")
    case .failure(let problems):
      let codes = problems.diagnostics.filter { $0.severity == .error }.map(\.code)
      #expect(mistake.here.map { codes.contains($0) } ?? false, "\(mistake.there): \(codes)")
    }
  }

  @Test("hide: * hides every tool")
  func hideAll() throws {
    var judge = Judge(try load("version: \"1\"\nhide: [\"*\"]\ntools: { a: { rules: [] } }").get().rules)
    for tool in ["a", "b"] { #expect(try judge.call(tool, "{}").hasPrefix("refused: hide")) }
  }

  @Test("increment: 0 counts 1, as there, and is warned of")
  func incrementOfZero() throws {
    let policy = try load(InterceptV1Tests.state("counter: c, window: day, increment: 0")).get()
    #expect(policy.warnings.map(\.code) == ["MG5014"])
    var judge = Judge(policy.rules)
    for _ in 0..<9 { #expect(try judge.call("t", "{}") == "allowed") }
    #expect(try judge.call("t", "{}").hasPrefix("refused: r"))
  }
}
