import Policy
import Testing
import Wire

@testable import Proxy

@Suite("A session: what a hostile client cannot stretch")
struct SessionBoundsTests {
  @Test("an id that is used again after a cancellation can be cancelled again")
  func cancelTwice() throws {
    var rig = try Rig(scripted)
    let cancellation = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
    rig.client(call(0, "slow"))
    for _ in 1...2 {
      rig.client(call(1, "slow"))
      rig.client(cancellation)
    }
    while !rig.questions.isEmpty { rig.answer(0, .pass) }
    #expect(rig.toServer == [call(0, "slow")])
  }

  @Test("calls of ever new tools do not fill the memory")
  func toolNames() throws {
    var rig = try Rig("default: allow\n")
    for id in 1...5000 {
      rig.client(call(id, "tool\(id)"))
      rig.server(result(id))
    }
    #expect(rig.session.context.calls.count <= 4096)
  }

  @Test("the late answer to a request that timed out is not a second answer")
  func lateAnswer() throws {
    var rig = try Rig("default: allow\n", answerTimeout: 1_000_000_000)
    rig.client(call(1))
    rig.wait(seconds: 2)
    #expect(rig.takeToClient().count == 1)
    rig.server(result(1))
    #expect(rig.toClient == [])
  }

  @Test("calls that wait for room are answered as soon as the server has ended")
  func waitingAtTheEnd() throws {
    var rig = try Rig("limits: { in_flight: 1 }\n")
    for id in 1...3 { rig.client(call(id)) }
    rig.serverEnds()
    #expect(rig.toClient.count == 3)
  }
}
