import Policy
import Testing
import Wire

@testable import PolicyFiles

@Suite("What rules set and remove, in a file")
struct EditTests {
  @Test("is read in the order of the file")
  func read() throws {
    let edits = try rule("set: { args.a: 1, \"args['b.c'].d\": [x, null] }\nremove: [args.e]").edits
    #expect(edits.map(\.path.description) == ["args.a", "args['b.c'].d", "args.e"])
    #expect(edits.map(\.value) == [.number(1), .array([.string("x"), .null]), nil])
  }

  private func conflicts(_ text: String) -> [String] { findings(text).filter { $0.contains("MG2106") } }

  @Test(
    "is a mistake where one call would be rewritten in two ways",
    arguments: [("a", "*"), ("*", "a"), ("a*", "abc"), ("x*", "*")])
  func certain(_ one: String, _ other: String) {
    let text = """
      tools:
        "\(one)":
          rules: [{ name: one, set: { args.n: 1 } }, { name: agreed, set: { args.n: 1.0, args.m: 2 } }]
        "\(other)":
          rules: [{ name: other, set: { args.n: 2 } }]
      """
    #expect(conflicts(text).count == 2)
  }

  @Test(
    "is left to the call where only that decides",
    arguments: [
      "when: { client.name: x }, set: { args.n: 2 }", "unless: { client.name: x }, set: { args.n: 2 }",
      "mode: observe, set: { args.n: 2 }", "set: { args.m: 2 }", "remove: [args.m]",
    ])
  func uncertain(_ other: String) {
    #expect(conflicts("tools: { a: { rules: [{ set: { args.n: 1 } }, { \(other) }] } }\n").isEmpty)
  }

  @Test("of tools that have nothing in common is none of each other's business")
  func apart() {
    #expect(
      conflicts(
        "tools: { a: { rules: [{ set: { args.n: 1 } }] }, b: { rules: [{ set: { args.n: 2 } }] } }\n"
          + "prompts: { a: { rules: [{ set: { args.n: x } }] } }\n"
      ).isEmpty)
  }
}
