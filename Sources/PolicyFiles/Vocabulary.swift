/// The keys of one kind of map.
struct Vocabulary {
  /// What has these keys, for messages: `a rule`.
  var subject: String
  /// The keys that this version knows.
  var known: [String]
  /// The keys of the policy language that a later version brings.
  var later: [String] = []

  static let policy = Vocabulary(
    subject: "a policy",
    known: [
      "version", "description", "default", "mode", "hide", "parameters", "tools", "resources", "prompts", "methods",
      "list", "limits", "store",
    ],
    later: ["use", "require_signed", "log"])
  static let defaults = Vocabulary(subject: "\"default\"", known: ["tools", "resources", "prompts"])
  static let tool = Vocabulary(subject: "a tool", known: ["rules", "arguments"], later: ["pin"])
  static let resource = Vocabulary(subject: "a resource", known: ["rules"])
  static let prompt = Vocabulary(subject: "a prompt", known: ["rules"])
  static let methods = Vocabulary(subject: "\"methods\"", known: ["allow", "deny"])
  static let rule = Vocabulary(
    subject: "a rule",
    known: [
      "name", "when", "unless", "action", "require", "conditions", "rate_limit", "concurrency", "budget", "spend",
      "state",
      "script",
      "lua", "with", "set", "remove", "reason", "on_deny", "approval_timeout", "mode", "stage",
    ],
    later: ["redact", "max_bytes", "level"])
  static let rateLimit = Vocabulary(
    subject: "\"rate_limit\"", known: ["max", "window", "per", "algorithm", "burst", "on_tool_error"])
  static let concurrency = Vocabulary(subject: "\"concurrency\"", known: ["max", "per"])
  static let budget = Vocabulary(
    subject: "\"budget\"", known: ["max", "window", "cost", "per", "algorithm", "burst", "on_tool_error"])
  static let spend = Vocabulary(subject: "\"spend\"", known: ["per_call", "hourly", "daily", "monthly"])
  static let state = Vocabulary(subject: "\"state\"", known: ["counter", "window", "increment", "increment_from"])
  static let store = Vocabulary(subject: "\"store\"", known: ["url", "on_failure"])
  static let limits = Vocabulary(subject: "\"limits\"", known: ["message", "in_flight", "script"])
  static let messageLimits = Vocabulary(subject: "\"message\"", known: ["bytes", "depth"])
  static let scriptLimits = Vocabulary(
    subject: "\"script\"", known: ["instructions", "memory", "time", "depth"])
  static let condition = Vocabulary(
    subject: "a condition", known: ["path", "op", "value", "default", "optional"])

  /// Where a key belongs that stands at the wrong level.
  static func home(of key: String) -> String? {
    if rule.known.contains(key) || rule.later.contains(key) {
      return "\"\(key)\" belongs in a rule: `rules: [{ \(key): … }]`"
    }
    if tool.known.contains(key) || tool.later.contains(key) {
      return "\"\(key)\" belongs to a tool: `tools: { name: { \(key): … } }`"
    }
    if policy.known.contains(key) || policy.later.contains(key) {
      return "\"\(key)\" belongs at the top of the policy, without indentation"
    }
    return nil
  }
}
