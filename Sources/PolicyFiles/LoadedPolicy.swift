public import Policy

/// A policy file that was read whole and found good.
public struct LoadedPolicy: Sendable {
  /// What decides.
  public let rules: RuleSet
  /// Where the policy wants its counts kept.
  public let store: StoreSetting
  /// The scripts that the rules name, at the positions that ``ScriptReference/script`` gives.
  public let scripts: [ScriptSource]
  /// Every file that was read, the policy itself first: what to watch for changes.
  public let files: [String]
  /// What is allowed and yet probably not meant, in the order of the file.
  public let warnings: [Diagnostic]
  /// What `description:` says.
  public let description: String?
  /// SHA-256 of all that was read and of the values given to parameters, in hexadecimal: equal for equal contents,
  /// wherever the files lie.
  public let digest: String

  /// Whether it may count what does not end with a session: a rule does, or a script looks as if it did.
  public var mayCountBeyondSessions: Bool {
    rules.countsBeyondSessions
      || scripts.contains { $0.text.mentionsCounters || $0.modules.contains { $0.text.mentionsCounters } }
  }
}

extension [UInt8] {
  /// Whether a script's text has the word that it counts with.
  fileprivate var mentionsCounters: Bool {
    let word = Array("counter".utf8)
    return indices.contains { self[$0] == word[0] && self[$0...].starts(with: word) }
  }
}

/// Why a policy does not load: every mistake in it.
public struct PolicyProblems: Error, Sendable {
  /// Errors and warnings in the order of their places; at least one of them is an error.
  public let diagnostics: [Diagnostic]
  /// Every file that was read or looked for, the policy itself first: what to watch for a repair.
  public let files: [String]

  /// Problems found in these files; at least one of them is an error.
  public init(diagnostics: [Diagnostic], files: [String]) {
    self.diagnostics = diagnostics
    self.files = files
  }
}
