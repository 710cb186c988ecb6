public import Wire

/// What `methods:` says of the methods that no rules judge: which may be used, and which may not, from either side.
public struct MethodLists: Sendable {
  /// What may be used beside ``essential``; nil where all may that are not denied.
  public let allowed: [NamePattern]?
  /// What may not be used.
  public let denied: [NamePattern]

  private let allowedNames: NameLookup?
  private let deniedNames: NameLookup
  /// The names that are written out in ``denied``, folded.
  private let deniedFolded: Set<Name>

  /// Lists of names and globs.
  public init(allowed: [NamePattern]? = nil, denied: [NamePattern] = []) {
    self.allowed = allowed
    self.denied = denied
    allowedNames = allowed.map { NameLookup($0) }
    deniedNames = NameLookup(denied)
    deniedFolded = Set(denied.compactMap(\.exactName).map(NameFolding.folded))
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
    if isDenied(method) {
      return Refusal(rule: MethodLists.rule, reason: "the policy denies the method \(Excerpt.quoted(method.text))")
    }
    guard let allowedNames, !MethodLists.essentialNames.contains(method) else { return nil }
    if allowedNames.contains(method) { return nil }
    return Refusal(
      rule: MethodLists.rule, reason: "the policy does not allow the method \(Excerpt.quoted(method.text))")
  }

  /// A server may take a method in other spellings than the one that is denied.
  private func isDenied(_ method: Name) -> Bool {
    guard !denied.isEmpty else { return false }
    let folded = NameFolding.folded(method)
    return deniedFolded.contains(folded) || deniedNames.contains(method) || deniedNames.contains(folded)
  }

  private static let rule = "methods"
}
