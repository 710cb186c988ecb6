import Policy

@testable import PolicyFiles

/// The policy of a text, or its problems.
func load(_ text: String, scriptsIn folder: String = "") -> Result<LoadedPolicy, PolicyProblems> {
  load(Array(text.utf8), scriptsIn: folder)
}

func load(_ bytes: [UInt8], scriptsIn folder: String = "") -> Result<LoadedPolicy, PolicyProblems> {
  do throws(PolicyProblems) {
    return .success(try PolicyFile.load(text: bytes, named: "policy.yaml", scriptsIn: folder))
  } catch {
    return .failure(error)
  }
}

/// What is said about a text: `line:column code message`, errors and warnings.
func findings(_ text: String, scriptsIn folder: String = "") -> [String] {
  let diagnostics =
    switch load(text, scriptsIn: folder) {
    case .success(let policy): policy.warnings
    case .failure(let problems): problems.diagnostics
    }
  return diagnostics.map { "\($0.place.line):\($0.place.column) \($0.code) \($0.message)" }
}

/// The hints that go with them.
func hints(_ text: String, scriptsIn folder: String = "") -> [String?] {
  switch load(text, scriptsIn: folder) {
  case .success(let policy): policy.warnings.map(\.hint)
  case .failure(let problems): problems.diagnostics.map(\.hint)
  }
}

/// The first rule of a policy whose rule's lines are given, without their indentation.
func rule(_ lines: String) throws -> Rule {
  let indented = lines.split(separator: "\n", omittingEmptySubsequences: false).map { "        \($0)" }
  let text = "tools:\n  a:\n    rules:\n      -\n\(indented.joined(separator: "\n"))\n"
  let policy = try load(text).get()
  return policy.rules.tools[0].rules[0]
}
