import Testing
import Wire

@Suite("Message reader")
struct MessageReaderTests {
  @Test("reads a request, a notification and both responses")
  func kinds() throws {
    let request = try message(#" {"jsonrpc":"2.0","id":"a","method":"tools/list","params":{}} "#)
    guard case .request(.string("a"), "tools/list") = request.kind else { throw UnexpectedBatch() }
    #expect(request.knownMethod == .listTools)
    #expect(request.params?.count == 0)
    #expect(request.id == .string("a"))
    #expect(String(decoding: request.bytes, as: UTF8.self).hasPrefix("{\"jsonrpc\""))
    #expect(String(decoding: request.bytes, as: UTF8.self).hasSuffix("}}"))

    let notification = try message(#"{"method":"notifications/initialized","jsonrpc":"2.0"}"#)
    guard case .notification("notifications/initialized") = notification.kind else { throw UnexpectedBatch() }
    #expect(notification.id == nil)
    #expect(notification.params == nil)

    let result = try message(#"{"jsonrpc":"2.0","id":-7,"result":{"x":1}}"#, from: .server)
    guard case .response(.integer(-7), isError: false) = result.kind else { throw UnexpectedBatch() }
    #expect(result.result?["x"]?.integer == 1)
    #expect(result.method == nil)

    let error = try message(#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}"#, from: .server)
    guard case .response(nil, isError: true) = error.kind else { throw UnexpectedBatch() }
    #expect(error.error?["message"]?.string == "no")
  }

  @Test("an unknown method and unknown members pass, and it can be told")
  func unknown() throws {
    let request = try message(
      #"{"jsonrpc":"2.0","id":1,"method":"vendor/thing","params":{"x":{"A":1,"a":2}},"trace":"abc","_x":1}"#)
    #expect(request.knownMethod == nil)
    #expect(request.method == "vendor/thing")
  }

  @Test(
    "a line that is unparsable is -32700 without an id",
    arguments: [
      "{", "", "x", #"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#, "\u{FEFF}{}", "{}{}", #"{"a":1e999}"#,
    ])
  func unparsable(_ line: String) throws {
    let error = try #require(failure(line))
    #expect(error.code == -32700)
    #expect(error.id == nil)
    #expect(error.sort == .unreadable)
    #expect(error.isAnswerable)
  }

  @Test(
    "who waits for an answer to a line that is refused as JSON is told, if the text says who it is",
    arguments: [
      (
        #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"a":1,"a":2}}"#, RequestID.integer(7),
        MessageError.Sort.request
      ),
      (#"{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"a":1e999}}"#, .string("x"), .request),
      (
        #"{"jsonrpc":"2.0","id":7,"method":"x","params":\#(String(repeating: "[", count: 90))\#(String(repeating: "]", count: 90))}"#,
        .integer(7), .request
      ),
      ("{\"jsonrpc\":\"2.0\",\r\"id\":7,\"method\":\"ping\"}", .integer(7), .request),
      (#"{"jsonrpc":"2.0","method":"tools/call","params":{"a":1,"a":2}}"#, nil, .notification),
      (#"{"jsonrpc":"2.0","id":7,"result":{"a":1,"a":2}}"#, .integer(7), .response),
      (#"{"jsonrpc":"2.0","id":7,"method":"x","method":"y"}"#, nil, .unreadable),
      (#"{"jsonrpc":"2.0","id":7,"ID":8,"method":"x","a":1,"a":2}"#, nil, .unreadable),
      (#"[{"jsonrpc":"2.0","id":7,"method":"x","a":1,"a":2}]"#, nil, .unreadable),
      (#"{"jsonrpc":"2.0","id":7,"method":"x","params":{"a":"\ud800"}}"#, nil, .unreadable),
    ] as [(String, RequestID?, MessageError.Sort)])
  func unparsableButKnown(_ line: String, _ id: RequestID?, _ sort: MessageError.Sort) throws {
    let error = try #require(failure(line))
    #expect(error.code == -32700)
    #expect(error.id == id)
    #expect(error.sort == sort)
  }

  @Test("a line break between tokens is refused: a peer could read what stands between two as a message of its own")
  func lineBreaks() throws {
    let inner = #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"hidden"}}"#
    for separator in ["\r", "\n", "\r\n"] {
      let line = #"{"jsonrpc":"2.0","id":1,"method":"ping","extra":"# + separator + inner + separator + "}"
      #expect(failure(line)?.code == -32700)
      #expect(failure(line, from: .server)?.code == -32700)
    }
    #expect(failure(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"# + "\r") == nil)
    #expect(failure(#"{"jsonrpc":"2.0","id":1,"method":"ping","a":"\r\n"}"#) == nil)
  }

  @Test("holds to its depth limit")
  func depth() throws {
    let line = #"{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":[[]]}}"#
    #expect(throws: MessageError.self) { try read(line, depth: 3) }
    _ = try read(line, depth: 4)
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    let line: String
    let code: Int
    let id: RequestID?
    let sort: MessageError.Sort

    init(_ line: String, _ code: Int, _ id: RequestID?, _ sort: MessageError.Sort) {
      (self.line, self.code, self.id, self.sort) = (line, code, id, sort)
    }

    var testDescription: String { line }
  }

  static let wrongShapes = [
    Wrong("1", -32600, nil, .unreadable), Wrong("\"x\"", -32600, nil, .unreadable),
    Wrong("null", -32600, nil, .unreadable),
    Wrong("{}", -32600, nil, .unreadable), Wrong(#"{"jsonrpc":"2.0","id":1}"#, -32600, .integer(1), .unreadable),
    Wrong(#"{"id":1,"method":"ping"}"#, -32600, .integer(1), .request),
    Wrong(#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600, .integer(1), .request),
    Wrong(#"{"jsonrpc":2.0,"id":1,"method":"ping"}"#, -32600, .integer(1), .request),
    Wrong(#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600, .integer(1), .request),
    Wrong(#"{"jsonrpc":"2.0","id":1,"method":null}"#, -32600, .integer(1), .request),
    Wrong(#"{"jsonrpc":"2.0","method":["x"]}"#, -32600, nil, .notification),
    Wrong(#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600, nil, .request),
    Wrong(#"{"jsonrpc":"2.0","id":1.0,"method":"ping"}"#, -32600, nil, .request),
    Wrong(#"{"jsonrpc":"2.0","id":1e0,"method":"ping"}"#, -32600, nil, .request),
    Wrong(#"{"jsonrpc":"2.0","id":9223372036854775808,"method":"ping"}"#, -32600, nil, .request),
    Wrong(#"{"jsonrpc":"2.0","id":true,"method":"ping"}"#, -32600, nil, .request),
    Wrong(#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#, -32600, nil, .request),
    Wrong(#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600, nil, .request),
    Wrong(#"{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}"#, -32600, .integer(1), .request),
    Wrong(#"{"jsonrpc":"2.0","id":1,"method":"ping","error":{"code":1,"message":""}}"#, -32600, .integer(1), .request),
    Wrong(#"{"jsonrpc":"2.0","id":1,"method":"x","params":[]}"#, -32602, .integer(1), .request),
    Wrong(#"{"jsonrpc":"2.0","id":1,"method":"x","params":null}"#, -32602, .integer(1), .request),
    Wrong(#"{"jsonrpc":"2.0","method":"x","params":"y"}"#, -32602, nil, .notification),
    Wrong(#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"x"}}"#, -32600, nil, .notification),
    Wrong(#"{"jsonrpc":"2.0","method":"resources/read","params":{"uri":"x"}}"#, -32600, nil, .notification),
    Wrong(#"{"jsonrpc":"2.0","method":"prompts/get","params":{"name":"x"}}"#, -32600, nil, .notification),
    Wrong(#"{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}}"#, -32600, .integer(1), .response),
    Wrong(#"{"jsonrpc":"2.0","id":1,"result":[]}"#, -32600, .integer(1), .response),
    Wrong(#"{"jsonrpc":"2.0","id":1,"result":null}"#, -32600, .integer(1), .response),
    Wrong(#"{"jsonrpc":"2.0","result":{}}"#, -32600, nil, .response),
    Wrong(#"{"jsonrpc":"2.0","id":null,"result":{}}"#, -32600, nil, .response),
    Wrong(#"{"jsonrpc":"2.0","id":1.5,"result":{}}"#, -32600, nil, .response),
    Wrong(#"{"jsonrpc":"2.0","id":1,"error":"no"}"#, -32600, .integer(1), .response),
    Wrong(#"{"jsonrpc":"2.0","id":1,"error":{"code":"1","message":""}}"#, -32600, .integer(1), .response),
    Wrong(#"{"jsonrpc":"2.0","id":1,"error":{"code":1.0,"message":""}}"#, -32600, .integer(1), .response),
    Wrong(#"{"jsonrpc":"2.0","id":1,"error":{"code":1}}"#, -32600, .integer(1), .response),
    Wrong(#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":null}}"#, -32600, .integer(1), .response),
    Wrong(#"{"jsonrpc":"2.0","error":{"code":1,"message":""}}"#, -32600, nil, .response),
    Wrong(#"{"jsonrpc":"2.0","id":false,"error":{"code":1,"message":""}}"#, -32600, nil, .response),
  ]

  @Test("refuses wrong shapes on both sides, and knows what they were", arguments: wrongShapes)
  func wrongShape(_ wrong: Wrong) throws {
    for side in [MessageReader.Side.client, .server] {
      let error = try #require(failure(wrong.line, from: side))
      #expect(error.code == wrong.code)
      #expect(error.id == wrong.id)
      #expect(error.sort == wrong.sort)
      #expect(error.isAnswerable == (wrong.sort == .request || wrong.sort == .unreadable))
      #expect(!error.message.isEmpty)
    }
  }

  @Test(
    "an alias of an envelope member is refused on both sides",
    arguments: [
      (
        #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"},"Params":{"name":"b"}}"#,
        MessageError.Sort.request
      ),
      (#"{"jsonrpc":"2.0","id":1,"Method":"tools/call"}"#, .request),
      (#"{"jsonrpc":"2.0","Method":"tools/call"}"#, .notification),
      (#"{"jsonrpc":"2.0","id":1,"method":"ping","ID":2}"#, .request),
      (#"{"jsonrpc":"2.0","id":1,"method":"ping","\u0131d":2}"#, .request),
      (#"{"jsonrpc":"2.0","id":1,"method":"ping","param\u017f":{}}"#, .request),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"me\u{200B}thod\":\"x\"}", .request),
      (#"{"jsonrpc":"2.0","id":1,"method":"ping","method\u0000":"x"}"#, .request),
      (#"{"jsonrpc":"2.0","id":1,"method":"ping","method ":"x"}"#, .request),
      (#"{"jsonrpc":"2.0","JSONRPC":"2.0","id":1,"method":"ping"}"#, .request),
      (#"{"jsonrpc":"2.0","id":1,"Result":{}}"#, .response),
      (#"{"jsonrpc":"2.0","id":1,"result":{},"Error":{}}"#, .response),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"\u{FF49}\u{FF44}\":2}", .request),
    ])
  func envelopeAlias(_ line: String, _ sort: MessageError.Sort) throws {
    for side in [MessageReader.Side.client, .server] {
      let error = try #require(failure(line, from: side))
      #expect(error.code == -32600)
      #expect(error.sort == sort)
      #expect(error.message.contains("could be taken for"))
    }
  }

  private func call(_ params: String) -> String {
    #"{"jsonrpc":"2.0","id":9,"method":"tools/call","params":"# + params + "}"
  }

  @Test(
    "an alias of a known member of params or _meta is refused on the client's side",
    arguments: [
      #"{"name":"a","Name":"b"}"#, #"{"Name":"b"}"#, #"{"name":"a","arguments":{},"Arguments":{}}"#,
      #"{"name":"a","argument\u017f":{}}"#, #"{"name":"a","_Meta":{}}"#, #"{"name":"a","na\u200bme":"b"}"#,
      #"{"name":"a","Uri":"x"}"#, #"{"name":"a","CURSOR":"x"}"#, #"{"name":"a","inputresponses":{}}"#,
      #"{"name":"a","requestSTATE":"x"}"#, #"{"name":"a","tas\u212a":{}}"#, #"{"name":"a","protocolversion":"x"}"#,
      #"{"name":"a","_meta":{"progresstoken":1}}"#, #"{"name":"a","_meta":{"progressToken":1,"PROGRESSTOKEN":2}}"#,
      #"{"name":"a","_meta":{"io.modelcontextprotocol/protocolversion":"x"}}"#,
      #"{"name":"a","_meta":{"IO.modelcontextprotocol/clientInfo":{}}}"#,
    ])
  func paramsAlias(_ params: String) throws {
    let error = try #require(failure(call(params)))
    #expect(error.code == -32602)
    #expect(error.id == .integer(9))
    #expect(error.sort == .request)
    #expect(failure(call(params), from: .server) == nil)
  }

  @Test(
    "two spellings of one name in one object of the arguments are refused, at every depth",
    arguments: [
      #"{"url":1,"URL":2}"#, #"{"url":1,"Url":2}"#, #"{"a":[{"b":{"\u00e9":1,"e\u0301":2}}]}"#, #"{"k":1,"\u212a":2}"#,
      #"{"a":1,"b":{"x":1,"x\u200d":2}}"#, #"{"a":1,"a\u0000":2}"#, #"{"ss":1,"\u00df":2}"#, #"{"a":1,"a ":2}"#,
    ])
  func argumentAliases(_ arguments: String) throws {
    let error = try #require(failure(call(#"{"name":"a","arguments":\#(arguments)}"#)))
    #expect(error.code == -32602)
    #expect(error.message.contains("params.arguments"))
    #expect(failure(call(#"{"name":"a","x":\#(arguments)}"#)) == nil)
  }

  @Test("two spellings are found among many members, too", arguments: [15, 16, 17, 40, 3000])
  func argumentAliasesAmongMany(_ count: Int) {
    var members = (0..<count).map { "\"name\($0)\":1" }
    func line() -> String { call(#"{"name":"a","arguments":{"x":{\#(members.joined(separator: ","))}}}"#) }
    #expect(failure(line()) == nil)
    members.append("\"NAME\(count / 2)\":1")
    #expect(failure(line())?.code == -32602)
    members[count] = "\"na\u{200B}me\(count / 2)\":1"
    #expect(failure(line())?.code == -32602)
    members[count] = "\"\u{212A}\":1"
    #expect(failure(line()) == nil)
    members[0] = "\"k\":1"
    #expect(failure(line())?.code == -32602)
  }

  @Test("the same names in different objects of the arguments are fine")
  func sameNamesApart() {
    #expect(failure(call(#"{"name":"a","arguments":{"url":1,"b":{"URL":2},"c":[{"Url":3},{"url":4}]}}"#)) == nil)
  }

  @Test(
    "a method that could be taken for a known one is refused, answerable only as a request",
    arguments: [
      "Tools/Call", "tools/call/", "tools//call", "/tools/call", " tools/call", "tools/call\\n", "tools/call\\u0000",
      "tool\\u017f/call",
      "tools\\u200b/call", "TOOLS/CALL", "tools /call",
    ])
  func disguisedMethod(_ method: String) throws {
    for side in [MessageReader.Side.client, .server] {
      let request = try #require(failure(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)"}"#, from: side))
      #expect(request.code == -32601)
      #expect(request.isAnswerable)
      let notification = try #require(failure(#"{"jsonrpc":"2.0","method":"\#(method)"}"#, from: side))
      #expect(notification.code == -32601)
      #expect(!notification.isAnswerable)
    }
  }

  @Test("a known method in escapes is that method")
  func escapedMethod() throws {
    let request = try message(
      #"{"jsonrpc":"2.0","\u0069d":1,"\u006dethod":"tools\/c\u0061ll","params":{"n\u0061me":"x"}}"#)
    #expect(request.knownMethod == .callTool)
  }

  @Test("a batch is read message by message, an empty one refused")
  func batch() throws {
    guard
      case .batch(let messages) = try read(
        #"[{"jsonrpc":"2.0","id":1,"method":"ping"},1,{"jsonrpc":"2.0","id":2,"method":"x","params":[]},[]]"#)
    else { throw UnexpectedBatch() }
    #expect(messages.count == 4)
    #expect(try messages[0].get().id == .integer(1))
    #expect(
      String(decoding: try messages[0].get().bytes, as: UTF8.self) == #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)
    #expect(throws: MessageError.self) { try messages[1].get() }
    #expect(throws: MessageError.self) { try messages[2].get() }
    #expect(throws: MessageError.self) { try messages[3].get() }
    #expect(failure("[]")?.code == -32600)
    #expect(failure("[ ]")?.id == nil)
  }

  @Test("an error's text is one short line whatever the peer wrote")
  func excerpts() throws {
    let name = "NA\\u0000ME\\n" + String(repeating: "x", count: 5000)
    let error = try #require(
      failure(call(#"{"name":"a","arguments":{"\#(name)":1,"na\u0000me\n\#(name.dropFirst(12))":2}}"#)))
    #expect(error.message.utf8.count < 500)
    #expect(error.message.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 >= 0x80 })
  }

  @Test("an id has a longest length: it is kept until its answer has come")
  func longID() throws {
    func line(_ count: Int) -> String {
      #"{"jsonrpc":"2.0","id":"\#(String(repeating: "x", count: count))","method":"ping"}"#
    }
    #expect(failure(line(RequestID.longest)) == nil)
    let error = try #require(failure(line(RequestID.longest + 1)))
    #expect(error.code == -32600)
    #expect(error.id == nil)
  }

  @Test("an id goes back as it came")
  func ids() {
    #expect(RequestID.integer(-3).description == "-3")
    #expect(RequestID.string("a\"\u{1}").description == #""a\"\u0001""#)
  }
}
