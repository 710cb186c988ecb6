import Policy
public import PolicyFiles
public import Wire

/// What `check` found in policies.
public struct CheckReport: Sendable {
  /// Everything found, file by file, in the order of place.
  public var diagnostics: [Diagnostic]

  /// A report of these findings.
  public init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics
  }

  /// How many of them keep a policy from loading.
  public var errors: Int { diagnostics.filter { $0.severity == .error }.count }
  /// How many do not.
  public var warnings: Int { diagnostics.count - errors }

  /// The machine form.
  public var json: JSON {
    .object([
      ("errors", .number(ExactNumber(errors))), ("warnings", .number(ExactNumber(warnings))),
      ("diagnostics", .array(diagnostics.map(CheckReport.json))),
    ])
  }

  private static func json(_ diagnostic: Diagnostic) -> JSON {
    var members: [(name: Name, value: JSON)] = [
      ("code", .string(diagnostic.code)), ("severity", .string(diagnostic.severity.rawValue)),
      ("file", .string(diagnostic.place.file)), ("line", .number(ExactNumber(diagnostic.place.line))),
      ("column", .number(ExactNumber(diagnostic.place.column))), ("message", .string(diagnostic.message)),
    ]
    if let hint = diagnostic.hint { members.append(("hint", .string(hint))) }
    return .object(members)
  }
}
