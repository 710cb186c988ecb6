public import Policy
public import PolicyFiles
import Scripting

/// A policy that was read, with its scripts compiled: ready to decide.
public struct PreparedPolicy: Sendable {
  /// The rules.
  public let rules: RuleSet
  /// Where the policy wants its counts kept.
  public let store: StoreSetting
  /// Whether it may count what does not end with a session.
  public let mayCountBeyondSessions: Bool
  /// The validators that the rules name.
  public let validators: any Validators
  /// Every file that was read.
  public let files: [String]
  /// What is allowed and yet probably not meant.
  public let warnings: [Diagnostic]
  /// Which layers of the sandbox the kernel lacks, by name; nil where all hold, or nothing is to be kept in.
  public let missingSandboxLayers: String?
  /// How many scripts there are.
  let scripts: Int

  init(_ loaded: LoadedPolicy, validators: any Validators, sandbox: SandboxLayers = .all) {
    rules = loaded.rules
    store = loaded.store
    mayCountBeyondSessions = loaded.mayCountBeyondSessions
    self.validators = validators
    files = loaded.files
    warnings = loaded.warnings
    let missing = SandboxLayers.all.subtracting(sandbox)
    missingSandboxLayers = missing.isEmpty ? nil : missing.description
    scripts = loaded.scripts.count
  }

  /// What there is in it, in a few words: `3 tools, 7 rules, 1 script`.
  public var summary: String {
    func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
    let keys = [(rules.tools, "tool"), (rules.resources, "resource"), (rules.prompts, "prompt")]
    var parts = keys.filter { !$0.0.isEmpty || $0.1 == "tool" }.map { count($0.0.count, $0.1) }
    parts.append(count(keys.flatMap(\.0).reduce(0) { $0 + $1.rules.count }, "rule"))
    parts.append(count(scripts, "script"))
    if !warnings.isEmpty { parts.append(count(warnings.count, "warning")) }
    return parts.joined(separator: ", ")
  }
}

/// The validators of a policy that names none.
struct NoValidators: Validators {
  func check(
    _ question: ScriptQuestion, counters: any CounterStore, then: @escaping @Sendable (ScriptAnswer) -> Void
  ) {
    then(ScriptAnswer(verdict: .fault(summary: "the policy has no scripts", traceback: "")))
  }
}
