import Policy
import Testing
import Wire

@testable import PolicyFiles

@Suite("What needs the server's definition of a tool")
struct DefinitionNeedTests {
  @Test(
    "calls of a tool are judged by the server's definition of it where something looks at that",
    arguments: [
      ("tools: { a: { arguments: strict } }", true), ("tools: { a: { arguments: schema } }", true),
      ("tools: { a: { arguments: any } }", false), ("tools: { b: { arguments: strict } }", false),
      ("tools: { '*': { arguments: strict } }", true), ("hide: [a]\ntools: { '*': { arguments: strict } }", false),
      ("tools: { a: { rules: [{ action: deny, when: { tool.annotations.readOnlyHint: true } }] } }", true),
      ("tools: { a: { rules: [{ action: deny, unless: { not: { tool.annotations.x: 1 } } }] } }", true),
      ("tools: { a: { rules: [{ action: deny, reason: '{{tool.annotations.title}}' }] } }", true),
      ("tools: { a: { rules: [{ action: deny, reason: '{{tool.name}}' }] } }", false),
      ("tools: { a: { rules: [{ lua: 'function check(call) return call.schema end' }] } }", true),
      ("tools: { a: { rules: [{ lua: 'function check(call) end' }] } }", false),
      ("resources: { 'mem:a': { rules: [{ action: deny, when: { tool.annotations.x: 1 } }] } }", false),
    ])
  func definitions(text: String, isNeeded: Bool) throws {
    #expect(try load(text).get().rules.needsDefinition(of: "a") == isNeeded)
  }
}
