import Foundation
import Testing

@Suite("The real program: resources, prompts and methods")
struct SectionsTests {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch([
      "policy.yaml": """
      resources:
        "file:///etc/**": { rules: [{ name: system, action: deny, reason: system files are off limits }] }
        "*": { rules: [{ name: two, rate_limit: { max: 2, window: 60 } }] }
      prompts:
        greet: { rules: [{ name: short, require: [{ args.who: { length: { lte: 5 } } }] }] }
      methods: { deny: [completion/complete] }

      """
    ])
  }

  private func request(_ id: Int, _ method: String, _ params: String) -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"#
  }

  @Test("are judged on their way, and refused with an error of JSON-RPC that says why")
  func proxied() throws {
    let program = try RunningProgram(["-c", scratch.path("policy.yaml")] + RunningProgram.server())
    func ask(_ id: Int, _ method: String, _ params: String) -> String {
      program.send(request(id, method, params))
      return program.readLine() ?? ""
    }
    #expect(ask(1, "resources/read", #"{"uri":"file:///home/a"}"#).contains(#""result""#))
    let system = ask(2, "resources/read", #"{"uri":"file:///etc/passwd"}"#)
    #expect(system.contains(#""code":-32003"#) && system.contains("system files are off limits"))
    #expect(ask(3, "resources/read", #"{"uri":"file:///home/../etc/passwd"}"#).contains("ambiguous"))
    #expect(ask(4, "resources/read", #"{"uri":"note://b"}"#).contains(#""result""#))
    #expect(ask(5, "resources/read", #"{"uri":"note://c"}"#).contains("2 of 2 used"))
    #expect(ask(6, "prompts/get", #"{"name":"greet","arguments":{"who":"you"}}"#).contains(#""result""#))
    #expect(ask(7, "prompts/get", #"{"name":"greet","arguments":{"who":"everybody"}}"#).contains(#"\"short\""#))
    #expect(ask(8, "completion/complete", "{}").contains(#""code":-32003"#))
    #expect(ask(9, "tools/call", #"{"name":"echo","arguments":{}}"#).contains(#""result""#))
    program.closeInput()
    #expect(program.wait() == 0)
  }

  @Test("are tried by eval, line by line")
  func evaluated() throws {
    let program = try RunningProgram(["eval", "--json", "-c", scratch.path("policy.yaml"), "-"])
    for line in [
      #"{"resource":"file:///home/a"}"#, #"{"resource":"file:///etc/passwd"}"#,
      #"{"prompt":"greet","arguments":{"who":"you"}}"#, #"{"prompt":"greet","arguments":{"who":"everybody"}}"#,
      request(1, "resources/read", #"{"uri":"note://b"}"#), #"{"resource":"note://c"}"#,
      #"{"resource":"note://c","arguments":{}}"#,
    ] { program.send(line) }
    program.closeInput()
    let verdicts = program.readToEnd().map { line in
      ["allowed", "refused", "invalid"].first { line.hasPrefix(#"{"verdict":"\#($0)""#) } ?? line
    }
    #expect(verdicts == ["allowed", "refused", "allowed", "refused", "allowed", "refused", "invalid"])
    #expect(program.wait() == 1)
  }
}
