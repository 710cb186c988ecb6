import Wire

/// A parameter of a policy.
struct Parameter {
  let name: String
  /// Where it is defined.
  let position: Position
  /// Whether its value was handed in, and is not the default.
  var isGiven = false
  /// Nil where a mistake has been noted.
  var value: ParameterValue?
  var extent = ParameterValue.Extent(.null)
  /// Whether something refers to it.
  var isUsed = false

  /// Where its value comes from, as a hint names it.
  var origin: String { "\(quoted(name)) (\(isGiven ? "--with \(name)" : "line \(position.line)"))" }

  /// A hint that says which parameters a value comes from.
  static func hint(from origins: [String]) -> String {
    "the value comes from \(origins.count == 1 ? "parameter" : "parameters") \(origins.joined(separator: ", "))"
  }
}

/// The parameters of a policy.
struct Parameters {
  private(set) var all: [Parameter] = []
  private var indices: [Name: Int] = [:]
  /// Whether some may be missing, because of a mistake that has been noted.
  var isIncomplete = false

  /// Every name, in the order of the file.
  var names: [String] { all.map(\.name) }

  /// Whether the policy has none.
  var isEmpty: Bool { all.isEmpty && !isIncomplete }

  mutating func append(_ parameter: Parameter) {
    indices[Name(parameter.name)] = all.count
    all.append(parameter)
  }

  /// The parameter of that name, which counts as used from now on; nil where there is none.
  mutating func use(_ name: String) -> Parameter? {
    guard let index = indices[Name(name)] else { return nil }
    all[index].isUsed = true
    return all[index]
  }

  func contains(_ name: Name) -> Bool { indices[name] != nil }
}
