import Foundation
import Policy
import Testing
import Wire

@testable import Proxy

@Suite("A session asks the server for its tools")
struct InquiryTests {
  private let strict = "tools:\n  search: { arguments: strict }\n"
  private let search = #"{"name":"search","inputSchema":{"properties":{"count":{"maximum":10}}}}"#
  private let other = #"{"name":"other","inputSchema":{}}"#

  private func opened(_ policy: String? = nil) throws -> Rig {
    var rig = try Rig(policy ?? strict)
    rig.open()
    return rig
  }

  /// The id of the request that is the last line to the server.
  private func ownID(_ rig: Rig) throws -> String {
    let line = try #require(rig.toServer.last { $0.contains("tools/list") })
    let start = try #require(line.range(of: #""id":"#)).upperBound
    return String(line[start...].prefix { $0 != "," })
  }

  private func list(_ id: String, _ tools: String..., next: String? = nil) -> String {
    let cursor = next.map { #","nextCursor":"\#($0)""# } ?? ""
    return #"{"jsonrpc":"2.0","id":\#(id),"result":{"tools":[\#(tools.joined(separator: ","))]\#(cursor)}}"#
  }

  private func searching(_ id: Int, _ count: Int = 3) -> String { call(id, "search", #"{"count":\#(count)}"#) }

  @Test("once, when a call first needs it, which waits and is then judged")
  func asked() throws {
    var rig = try opened()
    rig.client(searching(1))
    rig.client(searching(2, 12))
    let id = try ownID(rig)
    #expect(rig.takeToServer() == [#"{"jsonrpc":"2.0","id":\#(id),"method":"tools/list","params":{}}"#])
    #expect(rig.session.areAnswersDue && !rig.session.areMessagesForwarded)
    rig.server(list(id, search))
    #expect(rig.takeToServer() == [searching(1)])
    let refusals = rig.takeToClient()
    #expect(refusals.count == 1 && refusals[0].contains("args.count must be at most 10; it is 12"))
    rig.client(searching(3))
    #expect(rig.takeToServer() == [searching(3)])
  }

  @Test("and not where no rule needs it")
  func notNeeded() throws {
    var rig = try opened()
    rig.client(call(1, "echo"))
    rig.client(#"{"jsonrpc":"2.0","id":2,"method":"resources/read","params":{"uri":"search"}}"#)
    #expect(rig.toServer.count == 2 && !rig.toServer.contains { $0.contains("tools/list") })
    var hiding = try opened(strict + "hide: [search]\n")
    hiding.client(searching(1))
    #expect(hiding.toServer.isEmpty && hiding.toClient.count == 1)
  }

  @Test("nor where the client's own list has the tool, or is whole without it")
  func clientListed() throws {
    for (tools, isPassed) in [(search, true), (other, false)] {
      var rig = try opened()
      rig.client(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)
      rig.server(list("1", tools))
      _ = (rig.takeToClient(), rig.takeToServer())
      rig.client(searching(2))
      #expect(rig.toServer == (isPassed ? [searching(2)] : []))
      #expect(isPassed || rig.toClient[0].contains("the server does not list this tool"))
    }
  }

  @Test("but where the client has read one page of several")
  func onePage() throws {
    var rig = try opened()
    for round in [1, 2] {
      rig.client(#"{"jsonrpc":"2.0","id":\#(round),"method":"tools/list"}"#)
      rig.server(list("\(round)", other, next: "more"))
      _ = rig.takeToServer()
      rig.client(searching(10 + round))
      let id = try ownID(rig)
      rig.server(list(id, search))
      #expect(rig.toServer.last == searching(10 + round))
    }
  }

  @Test("messages keep their order while it answers, and are judged by what they do not need at once")
  func order() throws {
    var rig = try opened(strict + "  echo: { rules: [{ name: no, when: { args.a: 2 }, action: deny }] }\n")
    let ping = #"{"jsonrpc":"2.0","id":4,"method":"ping"}"#
    rig.client(searching(1))
    rig.client(call(2))
    rig.client(call(3, "echo", #"{"a":2}"#))
    rig.client(ping)
    let id = try ownID(rig)
    #expect(rig.takeToServer().count == 1)
    rig.server(list(id, search))
    #expect(rig.toServer == [searching(1), call(2), ping])
    #expect(rig.toClient.count == 1 && rig.toClient[0].contains(#""id":3"#))
  }

  @Test("page by page, and remembers all of them")
  func pages() throws {
    var rig = try opened()
    rig.client(searching(1))
    let first = try ownID(rig)
    rig.server(list(first, other, next: #"p\u0032\""#))
    let second = try ownID(rig)
    #expect(second != first)
    #expect(
      rig.takeToServer().last
        == #"{"jsonrpc":"2.0","id":\#(second),"method":"tools/list","params":{"cursor":"p\u0032\""}}"#)
    rig.server(list(second, search))
    #expect(rig.toServer == [searching(1)] && rig.toClient.isEmpty)
  }

  @Test("and refuses, saying why, where it does not learn the definition; it does not ask again")
  func refusals() throws {
    let cases: [(answer: (String) -> String, reason: String)] = [
      ({ list($0, other) }, "the server does not list this tool"),
      ({ #"{"jsonrpc":"2.0","id":\#($0),"error":{"code":-32601,"message":"no"}}"# }, "answered with an error"),
      ({ #"{"jsonrpc":"2.0","id":\#($0),"result":{}}"# }, "list of its tools cannot be read"),
      ({ list($0, #"{"Name":"search","name":"x"}"#) }, "list of its tools cannot be read"),
      ({ #"{"jsonrpc":"2.0","id":\#($0),"result":{"tools":[],"tools":[]}}"# }, "list of its tools cannot be read"),
      ({ #"{"jsonrpc":"2.0","id":\#($0),"result":{"tools":[],"nextCursor":7}}"# }, "cannot be read"),
      ({ list($0, next: String(repeating: "x", count: 5000)) }, "cannot be read"),
      (
        { id in list(id, (0...10_000).map { #"{"name":"t\#($0)"}"# }.joined(separator: ",")) },
        "more tools than are remembered"
      ),
    ]
    for (answer, reason) in cases {
      var rig = try opened()
      rig.client(searching(1))
      rig.server(answer(try ownID(rig)))
      let refusal = try #require(rig.takeToClient().first)
      #expect(refusal.contains(#""id":1"#) && refusal.contains(reason), "\(refusal)")
      _ = rig.takeToServer()
      rig.client(searching(2))
      #expect(rig.toClient.first?.contains(reason) == true)
      #expect(rig.toServer.isEmpty, "not asked twice")
    }
  }

  @Test("what the first pages had is known where a later one fails")
  func laterPageFails() throws {
    var rig = try opened("tools: { '*': { arguments: schema } }\n")
    rig.client(searching(1))
    rig.client(call(2, "other"))
    try rig.server(list(ownID(rig), search, next: "2"))
    rig.server(#"{"jsonrpc":"2.0","id":\#(try ownID(rig)),"error":{"code":1,"message":"no"}}"#)
    #expect(rig.toServer.last == searching(1))
    #expect(rig.toClient.count == 1 && rig.toClient[0].contains("answered with an error"))
  }

  @Test("no more pages than a hundred, nor one twice")
  func endless() throws {
    var rig = try opened()
    rig.client(searching(1))
    var asked = 0
    while rig.toClient.isEmpty, asked < 1000 {
      asked += 1
      try rig.server(list(ownID(rig), next: "page \(asked)"))
    }
    #expect(asked == ToolInquiry.Bound.pages)
    #expect(rig.toClient[0].contains("more tools than are remembered"))
    var circle = try opened()
    circle.client(searching(1))
    try circle.server(list(ownID(circle), next: "same"))
    try circle.server(list(ownID(circle), next: "same"))
    #expect(circle.toClient.count == 1 && circle.toClient[0].contains("cannot be read"))
  }

  @Test("for so long, then takes the question back; a late answer goes nowhere")
  func late() throws {
    var rig = try opened()
    rig.client(searching(1))
    let id = try ownID(rig)
    rig.wait(seconds: 29)
    #expect(rig.toClient.isEmpty)
    rig.wait(seconds: 1)
    #expect(rig.takeToClient().first?.contains("has not answered in time") == true)
    #expect(rig.toServer.last?.contains(#""method":"notifications/cancelled","params":{"requestId":\#(id)"#) == true)
    rig.server(list(id, search))
    _ = rig.takeToServer()
    rig.client(searching(2))
    #expect(rig.toServer.isEmpty && rig.toClient.count == 1 && rig.toClient[0].contains("has not answered in time"))
  }

  @Test("for no longer than any request may stay open")
  func shorter() throws {
    var rig = try Rig(strict, answerTimeout: 5_000_000_000)
    rig.open()
    rig.client(searching(1))
    rig.wait(seconds: 4)
    #expect(rig.toClient.isEmpty)
    rig.wait(seconds: 1)
    #expect(rig.toClient.first?.contains("has not answered in time") == true)
  }

  @Test("again, once, after the server has said that its tools are others")
  func changed() throws {
    var rig = try opened()
    rig.client(searching(1))
    try rig.server(list(ownID(rig), search))
    let change = #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#
    rig.server(change)
    #expect(rig.takeToClient() == [change], "the client is told too")
    _ = rig.takeToServer()
    rig.client(searching(2, 12))
    try rig.server(list(ownID(rig), search.replacingOccurrences(of: "10", with: "20")))
    #expect(rig.toServer.count == 2 && rig.toServer.last == searching(2, 12))
  }

  @Test("and judges what has waited by the answer, where they change meanwhile, and then asks again")
  func changedMeanwhile() throws {
    var rig = try opened()
    rig.client(searching(1))
    rig.server(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
    try rig.server(list(ownID(rig), search))
    #expect(rig.toServer.last == searching(1))
    _ = rig.takeToServer()
    rig.client(searching(2))
    #expect(rig.toServer.count == 1 && rig.toServer[0].contains("tools/list"))
  }

  @Test("under an id that no client can use, answer or take back")
  func ownIDs() throws {
    var rig = try opened()
    rig.client(searching(1))
    let id = try ownID(rig)
    _ = rig.takeToServer()
    for line in [
      #"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#,
      #"{"jsonrpc":"2.0","id":\#(id.dropLast())9","method":"tools/call","params":{"name":"echo"}}"#,
    ] {
      rig.client(line)
      #expect(rig.takeToClient().first?.contains("-32600") == true)
    }
    rig.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#)
    rig.client(#"{"jsonrpc":"2.0","id":\#(id),"result":{"tools":[]}}"#)
    #expect(rig.toServer.isEmpty && rig.toClient.isEmpty)
    rig.server(list(id, search))
    #expect(rig.toServer == [searching(1)])
  }

  @Test("of a server that answers twice, with junk, or in a client's name, and is confused by nothing")
  func hostileServer() throws {
    var rig = try opened()
    rig.client(searching(1))
    let id = try ownID(rig)
    _ = rig.takeToServer()
    rig.server(list("1", search))
    rig.server(#"{"jsonrpc":"2.0","id":"moongate-0123456789ab-tools-7","result":{"tools":[]}}"#)
    rig.server(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#)
    #expect(rig.toServer.isEmpty && rig.takeToClient().count == 1, "only the notification is passed on")
    rig.server(#"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#)
    #expect(rig.takeToClient().count == 1, "the server's own requests have ids of their own")
    rig.server(list(id, search))
    #expect(rig.toServer == [searching(1)] && rig.toClient.isEmpty)
    rig.server(list(id, other))
    rig.server(#"{"jsonrpc":"2.0","id":\#(id),"error":{"code":1,"message":"no"}}"#)
    #expect(rig.toClient.isEmpty)
    rig.client(searching(2))
    #expect(rig.toServer.last == searching(2))
  }

  @Test("an answer that is too long ends it")
  func overlong() throws {
    var rig = try opened()
    rig.client(searching(1))
    rig.session.receiveOverlongLine(
      fromServer: Array(#"{"jsonrpc":"2.0","id":\#(try ownID(rig)),"result":{"tools":["#.utf8), at: rig.now)
    rig.perform()
    #expect(rig.toClient.count == 1 && rig.toClient[0].contains("cannot be read"))
  }

  @Test("a call that is cancelled while it waits goes nowhere; what was learnt is kept")
  func cancelled() throws {
    var rig = try opened()
    rig.client(searching(1))
    rig.client(call(2))
    let id = try ownID(rig)
    _ = rig.takeToServer()
    rig.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
    #expect(rig.toServer == [call(2)], "what came after it waits no longer")
    rig.server(list(id, search))
    #expect(rig.toServer == [call(2)] && rig.toClient.isEmpty)
    rig.client(searching(3))
    #expect(rig.toServer.last == searching(3))
  }

  @Test("a server that ends leaves no call waiting, and none is sent to it")
  func serverEnds() throws {
    var rig = try opened()
    rig.client(searching(1))
    rig.client(searching(2))
    _ = rig.takeToServer()
    rig.serverEnds()
    #expect(rig.toServer.isEmpty && !rig.session.areAnswersDue)
    #expect(rig.takeToClient().map { $0.contains("-32603") } == [true, true])
    rig.client(searching(3))
    #expect(rig.toServer.isEmpty && rig.toClient.count == 1 && rig.toClient[0].contains("the server has ended"))
  }

  @Test("not before the session is open; a call that comes so early is refused, and a later one asks")
  func beforeOpen() throws {
    var rig = try Rig(strict)
    rig.client(searching(1))
    #expect(rig.toServer.isEmpty && rig.toClient.count == 1 && rig.toClient[0].contains("before the session is open"))
    rig.open()
    rig.client(searching(2))
    try rig.server(list(ownID(rig), search))
    #expect(rig.toServer.last == searching(2))
  }

  @Test("in the modern era as the client that calls, and at once")
  func modern() throws {
    let prefix = "io.modelcontextprotocol/"
    let meta =
      #""\#(prefix)protocolVersion":"2026-07-28","\#(prefix)clientInfo":{"name":"c","version":"1"},"\#(prefix)clientCapabilities":{ "roots":{}}"#
    let line =
      #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","_meta":{"progressToken":1,"x/y":2,\#(meta)}}}"#
    var rig = try Rig(strict)
    rig.client(line)
    let id = try ownID(rig)
    #expect(
      rig.takeToServer() == [
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/list","params":{"_meta":{\#(meta)}}}"#
      ])
    rig.server(list(id, other, next: "2"))
    let second = try ownID(rig)
    #expect(rig.toServer.last?.hasSuffix(#""params":{"cursor":"2","_meta":{\#(meta)}}}"#) == true)
    rig.server(list(second, search))
    #expect(rig.toServer.last == line)
  }

  @Test("for rules that look at annotations, which say why they know none")
  func annotations() throws {
    let policy = """
      tools:
        "*":
          rules:
            - name: reading only
              require: [{ tool.annotations.readOnlyHint: true }]
      """
    var rig = try opened(policy)
    rig.client(call(1, "read"))
    rig.client(call(2, "write"))
    rig.client(call(3, "gone"))
    try rig.server(
      list(
        ownID(rig), #"{"name":"read","annotations":{"readOnlyHint":true}}"#,
        #"{"name":"write","annotations":{"readOnlyHint":false}}"#))
    #expect(rig.toServer.last == call(1, "read"))
    let refusals = rig.toClient
    #expect(refusals.count == 2)
    #expect(refusals[0].contains("tool.annotations.readOnlyHint must be true; it is false"))
    #expect(refusals[1].contains("tool.annotations.readOnlyHint is not known: the server does not list this tool"))
  }

  @Test("for scripts that look at it, and only for those; they are asked once it is known")
  func scripts() throws {
    var rig = try opened(
      """
      tools:
        echo: { rules: [{ name: plain, lua: "function check(call) end" }] }
        search: { rules: [{ name: looks, lua: "function check(call) return call.annotations.readOnlyHint end" }] }
      """)
    rig.client(call(1))
    #expect(rig.questions.count == 1 && rig.toServer.isEmpty)
    rig.answer(0, .pass)
    rig.client(searching(2))
    #expect(rig.questions.isEmpty)
    try rig.server(list(ownID(rig), search))
    #expect(rig.questions.count == 1)
    #expect(rig.questions.first?.question.call.definition != nil)
    rig.answer(0, .pass)
    #expect(rig.toServer.last == searching(2))
  }

  @Test("and keeps what waits to the policy under which it came")
  func reload() throws {
    var rig = try opened()
    rig.client(searching(1, 12))
    try rig.adopt("default: allow\n")
    rig.client(searching(2, 12))
    try rig.server(list(ownID(rig), search))
    #expect(rig.toServer.last == searching(2, 12))
    #expect(rig.toClient.count == 1 && rig.toClient[0].contains(#""id":1"#))
  }
}
