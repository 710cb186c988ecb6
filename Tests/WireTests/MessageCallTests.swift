import Testing
import Wire

@Suite("The call of a message")
struct MessageCallTests {
  private let context = Call.Context(session: "s")

  private func call(_ method: String, _ params: String?) throws -> Call? {
    let line = #"{"jsonrpc":"2.0","id":5,"method":"\#(method)""# + (params.map { ",\"params\":" + $0 } ?? "") + "}"
    return try message(line).call(in: context)
  }

  @Test("tools/call")
  func tool() throws {
    let call = try #require(try call("tools/call", #"{"name":"a b","arguments":{"x":1},"_meta":{"y":2}}"#))
    #expect(call.subject == .tool)
    #expect(call.name == "a b")
    #expect(call.nameValue.equals("a b"))
    #expect(call.arguments?["x"]?.integer == 1)
    #expect(call.meta?["y"]?.integer == 2)
    #expect(call.context.session == "s")
    #expect(try self.call("tools/call", #"{"name":"x"}"#)?.arguments == nil)
  }

  @Test("resources/read, by its URI, without arguments")
  func resource() throws {
    let call = try #require(try call("resources/read", #"{"uri":"file:///etc/passwd","arguments":1}"#))
    #expect(call.subject == .resource)
    #expect(call.name == "file:///etc/passwd")
    #expect(call.arguments == nil)
  }

  @Test("prompts/get")
  func prompt() throws {
    let call = try #require(try call("prompts/get", #"{"name":"p","arguments":{"x":"1"}}"#))
    #expect(call.subject == .prompt)
    #expect(call.arguments?["x"]?.string == "1")
  }

  @Test("other messages are no calls, and the context is not asked for")
  func none() throws {
    func unneeded() -> Call.Context {
      Issue.record("the context was asked for")
      return context
    }
    for line in [
      #"{"jsonrpc":"2.0","id":5,"method":"tools/list","params":{"name":""}}"#,
      #"{"jsonrpc":"2.0","id":5,"method":"vendor/call"}"#,
      #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, #"{"jsonrpc":"2.0","id":5,"result":{}}"#,
    ] {
      #expect(try message(line).call(in: unneeded()) == nil)
    }
  }

  @Test(
    "wrong shapes are -32602",
    arguments: [
      ("tools/call", nil), ("tools/call", "{}"), ("tools/call", #"{"name":7}"#), ("tools/call", #"{"name":null}"#),
      ("tools/call", #"{"name":["a"]}"#), ("tools/call", #"{"name":""}"#), ("tools/call", #"{"name":" a"}"#),
      ("tools/call", #"{"name":"a "}"#), ("tools/call", #"{"name":"a\t"}"#), ("tools/call", #"{"name":"a\u0000b"}"#),
      ("tools/call", #"{"name":"a\u007fb"}"#), ("tools/call", #"{"name":"a\u0085b"}"#),
      ("tools/call", #"{"name":"\u00a0a"}"#),
      ("tools/call", #"{"name":"a\u3000"}"#), ("tools/call", #"{"name":"a\nb"}"#),
      ("tools/call", #"{"name":"a","arguments":null}"#), ("tools/call", #"{"name":"a","arguments":[]}"#),
      ("tools/call", #"{"name":"a","arguments":"{}"}"#), ("tools/call", #"{"name":"a","_meta":null}"#),
      ("tools/call", #"{"name":"a","_meta":[]}"#), ("resources/read", #"{"name":"a"}"#),
      ("resources/read", #"{"uri":""}"#),
      ("resources/read", #"{"uri":"file:///\u0000"}"#), ("prompts/get", #"{"name":"a","arguments":{"x":1}}"#),
      ("prompts/get", #"{"name":"a","arguments":{"x":"","y":null}}"#), ("prompts/get", #"{"name":""}"#),
    ] as [(String, String?)])
  func wrong(_ method: String, _ params: String?) throws {
    do {
      _ = try call(method, params)
      Issue.record("was taken")
    } catch let error as MessageError {
      #expect(error.code == -32602)
      #expect(error.id == .integer(5))
      #expect(error.isAnswerable)
    }
  }

  @Test("names beyond ASCII are kept by code point")
  func otherNames() throws {
    #expect(try call("tools/call", #"{"name":"caf\u00e9"}"#)?.name == "caf\u{E9}")
    #expect(try call("tools/call", #"{"name":"cafe\u0301"}"#)?.name == "cafe\u{301}")
    #expect(try call("tools/call", #"{"name":"日本\u200b語"}"#)?.name == "日本\u{200B}語")
  }
}
