import Policy
import Testing
import Wire

@testable import Proxy

@Suite("A session: methods that the policy denies")
struct MethodsTests {
  private let policy =
    "methods: { deny: [completion/complete, \"sampling/*\", notifications/roots/list_changed, notifications/message] }\n"

  @Test("a client's request is answered with an error that says why, and not forwarded")
  func request() throws {
    var rig = try Rig(policy)
    rig.client(#"{"jsonrpc":"2.0","id":5,"method":"completion/complete","params":{}}"#)
    #expect(rig.toServer.isEmpty)
    let answer = try #require(rig.takeToClient().first)
    #expect(answer.contains(#""id":5"#) && answer.contains(#""code":-32003"#))
    #expect(answer.contains(#"[moongate] refused by \"methods\": the policy denies the method"#))
    #expect(answer.contains(#""dev.moongate/decision":{"rule":"methods""#) && answer.contains(#""decisionId""#))
    #expect(rig.log.contains { $0.kind == "refused" })
    rig.client(#"{"jsonrpc":"2.0","id":5,"method":"ping"}"#)
    #expect(rig.toServer.count == 1, "the id is free again")
  }

  @Test("a client's notification is dropped and logged, never answered")
  func notification() throws {
    var rig = try Rig(policy)
    rig.client(#"{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}"#)
    #expect(rig.toServer.isEmpty && rig.toClient.isEmpty)
    #expect(rig.log.contains { $0.kind == "refused" })
  }

  @Test("a server's request is answered, and its notification dropped")
  func fromServer() throws {
    var rig = try Rig(policy)
    rig.server(#"{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{}}"#)
    #expect(rig.toClient.isEmpty)
    let answer = try #require(rig.takeToServer().first)
    #expect(answer.contains(#""id":1"#) && answer.contains(#""code":-32003"#))
    rig.server(#"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}"#)
    #expect(rig.toClient.isEmpty && rig.toServer.isEmpty)
    rig.client(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
    #expect(rig.toServer.isEmpty, "nobody waits for the client's answer")
  }

  @Test("in observe mode they pass, and are logged")
  func observed() throws {
    var rig = try Rig("mode: observe\n" + policy)
    rig.client(#"{"jsonrpc":"2.0","id":5,"method":"completion/complete","params":{}}"#)
    #expect(rig.toServer.count == 1 && rig.toClient.isEmpty)
    #expect(rig.log.contains { $0.kind == "observed" })
  }

  @Test("a session opens under a list of what is allowed")
  func opens() throws {
    var rig = try Rig("methods: { allow: [tools/list] }\n")
    rig.client(#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#)
    rig.client(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
    rig.client(call(2))
    rig.client(#"{"jsonrpc":"2.0","id":3,"method":"prompts/list"}"#)
    #expect(rig.toServer.count == 3)
    #expect(rig.toClient.count == 1 && rig.toClient[0].contains(#""id":3"#))
  }
}
