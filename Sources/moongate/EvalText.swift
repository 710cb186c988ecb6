import Policy
import Workbench

/// What `eval` prints for people.
enum EvalText {
  /// The lines for one call.
  static func lines(of outcome: Evaluation.Outcome, colour: Bool) -> String {
    switch outcome {
    case .invalid(let reason):
      return paint("invalid ", "33", colour) + " \(reason)\n"
    case .decided(let name, let decision):
      var text: String
      switch decision.verdict {
      case .allowed: text = paint(decision.sent == nil ? "allowed " : "replaced", "32", colour) + " \(name)\n"
      case .refused(let refusal): text = paint("refused ", "31", colour) + " \(name): \(account(of: refusal))\n"
      case .asks(let refusal): text = paint("asks    ", "33", colour) + " \(name): \(account(of: refusal))\n"
      }
      for refusal in decision.observed { text += "  would be refused: \(account(of: refusal))\n" }
      for rewrite in decision.rewrites {
        let word = rewrite.isObserved ? "would be rewritten" : "rewritten"
        text += "  \(word) by \(rewrite.rule): \(rewrite.arguments.text)\n"
      }
      for entry in decision.trace {
        let place = entry.place.map { "  (\($0))" } ?? ""
        text += String(repeating: "  ", count: entry.depth + 1) + entry.text + place + "\n"
      }
      return text
    }
  }

  private static func account(of refusal: Refusal) -> String {
    var text = "\(refusal.rule): \(refusal.reason)"
    if let seconds = refusal.retryAfterSeconds { text += " (again in \(seconds) s)" }
    if let fault = refusal.fault { text += "\n  " + fault.split(separator: "\n").joined(separator: "\n  ") }
    return text
  }

  private static func paint(_ text: String, _ code: String, _ colour: Bool) -> String {
    colour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
