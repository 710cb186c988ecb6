import Testing
import Wire

@Suite("What messages tell the proxy")
struct MessageFactsTests {
  @Test("initialize: the version and the client, and the era is legacy")
  func initialize() throws {
    let request = try message(
      #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}"#
    )
    #expect(request.era == .legacy)
    #expect(request.protocolVersion == "2025-11-25")
    #expect(request.clientInfo?["name"]?.string == "c")
    let answer = try message(
      #"{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"s","version":"2"}}}"#,
      from: .server)
    #expect(answer.protocolVersion == "2025-06-18")
    #expect(answer.serverInfo?["name"]?.string == "s")
    #expect(answer.era == nil)
  }

  @Test("a modern request carries its version and client itself")
  func modern() throws {
    let request = try message(
      #"{"jsonrpc":"2.0","id":0,"method":"tools/call","params":{"name":"x","_meta":{"progressToken":"p","io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"}}}}"#
    )
    #expect(request.era == .modern)
    #expect(request.protocolVersion == "2026-07-28")
    #expect(request.clientInfo?["version"]?.string == "1")
    #expect(request.progressToken == .string("p"))
    let answer = try message(
      #"{"jsonrpc":"2.0","id":0,"result":{"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s"}}}}"#, from: .server
    )
    #expect(answer.serverInfo?["name"]?.string == "s")
    #expect(try message(#"{"jsonrpc":"2.0","id":0,"method":"server/discover"}"#).era == .modern)
  }

  @Test("what a modern request says of its sender, to be said again; not what else its _meta holds")
  func introduction() throws {
    func introduction(_ meta: String) throws -> String? {
      try message(#"{"jsonrpc":"2.0","id":0,"method":"ping","params":{"_meta":\#(meta)}}"#).introduction
        .map { String(decoding: $0, as: UTF8.self) }
    }
    let version = #""io.modelcontextprotocol/protocolVersion":"2026-07-28""#
    let capabilities = #""io.modelcontextprotocol/clientCapabilities":{"a": [1 ,2]}"#
    #expect(
      try introduction(#"{\#(capabilities),"progressToken":1,"x":2,\#(version)}"#) == "{\(version),\(capabilities)}")
    #expect(try introduction(#"{"x":1}"#) == nil)
    let long = String(repeating: "x", count: 70_000)
    #expect(try introduction(#"{\#(version),"io.modelcontextprotocol/clientInfo":{"name":"\#(long)"}}"#) == nil)
  }

  @Test("a request that says nothing says nothing")
  func silent() throws {
    let request = try message(#"{"jsonrpc":"2.0","id":0,"method":"tools/call","params":{"name":"x","_meta":{"a":1}}}"#)
    #expect(request.era == nil)
    #expect(request.protocolVersion == nil)
    #expect(request.clientInfo == nil)
    #expect(request.serverInfo == nil)
    #expect(request.progressToken == nil)
    #expect(request.cancelledRequest == nil)
    let ping = try message(#"{"jsonrpc":"2.0","id":0,"method":"ping"}"#)
    #expect(ping.era == nil)
    #expect(ping.meta == nil)
  }

  @Test("values of the wrong kind say nothing")
  func wrongKinds() throws {
    let request = try message(
      #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":7,"clientInfo":"c","_meta":[]}}"#)
    #expect(request.protocolVersion == nil)
    #expect(request.clientInfo == nil)
    #expect(request.meta == nil)
    let cancelled = try message(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1.5}}"#)
    #expect(cancelled.cancelledRequest == nil)
  }

  @Test("notifications: progress and cancellation")
  func notifications() throws {
    let progress = try message(
      #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":3,"progress":0.5}}"#, from: .server
    )
    #expect(progress.progressToken == .integer(3))
    let cancelled = try message(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"r"}}"#)
    #expect(cancelled.cancelledRequest == .string("r"))
  }
}
