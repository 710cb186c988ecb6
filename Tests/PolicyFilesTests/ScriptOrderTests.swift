import Policy
import PolicyFiles
import Testing
import Wire

@Suite("The order of scripts")
struct ScriptOrderTests {
  /// Some with the same script, some with the same name.
  private static let rules = [
    #"{ name: one, lua: "function check() end" }"#,
    #"{ name: two, lua: "function check(call) end", with: { n: 1 } }"#,
    #"{ name: three, lua: "function check(call) end", with: { n: 2 } }"#,
    #"{ name: four, lua: "function check(c) end" }"#,
  ]

  private func asked(_ rules: [String]) throws -> [String] {
    let text = "tools:\n  t:\n    rules:\n" + rules.map { "      - \($0)\n" }.joined()
    let loaded = try PolicyFile.load(text: Array(text.utf8), named: "policy.yaml", scriptsIn: "/nowhere")
    let name = try JSONTape(Array("\"t\"".utf8)).root
    let call = Call(
      subject: .tool, name: "t", nameValue: name, arguments: nil, meta: nil, context: Call.Context(session: "s"))
    let judgement = loaded.rules.decide(call, at: Moment(simulated: 0))
    guard case .ask(let questions) = judgement.step else { return [] }
    return questions.map(\.rule)
  }

  @Test("is the same wherever their rules stand: one can see what another has counted for the call")
  func same() throws {
    let rules = ScriptOrderTests.rules
    let first = try asked(rules)
    #expect(first.count == 4)
    for shift in 1..<4 { #expect(try asked(Array(rules[shift...] + rules[..<shift])) == first) }
    #expect(try asked(rules.reversed()) == first)
  }
}
