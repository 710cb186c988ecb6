import Testing
import Wire

@testable import Workbench

@Suite("A call to be tried is read as strictly as the proxy reads a message")
struct CallLineTests {
  private func read(_ text: String) throws -> CallLine { try CallLine(Array(text.utf8)) }

  @Test("the short form, with all that it may say")
  func short() throws {
    let line = try read(
      #"{"tool":"echo","arguments":{"a":1.50},"session":"s","client":"bot","principal":{"subject":"ada"},"at":12.5}"#)
    let call = try line.call(in: .init(session: line.session))
    #expect(call.name == "echo" && call.arguments?["a"]?.number == ExactNumber("1.5"))
    #expect(call.context.session == "s" && call.context.client?["name"]?.string == "bot")
    #expect(call.context.principal?["subject"]?.string == "ada")
    #expect(line.at == 12.5)
  }

  @Test("a resource, or a prompt")
  func others() throws {
    let resource = try read(#"{"resource":"note://a","session":"s"}"#)
    let call = try resource.call(in: .init(session: resource.session))
    #expect(call.subject == .resource && call.name == "note://a" && call.arguments == nil)
    let prompt = try read(#"{"prompt":"greet","arguments":{"who":"x"}}"#).call(in: .init(session: "s"))
    #expect(prompt.subject == .prompt && prompt.arguments?["who"]?.string == "x")
  }

  @Test("with the tool's definition, as the server would list it")
  func defined() throws {
    let line = try read(#"{"tool":"echo","definition":{"name":"echo","inputSchema":{"type":"object"}}}"#)
    let call = try line.call(in: .init(session: line.session))
    #expect(call.definition?["inputSchema"]?["type"]?.string == "object")
  }

  @Test("a whole message")
  func whole() throws {
    let line = try read(
      #"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"echo","arguments":{"a":1}}}"#)
    #expect(try line.call(in: .init(session: "eval")).name == "echo")
    #expect(line.session == "eval" && line.at == nil)
  }

  @Test(
    "what is no call is refused, with a reason",
    arguments: [
      ("", "empty"), ("[]", "object"), (#"{"tool":1}"#, "tool"), (#"{"arguments":{}}"#, "tool"),
      (#"{"tool":"a","tool":"b"}"#, "two members"), (#"{"tool":"a","prompt":"b"}"#, "one tool"),
      (#"{"resource":5}"#, "resource"), (#"{"resource":"a:b","arguments":{}}"#, "arguments"),
      (#"{"tool":"a","args":{}}"#, #"unknown member "args""#),
      (#"{"tool":"a","arguments":[]}"#, "arguments"), (#"{"tool":" a"}"#, "white space"),
      (#"{"tool":"a","at":"now"}"#, "at"), (#"{"tool":"a","at":-1}"#, "at"), (#"{"tool":"a","session":1}"#, "session"),
      (#"{"tool":"a","client":1}"#, "client"), (#"{"tool":"a","definition":"x"}"#, "definition"),
      (#"{"tool":"a","arguments":{"x":1,"X":2}}"#, "X"),
      (#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#, "tools/call"),
      (#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"a"}}"#, "tools/call"),
    ])
  func invalid(text: String, mentions: String) {
    let error = #expect(throws: CallLine.Invalid.self) { try read(text) }
    #expect(error?.reason.contains(mentions) == true, "\(error?.reason ?? "")")
  }
}
