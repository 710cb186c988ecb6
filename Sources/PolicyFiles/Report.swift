import Policy

/// Collects what there is to say about a policy, so that one reading finds every mistake.
struct Report {
  /// How many diagnostics are kept: more help nobody.
  static let limit = 200

  private struct Finding: Hashable {
    var position: Position
    var mistake: Mistake
    var message: String
    var hint: String?
  }

  private var findings: [Finding] = []
  private var seen: Set<Finding> = []
  private var elsewhere: [Diagnostic] = []
  private var overflow: Position?
  /// What stands at a place because a parameter has put it there, and which.
  private var origins: [Position: String] = [:]
  /// How many errors have been noted, repeated ones too.
  private(set) var errors = 0

  /// Whether the policy does not load.
  var hasErrors: Bool { errors > 0 }

  /// Whether nothing more is kept, so that hints are not worth working out.
  var isFull: Bool { findings.count >= Report.limit }

  /// Notes a mistake; what an alias repeats is noted once.
  mutating func note(_ mistake: Mistake, at position: Position, _ message: String, hint: String? = nil) {
    let hint = origins[position].map { origin in hint.map { "\(origin); \($0)" } ?? origin } ?? hint
    let finding = Finding(position: position, mistake: mistake, message: message, hint: hint)
    if mistake.severity == .error { errors += 1 }
    guard !seen.contains(finding) else { return }
    guard !isFull else {
      overflow = overflow ?? position
      return
    }
    seen.insert(finding)
    findings.append(finding)
  }

  /// From now on what is noted at that place says which parameters have put something there.
  mutating func noteOrigin(_ origins: [String], of position: Position) {
    self.origins[position] = Parameter.hint(from: origins)
  }

  /// Whether a parameter has put something at that place.
  func hasOrigin(_ position: Position) -> Bool { origins[position] != nil }

  /// Notes a mistake in another file than the policy: in a script.
  mutating func note(_ diagnostic: Diagnostic) {
    if diagnostic.severity == .error { errors += 1 }
    guard elsewhere.count < Report.limit, !elsewhere.contains(diagnostic) else { return }
    elsewhere.append(diagnostic)
  }

  /// All of them in the order of their places; at last those in other files.
  func diagnostics(in source: SourceText) -> [Diagnostic] {
    var sorted = findings.enumerated().sorted { left, right in
      (left.element.position, left.offset) < (right.element.position, right.offset)
    }.map(\.element)
    if let overflow {
      sorted.append(
        Finding(position: overflow, mistake: .tooManyMistakes, message: "too many mistakes; the rest is not shown"))
    }
    let lines = source.lines(Set(sorted.map(\.position.line)))
    return sorted.map { finding in
      Diagnostic(
        finding.mistake, at: source.place(finding.position), message: finding.message, hint: finding.hint,
        sourceLine: lines[finding.position.line])
    } + elsewhere
  }
}

/// Text from a file as a message quotes it: short, and without anything that would disturb a terminal.
func quoted(_ text: String, limit: Int = 60) -> String {
  var result = "\""
  for (position, scalar) in text.unicodeScalars.enumerated() {
    if position == limit {
      result += "…"
      break
    }
    result += Terminal.visible(scalar)
  }
  return result + "\""
}
