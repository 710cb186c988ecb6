import Policy
import Testing
import Wire

@testable import Proxy

@Suite("A session: what passes, what is answered, what is dropped")
struct SessionTests {
  @Test("what is allowed is forwarded byte for byte, and so is its answer")
  func byteForByte() throws {
    var rig = try Rig(open)
    let odd =
      #"{ "id" : 7, "params":{"arguments":{"x":1.000,"y":"\u00e9"},"name":"echo"},"method":"tools/call" ,"jsonrpc":"2.0"}"#
    rig.client(odd)
    #expect(rig.takeToServer() == [odd])
    let answer = #"{"result": {"content" :[ ]},"id":7,"jsonrpc":"2.0"}"#
    rig.server(answer)
    #expect(rig.takeToClient() == [answer])
  }

  @Test("what is refused is answered with a result that the model can read, and not forwarded")
  func refused() throws {
    var rig = try Rig("hide: [echo]\n")
    rig.client(call(7))
    #expect(rig.toServer.isEmpty)
    let answer = try #require(rig.toClient.first)
    #expect(
      answer.contains(#""id":7"#) && answer.contains(#""isError":true"#) && answer.contains("[moongate] refused by"))
    #expect(answer.contains(#""dev.moongate/decision""#) && answer.contains(#""decisionId""#))
    #expect(!answer.contains("resultType"))
  }

  @Test("a refusal of the modern era says that it is complete")
  func refusedInTheModernEra() throws {
    var rig = try Rig("hide: [echo]\n")
    rig.client(
      #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}"#
    )
    #expect(rig.toClient.first?.contains(#""resultType":"complete""#) == true)
  }

  @Test(
    "what cannot be read is answered, and never forwarded",
    arguments: [
      "rubbish", #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}"#,
      #"{"jsonrpc":"2.0","id":1.0,"method":"ping"}"#, #"{"jsonrpc":"2.0","id":1,"method":"Tools/Call","params":{}}"#,
      #"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#,
    ])
  func unreadable(line: String) throws {
    var rig = try Rig(open)
    rig.client(line)
    #expect(rig.toServer.isEmpty)
    #expect(rig.toClient.count == 1 && rig.toClient[0].contains(#""error""#))
    rig.client(call(2))
    #expect(rig.toServer.count == 1, "the session goes on")
  }

  @Test("a tools/call without an id is neither answered nor forwarded, but logged")
  func callWithoutID() throws {
    var rig = try Rig(open)
    rig.client(#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo","arguments":{}}}"#)
    #expect(rig.toServer.isEmpty && rig.toClient.isEmpty)
    #expect(rig.log.contains { $0.level == .warning })
  }

  @Test("an id in flight is refused, and what is in flight is not disturbed")
  func idInFlight() throws {
    var rig = try Rig(limited)
    rig.client(call(1))
    rig.client(call(1))
    #expect(rig.toServer.count == 1)
    #expect(rig.takeToClient().first?.contains("-32600") == true)
    #expect(rig.store.counts == .init(reserved: 1))
    rig.server(result(1))
    #expect(rig.takeToClient() == [result(1)])
    #expect(rig.store.counts == .init(reserved: 1, settled: 1))
    rig.client(call(1))
    #expect(rig.toServer.count == 2, "an id may be used again once it is answered")
  }

  @Test("an id that is longer than can be kept is refused")
  func longID() throws {
    var rig = try Rig(open)
    let id = String(repeating: "x", count: 5000)
    rig.client(#"{"jsonrpc":"2.0","id":"\#(id)","method":"ping"}"#)
    #expect(rig.toServer.isEmpty)
    #expect(rig.toClient.first?.contains(#""id":null"#) == true)
  }

  @Test("an answer to a request that nobody made is dropped, on both sides")
  func strayAnswers() throws {
    var rig = try Rig(open)
    rig.client(result(5))
    rig.server(result(5))
    rig.client(call(1))
    rig.server(#"{"jsonrpc":"2.0","id":"1","result":{}}"#)
    #expect(rig.toServer == [call(1)])
    #expect(rig.toClient.isEmpty)
    #expect(rig.log.filter { $0.kind == "stray answer" }.count == 3)
  }

  @Test("the server's requests reach the client, and each is answered once")
  func serverRequests() throws {
    var rig = try Rig(open)
    let request = #"{"jsonrpc":"2.0","id":1,"method":"roots/list"}"#
    rig.server(request)
    rig.server(request)
    #expect(rig.takeToClient() == [request])
    #expect(rig.takeToServer().first?.contains("-32600") == true)
    rig.client(#"{"jsonrpc":"2.0","id":1,"result":{"roots":[]}}"#)
    rig.client(#"{"jsonrpc":"2.0","id":1,"result":{"roots":[]}}"#)
    #expect(rig.toServer.count == 1)
  }

  @Test("the server's requests that nobody answers are bounded")
  func serverRequestsAreBounded() throws {
    var rig = try Rig(open)
    for id in 0..<1000 { rig.server(#"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#) }
    #expect(rig.toClient.count == Session.Bound.serverRequests)
    #expect(rig.toServer.count == 1000 - Session.Bound.serverRequests)
  }

  @Test("rubbish from the server is dropped and logged, and the session goes on")
  func serverRubbish() throws {
    var rig = try Rig(open)
    rig.server("Starting server on port 8080")
    rig.client(call(1))
    rig.server(result(1))
    #expect(rig.toClient == [result(1)])
    #expect(rig.log.contains { $0.text.contains("Starting server") })
  }

  @Test("an answer that cannot be passed on becomes an error for whoever waits for it")
  func unreadableAnswer() throws {
    var rig = try Rig(limited)
    rig.client(call(1))
    rig.server(#"{"jsonrpc":"2.0","id":1,"result":{"content":[],"content":[]}}"#)
    #expect(rig.toClient.count == 1 && rig.toClient[0].contains("-32603") && rig.toClient[0].contains(#""id":1"#))
    #expect(rig.store.counts.settled == 1, "it may have run")
    #expect(!rig.session.areAnswersDue)
  }

  @Test(
    "batches are judged message by message under 2025-03-26, and refused under every other version",
    arguments: [
      ("2025-03-26", true), ("2025-06-18", false), ("2025-11-25", false),
    ])
  func batches(version: String, passes: Bool) throws {
    var rig = try Rig("hide: [secret]\n")
    rig.open(version: version)
    rig.client("[\(call(1)),\(call(2, "secret")),\(call(3))]")
    if passes {
      #expect(rig.toServer == [call(1), call(3)])
      #expect(rig.toClient.count == 1 && rig.toClient[0].contains(#""id":2"#))
      rig.server("[\(result(1)),\(result(3))]")
      #expect(rig.toClient.dropFirst() == [result(1), result(3)])
    } else {
      #expect(rig.toServer.isEmpty)
      #expect(rig.toClient.count == 1 && rig.toClient[0].contains("2025-03-26"))
    }
  }

  @Test("tools/list never shows what is hidden, in any page, and keeps everything else")
  func toolList() throws {
    var rig = try Rig("hide: [secret, \"x_*\"]\n")
    for (id, cursor) in [(1, ""), (2, #","params":{"cursor":"p2"}"#)] {
      rig.client(#"{"jsonrpc":"2.0","id":\#(id),"method":"tools/list"\#(cursor)}"#)
      rig.server(
        #"{"jsonrpc":"2.0","id":\#(id),"result":{"tools":[{"name":"secret","inputSchema":{}},{"name":"echo","inputSchema":{}},{"name":"x_y","inputSchema":{}}],"nextCursor":"p2","ttlMs":5,"cacheScope":"public","_meta":{"a":1}}}"#
      )
      let list = try #require(rig.takeToClient().first)
      let body = try JSONTape(Array(list.utf8)).root["result"]
      #expect(body?["tools"]?.elements.compactMap { $0["name"]?.string } == ["echo"])
      #expect(body?["nextCursor"]?.string == "p2" && body?["ttlMs"]?.integer == 5)
      #expect(body?["cacheScope"]?.string == "public" && body?["_meta"]?["a"]?.integer == 1)
    }
    #expect(rig.session.definitions["echo"] != nil)
  }

  @Test("a list that cannot be trusted is not shown at all")
  func untrustedToolList() throws {
    var rig = try Rig("hide: [secret]\n")
    rig.client(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)
    rig.server(#"{"jsonrpc":"2.0","id":1,"result":{"Tools":[{"name":"secret"}],"tools":[]}}"#)
    #expect(rig.toClient.count == 1 && rig.toClient[0].contains(#""error""#) && !rig.toClient[0].contains("secret"))
  }

  @Test("after a reload that hides other tools, a client that knows of list changes is told")
  func listChanged() throws {
    var rig = try Rig(open)
    rig.open()
    try rig.adopt(open)
    #expect(rig.toClient.isEmpty)
    try rig.adopt("hide: [echo]\n")
    #expect(rig.toClient == [#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#])
    var other = try Rig(open)
    other.open(capabilities: #"{"tools":{}}"#)
    try other.adopt("hide: [echo]\n")
    #expect(other.toClient.isEmpty, "the proxy adds no capability")
  }

  @Test("what the server owes when it ends is answered with an error that says what became of it")
  func serverEnds() throws {
    var rig = try Rig(limited)
    rig.client(call(1))
    rig.client(call(2))
    rig.serverEnds()
    #expect(rig.toClient.count == 2 && rig.toClient.allSatisfy { $0.contains("exited with status 3") })
    #expect(rig.store.counts == .init(reserved: 2, settled: 2), "what was forwarded may have run")
    rig.client(call(3))
    #expect(rig.toClient.count == 3)
    #expect(rig.store.counts.released == 1, "what was never sent costs nothing")
    #expect(!rig.session.areAnswersDue)
  }

  @Test("a line over the limit is answered with id null, and the session goes on")
  func overlong() throws {
    var rig = try Rig(open)
    rig.session.receiveOverlongLineFromClient()
    rig.perform()
    #expect(rig.toClient.count == 1 && rig.toClient[0].contains(#""id":null"#) && rig.toClient[0].contains("16777216"))
    rig.client(call(1))
    #expect(rig.toServer == [call(1)])
  }

  @Test("observe mode forwards what it would refuse, and says so")
  func observe() throws {
    var rig = try Rig("mode: observe\nhide: [echo]\n")
    rig.client(call(1))
    #expect(rig.toServer == [call(1)])
    #expect(rig.log.contains { $0.kind == "observed" })
  }
}
