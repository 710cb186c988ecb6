import Testing

@testable import Proxy

@Suite("A session holds arguments against what the server has listed")
struct ArgumentsSessionTests {
  @Test("by the list that it gave last")
  func listed() throws {
    var rig = try Rig("tools:\n  search: { arguments: strict }\n")
    func call(_ id: Int, _ arguments: String) -> String {
      #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"search","arguments":\#(arguments)}}"#
    }
    func list(_ id: Int, _ most: Int) {
      rig.client(#"{"jsonrpc":"2.0","id":\#(id),"method":"tools/list"}"#)
      let schema = #"{"type":"object","properties":{"count":{"type":"integer","maximum":\#(most)}}}"#
      rig.server(
        #"{"jsonrpc":"2.0","id":\#(id),"result":{"tools":[{"name":"search","inputSchema":\#(schema)}]}}"#)
    }
    list(2, 10)
    rig.client(call(3, #"{"count":3}"#))
    #expect(rig.toServer.last == call(3, #"{"count":3}"#))
    rig.client(call(4, #"{"count":12}"#))
    #expect(rig.toClient.last?.contains("args.count must be at most 10; it is 12") == true)
    rig.client(call(5, #"{"limit":3}"#))
    #expect(rig.toClient.last?.contains("args.limit must not be there") == true)
    list(6, 20)
    rig.client(call(7, #"{"count":12}"#))
    #expect(rig.toServer.last == call(7, #"{"count":12}"#))
  }
}
