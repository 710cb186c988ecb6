import ArgumentParser
import PolicyFiles
import Wire

/// Values for the policy's parameters, by every command that reads a policy.
struct GivenOption: ParsableArguments {
  @Option(
    name: .customLong("with"),
    help: ArgumentHelp(
      "A parameter's value, as YAML: --with budget=20 --with 'hosts=[a.example, b.example]'.",
      valueName: "name=value"),
    transform: GivenValue.init)
  private var given: [GivenValue] = []

  /// The values by the names of their parameters.
  var values: [Name: ParameterValue] {
    Dictionary(given.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  func validate() throws {
    var seen: Set<Name> = []
    for value in given where !seen.insert(value.name).inserted {
      throw ValidationError("--with gives \(value.name) two values")
    }
  }
}

/// One `NAME=VALUE`.
struct GivenValue {
  let name: Name
  let value: ParameterValue

  init(_ argument: String) throws {
    guard let mark = argument.utf8.firstIndex(of: UInt8(ascii: "=")), mark > argument.startIndex else {
      throw ValidationError("a value is given as NAME=VALUE")
    }
    name = Name(String(argument[..<mark]))
    let text = String(argument[argument.utf8.index(after: mark)...])
    do throws(PolicyProblems) {
      value = try ParameterValue(yaml: text, named: "--with \(name)")
    } catch {
      throw ValidationError(error.diagnostics.map(GivenValue.line).joined(separator: "; "))
    }
  }

  private static func line(_ problem: Diagnostic) -> String {
    if problem.code == Mistake.emptyPolicy.rawValue {
      return "there is no value: for an empty string write '\"\"', and quote a value that begins with #"
    }
    return problem.message + (problem.hint.map { " (\($0))" } ?? "")
  }
}
