public import Wire

/// What `methods:` says of the methods that no rules judge: which may be used, and which may not, from either side.
public struct MethodLists: Sendable {
  /// What may be used beside ``essential``; nil where all may that are not denied.
  public var allowed: [NamePattern]?
  /// What may not be used.
  public var denied: [NamePattern]

  /// Lists of names and globs.
  public init(allowed: [NamePattern]? = nil, denied: [NamePattern] = []) {
    self.allowed = allowed
    self.denied = denied
  }

  /// What no session can do without: it need not stand in a list of what is allowed.
  public static let essential: [KnownMethod] = [
    .initialize, .initialized, .discover, .ping, .cancelled, .progress,
  ]
  private static let essentialNames = Set(essential.map(\.name))

  /// Whether everything may be used.
  var allowsEverything: Bool { allowed == nil && denied.isEmpty }

  /// Why a message of this method is not passed on; nil if it is.
  func objection(to method: Name) -> Refusal? {
    if allowsEverything { return nil }
    let folded = NameFolding.folded(method)
    if denied.contains(where: { MethodLists.denies($0, method, folded) }) {
      return Refusal(rule: MethodLists.rule, reason: "the policy denies the method \(Excerpt.quoted(method.text))")
    }
    guard let allowed, !MethodLists.essentialNames.contains(method) else { return nil }
    if allowed.contains(where: { $0.matches(method) }) { return nil }
    return Refusal(
      rule: MethodLists.rule, reason: "the policy does not allow the method \(Excerpt.quoted(method.text))")
  }

  /// A server may take a method in other spellings than the one that is denied.
  private static func denies(_ pattern: NamePattern, _ method: Name, _ folded: Name) -> Bool {
    pattern.matches(method) || pattern.matches(folded)
      || pattern.exactName.map { NameFolding.folded($0) == folded } ?? false
  }

  private static let rule = "methods"
}
