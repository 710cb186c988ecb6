import Policy
import Randomness
import Testing
import Wire

@testable import Proxy

@Suite("A session: order, waiting, cancelling, counting")
struct SessionOrderTests {
  @Test("messages keep their order while a validator works, and one slow call holds no refusal of its own")
  func order() throws {
    var rig = try Rig(scripted)
    rig.client(call(1, "slow"))
    rig.client(call(2))
    rig.client(#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}"#)
    rig.client(call(3, "slow"))
    #expect(rig.toServer.isEmpty)
    #expect(rig.questions.count == 2, "validators work on both calls at once")
    rig.answer(1, .refuse(reason: "no", retryAfterSeconds: nil))
    #expect(rig.toServer.isEmpty && rig.toClient.isEmpty)
    rig.answer(0, .pass)
    #expect(rig.toServer.count == 3 && rig.toServer[0] == call(1, "slow") && rig.toServer[1] == call(2))
    #expect(rig.toClient.count == 1 && rig.toClient[0].contains(#""id":3"#))
  }

  @Test("the client's answers to the server pass while calls are judged")
  func answersBypass() throws {
    var rig = try Rig(scripted)
    rig.server(#"{"jsonrpc":"2.0","id":9,"method":"ping"}"#)
    rig.client(call(1, "slow"))
    rig.client(#"{"jsonrpc":"2.0","id":9,"result":{}}"#)
    #expect(rig.toServer == [#"{"jsonrpc":"2.0","id":9,"result":{}}"#])
  }

  @Test("more requests than may be in flight wait for their turn, and none is lost")
  func inFlight() throws {
    var rig = try Rig("limits: { in_flight: 3 }\n")
    for id in 1...10 { rig.client(call(id)) }
    #expect(rig.toServer.count == 3)
    for id in 1...10 { rig.server(result(id)) }
    #expect(rig.toServer == (1...10).map { call($0) })
    #expect(rig.toClient == (1...10).map { result($0) })
    #expect(!rig.session.areAnswersDue)
  }

  @Test("a client that sends without end is no longer read")
  func backPressure() throws {
    var rig = try Rig("limits: { in_flight: 1 }\n")
    var sent = 0
    while rig.session.wantsClientInput, sent < 5000 {
      sent += 1
      rig.client(call(sent))
    }
    #expect(sent <= Session.Bound.waitingMessages + 1)
    rig.server(result(1))
    #expect(rig.session.wantsClientInput)
  }

  @Test("a request that is cancelled before it was forwarded goes nowhere, and nothing is said of it")
  func cancelWaiting() throws {
    var rig = try Rig(scripted)
    rig.client(call(1, "slow"))
    rig.client(call(2))
    rig.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
    #expect(rig.toServer == [call(2)])
    rig.answer(0, .pass)
    #expect(rig.toServer == [call(2)] && rig.toClient.isEmpty)
  }

  @Test("a request that is cancelled while the store reserves for it gives the reservation back")
  func cancelReserving() throws {
    var rig = try Rig(limited)
    rig.isStoreSlow = true
    rig.client(call(1))
    rig.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
    rig.client(#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#)
    rig.grant()
    #expect(rig.store.counts == .init(reserved: 1, released: 1))
    #expect(rig.toServer == [#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#])
  }

  @Test("a cancelled request that had been forwarded may still be answered, and stays spent whatever the answer")
  func cancelForwarded() throws {
    var rig = try Rig(limited)
    let cancellation = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
    rig.client(call(1))
    rig.client(cancellation)
    #expect(rig.toServer == [call(1), cancellation])
    #expect(!rig.session.areAnswersDue)
    rig.client(call(1))
    #expect(rig.takeToClient().first?.contains("-32600") == true, "its id is not free yet")
    rig.server(failure(1))
    #expect(rig.toClient == [failure(1)])
    #expect(rig.store.counts == .init(reserved: 1, settled: 1))
  }

  @Test("cancelled requests that are never answered do not pile up, and give nothing back by their ids")
  func cancelMany() throws {
    var rig = try Rig(limited)
    for id in 0..<(OpenRequests.abandonedLimit + 10) {
      rig.client(call(id))
      rig.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#)
    }
    #expect(rig.store.counts.settled == 10)
    // The first id is forgotten, so it can be used again: its old answer must not give the new call's place back.
    rig.client(call(0))
    rig.server(failure(0))
    #expect(rig.store.counts.released == 0)
  }

  @Test("an error of the server's gives the reservation back, a result and a tool's own error keep it")
  func settleAndRelease() throws {
    var rig = try Rig(limited)
    for id in 1...3 { rig.client(call(id)) }
    rig.server(failure(1))
    rig.server(result(2))
    rig.server(#"{"jsonrpc":"2.0","id":3,"result":{"content":[],"isError":true}}"#)
    #expect(rig.store.counts == .init(reserved: 3, settled: 2, released: 1))
    rig.server(failure(1))
    rig.server(failure(2))
    #expect(
      rig.store.counts == .init(reserved: 3, settled: 2, released: 1),
      "an answer that nobody waits for gives nothing back")
  }

  @Test("what a tool's own error gives back is asked of the store, where the policy says so")
  func toolError() throws {
    var rig = try Rig(
      """
      tools:
        echo:
          rules:
            - { rate_limit: { max: 9, window: hour, on_tool_error: release } }
      """)
    for id in 1...3 { rig.client(call(id)) }
    rig.server(#"{"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":true}}"#)
    rig.server(#"{"jsonrpc":"2.0","id":2,"result":{"content":[],"isError":false}}"#)
    rig.server(#"{"jsonrpc":"2.0","id":3,"result":{"content":[],"isError":"true"}}"#)
    #expect(rig.store.counts == .init(reserved: 3, settled: 2, failed: 1))
    rig.client(call(4))
    rig.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":4}}"#)
    rig.server(#"{"jsonrpc":"2.0","id":4,"result":{"content":[],"isError":true}}"#)
    #expect(rig.store.counts == .init(reserved: 4, settled: 3, failed: 1), "a call that was cancelled may have run")
  }

  @Test("a refused call reserves nothing")
  func refusedCostsNothing() throws {
    var rig = try Rig(limited + "\n  echo:\n    rules:\n      - { action: deny }\n")
    rig.client(call(1))
    #expect(rig.store.counts == .init())
  }

  @Test("a request that the server leaves unanswered is given up, and the server told")
  func timeout() throws {
    var rig = try Rig(limited, answerTimeout: 10_000_000_000)
    rig.client(call(1))
    rig.wait(seconds: 9)
    #expect(rig.toClient.isEmpty)
    rig.wait(seconds: 1)
    #expect(rig.toClient.count == 1 && rig.toClient[0].contains("-32001") && rig.toClient[0].contains("10 s"))
    #expect(rig.toServer.last?.contains("notifications/cancelled") == true)
    #expect(!rig.session.areAnswersDue)
    rig.server(failure(1))
    #expect(rig.store.counts == .init(reserved: 1, settled: 1))
  }

  @Test("what a cancelled call holds is let go when the time for its answer has passed, and no sooner")
  func cancelledAndUnanswered() throws {
    var rig = try Rig(limited, answerTimeout: 10_000_000_000)
    rig.client(call(1))
    rig.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
    rig.wait(seconds: 9)
    #expect(rig.store.counts == .init(reserved: 1))
    rig.wait(seconds: 1)
    #expect(rig.store.counts == .init(reserved: 1, settled: 1))
    rig.wait(seconds: 20)
    rig.server(failure(1))
    #expect(rig.store.counts == .init(reserved: 1, settled: 1))
  }

  @Test("a call is judged by the policy that was in force when it arrived, to its end")
  func oldPolicy() throws {
    var rig = try Rig(scripted)
    rig.client(call(1, "slow"))
    try rig.adopt("hide: [slow]\n")
    rig.client(call(2, "slow"))
    rig.answer(0, .pass)
    #expect(rig.toServer == [call(1, "slow")])
    #expect(rig.toClient.count == 1 && rig.toClient[0].contains(#""id":2"#))
  }

  @Test(
    "any interleaving: each request is answered once, nothing refused is forwarded, order is kept", arguments: 0..<200)
  func interleavings(seed: Int) throws {
    var random = Random(seed: UInt64(seed))
    var rig = try Rig(
      "limits: { in_flight: 4 }\nhide: [secret]\n" + scripted
        + "\n  \"*\":\n    rules:\n      - { name: limit, rate_limit: 100/minute }\n")
    rig.isStoreSlow = random.below(2) == 0
    var sent: [Int] = []
    var cancelled: Set<Int> = []
    var answered: Set<Int> = []
    func serverSide() -> [Int] {
      rig.toServer.compactMap { line in
        guard line.contains("tools/call") else { return nil }
        return (try? JSONTape(Array(line.utf8)))?.root["id"]?.integer.map(Int.init)
      }
    }
    for step in 0..<120 {
      switch random.below(7) {
      case 0, 1:
        sent.append(step)
        rig.client(call(step, ["echo", "slow", "secret"][random.below(3)]))
      case 2 where !rig.questions.isEmpty:
        rig.answer(
          random.below(rig.questions.count), random.below(3) == 0 ? .refuse(reason: nil, retryAfterSeconds: nil) : .pass
        )
      case 3 where !rig.reservations.isEmpty: rig.grant()
      case 4:
        if let id = serverSide().filter({ !answered.contains($0) }).randomElement(using: &random) {
          answered.insert(id)
          rig.server(random.below(2) == 0 ? result(id) : failure(id))
        }
      case 5 where !sent.isEmpty:
        let id = sent[random.below(sent.count)]
        cancelled.insert(id)
        rig.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#)
      default: break
      }
    }
    while !rig.questions.isEmpty || !rig.reservations.isEmpty
      || serverSide().contains(where: { !answered.contains($0) })
    {
      if !rig.questions.isEmpty { rig.answer(0, .pass) }
      if !rig.reservations.isEmpty { rig.grant() }
      for id in serverSide() where answered.insert(id).inserted { rig.server(result(id)) }
    }
    let forwarded = serverSide()
    #expect(forwarded == forwarded.sorted(), "order")
    #expect(Set(forwarded).count == forwarded.count)
    #expect(!rig.toServer.contains { $0.contains("secret") })
    var answers: [Int: Int] = [:]
    for line in rig.toClient {
      let id = try #require(try JSONTape(Array(line.utf8)).root["id"]?.integer)
      answers[Int(id), default: 0] += 1
    }
    for id in sent {
      if cancelled.contains(id) {
        #expect(answers[id, default: 0] <= 1)
      } else {
        #expect(answers[id] == 1, "request \(id)")
      }
    }
    #expect(!rig.session.areAnswersDue)
    let counts = rig.store.counts
    #expect(counts.reserved == counts.settled + counts.released)
  }

  @Test("the store hears that a call is forwarded before the server gets it, where the answer was waited for")
  func forwarded() throws {
    var rig = try Rig(limited)
    rig.open()
    rig.isStoreSlow = true
    for id in 1...2 { rig.client(call(id)) }
    #expect(rig.toServer.isEmpty && rig.forwardedBefore.isEmpty)
    for _ in 1...2 { rig.grant() }
    #expect(rig.toServer.count == 2 && rig.forwardedBefore == [0, 1])
  }
}
