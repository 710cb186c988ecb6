import Testing
import Wire

@Suite("Other arguments in a message")
struct MessageArgumentsTests {
  private func message(_ line: String) throws -> Message {
    guard case .single(let message) = try MessageReader(side: .client).read(Array(line.utf8)) else {
      throw MessageError(code: 0, message: "a batch", id: nil, sort: .unreadable)
    }
    return message
  }

  private func spliced(
    _ line: String, _ arguments: String, depth: Int = 64, bytes: Int = 1 << 20
  ) throws -> String {
    let object = try JSONTape(Array(arguments.utf8), depth: 512).root
    let rewritten = try message(line).replacing(arguments: object, depth: depth, bytes: bytes)
    return String(decoding: rewritten.bytes, as: UTF8.self)
  }

  @Test("take the place of the old ones, and every other byte stays")
  func inPlace() throws {
    let line =
      #" { "id" : "x" , "params" :{"_meta":{"a":1.50},"arguments" : {"old":[1 , 2]} ,"name":"\u0065cho"},"method":"tools/call","jsonrpc":"2.0"} "#
    let expected =
      #"{ "id" : "x" , "params" :{"_meta":{"a":1.50},"arguments" : {"new":1.0} ,"name":"\u0065cho"},"method":"tools/call","jsonrpc":"2.0"}"#
    #expect(try spliced(line, #"{"new":1.0}"#) == expected)
  }

  @Test("stand last in params where there were none")
  func absent() throws {
    let line = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{ "name":"echo" }}"#
    #expect(
      try spliced(line, #"{"a":null}"#)
        == #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{ "name":"echo" ,"arguments":{"a":null}}}"#)
  }

  @Test("an escaped name of the member is the member")
  func escapedName() throws {
    let line = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","\u0061rguments":{}}}"#
    #expect(try spliced(line, #"{"a":1}"#).contains(#""\u0061rguments":{"a":1}}"#))
  }

  @Test("one message of a batch becomes a message of its own")
  func batch() throws {
    let call = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":1}}}"#
    guard case .batch(let batch) = try MessageReader(side: .client).read(Array("[\(call), \(call)]".utf8)) else {
      Issue.record("no batch")
      return
    }
    let rewritten = try batch[1].get().replacing(arguments: JSONTape(Array("{}".utf8)).root, depth: 64, bytes: 1000)
    #expect(String(decoding: rewritten.bytes, as: UTF8.self) == call.replacing(#"{"x":1}"#, with: "{}"))
  }

  @Test(
    "are refused where a client's message with them would be",
    arguments: [
      (#"{"a":1,"A":2}"#, "could be taken for one another"), ("{\n}", "line break"),
      (#"{"a":{"a":{"a":{"a":{"a":1}}}}}"#, "deep"),
      (#"{"a":"\#(String(repeating: "x", count: 400))"}"#, "longer than"),
    ])
  func refused(_ arguments: String, _ reason: String) throws {
    let line = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{}}}"#
    let error = #expect(throws: MessageError.self) { try spliced(line, arguments, depth: 6, bytes: 400) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test("go into a call of a tool or a prompt, and nowhere else")
  func elsewhere() throws {
    for line in [
      #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///x"}}"#,
      #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#,
    ] {
      #expect(throws: MessageError.self) { try spliced(line, "{}") }
    }
    #expect(
      try spliced(#"{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"p"}}"#, #"{"a":"b"}"#)
        == #"{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"p","arguments":{"a":"b"}}}"#)
  }
}
