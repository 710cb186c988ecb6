import Policy
import Testing
import Wire

@testable import Proxy

@Suite("A session whose validators replace arguments, and reserve")
struct RewritingSessionTests {
  private let policy = """
    tools:
      slow:
        rules:
          - { name: one, lua: "function check() end" }
    """

  private func replace(_ text: String) throws -> ScriptAnswer.Verdict {
    .replace(try #require(NewArguments(Array(text.utf8))))
  }

  /// Places that a script took: the store has them, and hands their ids out.
  private func reserved(_ rig: Rig, _ count: Int = 1) -> [ReservationID] {
    (0..<count).compactMap { _ in
      if case .granted(let id, _) = rig.store.take() { id } else { nil }
    }
  }

  @Test("the new arguments stand where the old ones stood, and everything else is forwarded byte for byte")
  func spliced() throws {
    var rig = try Rig(policy)
    rig.client(
      #"{"id":7 , "params":{"arguments": {"n":900} ,"name":"slow","_meta":{"x":1.50}},"method":"tools/call","jsonrpc":"2.0"}"#
    )
    rig.answer(0, try replace(#"{"n":50}"#))
    #expect(rig.toServer.isEmpty, "it is judged once more first")
    #expect(rig.questions[0].question.call.arguments?["n"]?.integer == 50)
    rig.answer(0, try replace(#"{"n":50}"#))
    #expect(
      rig.toServer == [
        #"{"id":7 , "params":{"arguments": {"n":50} ,"name":"slow","_meta":{"x":1.50}},"method":"tools/call","jsonrpc":"2.0"}"#
      ])
    #expect(rig.log.contains { $0.text == "rewrote slow: one" })
    rig.server(result(7))
    #expect(rig.toClient == [result(7)])
    #expect(rig.session.areMessagesForwarded && !rig.session.areAnswersDue)
  }

  @Test("what is handed back unchanged is forwarded byte for byte")
  func unchanged() throws {
    var rig = try Rig(policy)
    let odd = call(1, "slow", #"{ "a" : 1.500 }"#)
    rig.client(odd)
    rig.answer(0, try replace(#"{"a":1.5}"#))
    #expect(rig.toServer == [odd] && rig.questions.isEmpty)
  }

  @Test("messages keep their order while one is judged twice")
  func order() throws {
    var rig = try Rig(policy)
    for id in 1...3 { rig.client(call(id, "slow")) }
    rig.client(call(4, "quick"))
    rig.answer(2, .pass)
    rig.answer(0, try replace(#"{"b":1}"#))
    rig.answer(0, try replace(#"{"b":2}"#))
    #expect(rig.toServer.isEmpty)
    rig.answer(0, .pass)
    rig.answer(0, .pass)
    #expect(
      rig.toServer == [
        call(1, "slow", #"{"b":1}"#), call(2, "slow", #"{"b":2}"#), call(3, "slow"), call(4, "quick"),
      ])
  }

  @Test("a rewritten call that is refused is answered, and not forwarded")
  func refused() throws {
    var rig = try Rig(policy)
    rig.client(call(1, "slow"))
    rig.answer(0, try replace(#"{"b":1}"#))
    rig.answer(0, try replace(#"{"b":2}"#))
    #expect(rig.toServer.isEmpty)
    #expect(rig.toClient.count == 1 && rig.toClient[0].contains("rewrite it once more"))
  }

  @Test("an observing rule's new arguments go to the log alone")
  func observed() throws {
    var rig = try Rig("mode: observe\n" + policy)
    rig.client(call(1, "slow"))
    rig.answer(0, try replace(#"{"b":1}"#))
    #expect(rig.toServer == [call(1, "slow")])
    #expect(rig.log.contains { $0.kind == "observed" && $0.text == "would rewrite slow: one" })
  }

  @Test("a call that is taken back between its two judgements is forgotten")
  func withdrawn() throws {
    var rig = try Rig(policy)
    rig.client(call(1, "slow"))
    rig.answer(0, try replace(#"{"b":1}"#))
    rig.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
    rig.answer(0, .pass, reservations: reserved(rig))
    #expect(rig.toServer.isEmpty && rig.toClient.isEmpty && rig.session.areMessagesForwarded)
    #expect(rig.store.counts == .init(reserved: 1, released: 1))
  }

  @Test("what a script reserved is kept or given back with the call")
  func outcomes() throws {
    var rig = try Rig(policy)
    for id in 1...3 { rig.client(call(id, "slow")) }
    rig.answer(0, .pass, reservations: reserved(rig, 2))
    rig.answer(0, .pass, reservations: reserved(rig, 2))
    rig.answer(0, .refuse(reason: nil, retryAfterSeconds: nil), reservations: reserved(rig, 2))
    #expect(rig.store.counts == .init(reserved: 6, released: 2), "a refused call costs nothing")
    rig.server(result(1))
    #expect(rig.store.counts == .init(reserved: 6, settled: 2, released: 2))
    rig.server(failure(2))
    #expect(rig.store.counts == .init(reserved: 6, settled: 2, released: 4))
  }

  @Test("what a script reserved is given back where a limit is full, is rewritten, or is taken back")
  func givenBack() throws {
    var rig = try Rig(policy)
    rig.client(call(1, "slow"))
    rig.answer(0, try replace(#"{"b":1}"#), reservations: reserved(rig))
    #expect(rig.store.counts == .init(reserved: 1, released: 1))
    rig.answer(0, .pass, reservations: reserved(rig))
    #expect(rig.store.counts == .init(reserved: 2, released: 1))
    rig.server(result(1))
    #expect(rig.store.counts == .init(reserved: 2, settled: 1, released: 1))

    var limited = try Rig(policy + "\n      - { name: limit, rate_limit: 5/minute }\n")
    limited.isStoreSlow = true
    limited.client(call(1, "slow"))
    limited.client(call(2, "slow"))
    limited.answer(0, .pass, reservations: reserved(limited))
    limited.answer(0, .pass, reservations: reserved(limited))
    for id in [2, 1] {
      limited.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#)
    }
    #expect(limited.store.counts == .init(reserved: 2, released: 2))
    limited.grant()
    #expect(limited.store.counts == .init(reserved: 3, released: 3), "what was granted too late goes back, too")
    #expect(limited.session.areMessagesForwarded && limited.toServer.isEmpty)
  }

  @Test("what scripts hand back for messages that wait is bounded, and forgotten with them")
  func bounded() throws {
    var rig = try Rig(policy)
    let large = "{\"s\":\"\(String(repeating: "x", count: 1 << 20))\"}"
    for round in 0..<2 {
      let ids = (round * 20)..<(round * 20 + 20)
      for id in ids { rig.client(call(id, "slow")) }
      // The first is answered last, so that all the others wait.
      for _ in 1..<20 { rig.answer(1, try replace(large)) }
      rig.answer(0, .pass)
      while !rig.questions.isEmpty { rig.answer(0, .pass) }
      #expect(rig.takeToServer().count == 16)
      #expect(rig.takeToClient().count == 4)
      #expect(rig.session.areMessagesForwarded)
      for id in ids { rig.server(result(id)) }
      _ = rig.takeToClient()
    }
  }

  @Test("what a script logged, and where it failed, is in the log line by line; the agent gets neither")
  func logs() throws {
    var rig = try Rig(policy)
    rig.client(call(1, "slow"))
    rig.answer(
      0, .fault(summary: "a.lua:1: oops", traceback: "a.lua:1: in f\na.lua:9: in check"), log: ["n=1", "n=2"])
    #expect(rig.log.filter { $0.kind == "script" }.map(\.text) == ["one logs: n=1", "one logs: n=2"])
    #expect(rig.log.contains { $0.kind == "refused" && $0.text.hasSuffix("[a.lua:1: oops]") })
    #expect(rig.log.filter { $0.kind == "traceback" }.map(\.text) == ["  a.lua:1: in f", "  a.lua:9: in check"])
    let told = try #require(rig.toClient.first)
    #expect(told.contains("one") && !told.contains("a.lua") && !told.contains("n=1") && !told.contains("oops"))
  }
}
