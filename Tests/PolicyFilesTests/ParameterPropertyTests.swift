import Policy
import Randomness
import Testing
import Wire

@testable import PolicyFiles

@Suite("A policy with parameters decides like the policy with the values written out")
struct ParameterPropertyTests {
  /// Writes one policy twice: with values, and with parameters in their places.
  private struct Writer {
    var random: Random
    var definitions: [String] = []
    var given: [Name: ParameterValue] = [:]

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    /// A parameter of that value, by its default or by what is given.
    private mutating func parameter(_ yaml: String) throws -> String {
      let name = "p\(definitions.count)"
      switch below(3) {
      case 0: definitions.append("\(name): { default: \(yaml) }")
      case 1:
        definitions.append("\(name): { description: given }")
        given[Name(name)] = try ParameterValue(yaml: yaml, named: name)
      default:
        definitions.append("\(name): { default: [other] }")
        given[Name(name)] = try ParameterValue(yaml: yaml, named: name)
      }
      return name
    }

    /// A place for a whole value, which is YAML in one line: as it is written out, and with parameters.
    mutating func value(_ yaml: String) throws -> (String, String) {
      below(3) == 0 ? (yaml, yaml) : (yaml, "\"${\(try parameter(yaml))}\"")
    }

    /// A place for a list, some of whose elements come from a parameter.
    mutating func list(_ elements: [String]) throws -> (String, String) {
      let plain = "[\(elements.joined(separator: ", "))]"
      guard below(4) > 0 else { return try value(plain) }
      let cut = below(elements.count + 1)
      let rest = below(elements.count - cut + 1)
      let middle = "\"${\(try parameter("[\(elements[cut..<cut + rest].joined(separator: ", "))]"))}\""
      return (plain, "[\((elements[..<cut] + [middle] + elements[(cut + rest)...]).joined(separator: ", "))]")
    }

    /// A place in a double-quoted text, or in a key.
    mutating func text(_ text: String) throws -> (String, String) {
      guard below(3) > 0 else { return (text, text) }
      return (text, "${\(try parameter(text))}")
    }
  }

  private func policies(seed: Int) throws -> (written: String, with: String, given: [Name: ParameterValue]) {
    var writer = Writer(random: Random(seed: UInt64(seed)))
    var pieces: [(String, String)] = []
    func line(_ start: String, _ place: (String, String), _ end: String = "") {
      pieces.append((start + place.0 + end + "\n", start + place.1 + end + "\n"))
    }
    line("hide: ", try writer.list(["x_one", "x_two"]))
    line("tools:", ("", ""))
    for tool in ["a", "b", "c_1"] {
      line("  \"", try writer.text(String(tool.prefix(1))), "\(tool.dropFirst())\":")
      line("    rules:", ("", ""))
      for number in 0...writer.below(3) {
        line("      - name: \"rule \(number) of ", try writer.text(tool), "\"")
        line("        mode: ", try writer.value(writer.below(4) == 0 ? "observe" : "enforce"))
        line("        reason: \"no more than ", try writer.text("1.50"), " by {{args.s}}\"")
        line("        require:", ("", ""))
        line("          - args.n: { lte: ", try writer.value("\(writer.below(4))"), " }")
        line("          - args.s: { in: ", try writer.list(["one", "two", "three", "'4'"]), " }")
        switch writer.below(4) {
        case 0: line("        when: { args.v: { default: 0, eq: ", try writer.value("{ a: [1, null, 1.0] }"), " } }")
        case 1: line("        rate_limit: \"2/", try writer.text("minute"), "\"")
        case 2: line("        unless: ", try writer.value("{ args.free: true }"))
        default: break
        }
      }
    }
    let written = pieces.map(\.0).joined()
    let with = pieces.map(\.1).joined()
    let parameters = writer.definitions.map { "  \($0)\n" }.joined()
    return (written, with + (parameters.isEmpty ? "" : "parameters:\n\(parameters)"), writer.given)
  }

  @Test("thousands of calls", arguments: 0..<40)
  func decisions(seed: Int) throws {
    let (written, with, given) = try policies(seed: seed)
    let one = try load(written).get()
    let other: LoadedPolicy
    do throws(PolicyProblems) {
      other = try PolicyFile.load(text: Array(with.utf8), named: "policy.yaml", scriptsIn: "", given: given)
    } catch {
      Issue.record("\(error.diagnostics.map { $0.rendered(colour: false) })\n\(with)")
      return
    }
    var left = Judge(one.rules)
    var right = Judge(other.rules)
    var random = Random(seed: UInt64(seed) + 1_000)
    var verdicts: Set<Bool> = []
    for _ in 0..<60 {
      func pick(_ choices: [String]) -> String { choices[Int.random(in: choices.indices, using: &random)] }
      let tool = pick(["a", "b", "c_1", "d", "x_one", "x_two"])
      let arguments =
        #"{"n":\#(pick(["0", "1", "2", "3", "\"1\""])),"s":\#(pick([#""one""#, #""two""#, #""4""#, "4", "null"])),"#
        + #""v":\#(pick(["0", #"{"a":[1,null,1]}"#, #"{"a":[1]}"#])),"free":\#(pick(["true", "false"]))}"#
      let verdict = try left.call(tool, arguments)
      #expect(try right.call(tool, arguments) == verdict, "\(with)")
      verdicts.insert(verdict == "allowed")
    }
    #expect(verdicts.count == 2)
  }
}
