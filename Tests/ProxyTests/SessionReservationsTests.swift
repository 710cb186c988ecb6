import Policy
import Randomness
import Testing
import Wire

@testable import Proxy

@Suite("What is reserved for the calls of a session")
struct SessionReservationsTests {
  private static func policy(_ mode: String) -> String {
    """
    mode: \(mode)
    limits: { in_flight: 5 }
    tools:
      slow:
        rules:
          - { name: one, lua: "function check() end", rate_limit: 100/minute }
          - { name: two, lua: "function check(call) end", mode: observe, rate_limit: 50/minute }
          - { name: three, lua: "function check(c) end", require: [{ args.a: { neq: 3 } }] }
      limited:
        rules: [{ name: limit, rate_limit: 100/minute }]
    """
  }

  private static func verdict(_ random: inout Random) throws -> ScriptAnswer.Verdict {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: .refuse(reason: "no", retryAfterSeconds: nil)
    case 1: .ask(reason: "may it?")
    case 2: .fault(summary: "oops", traceback: "")
    case 3: .uncounted("gone")
    case 4...6: .replace(try #require(NewArguments(Array("{\"a\":\(Int.random(in: 2...3, using: &random))}".utf8))))
    default: .pass
    }
  }

  private static func take(_ rig: Rig, _ random: inout Random) -> [ReservationID] {
    (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in
      if case .granted(let id, _) = rig.store.take() { id } else { nil }
    }
  }

  @Test("is kept or given back, once, whatever becomes of the calls", arguments: 0..<24)
  func balance(_ seed: Int) throws {
    var random = Random(seed: UInt64(seed))
    var rig = try Rig(SessionReservationsTests.policy("enforce"))
    rig.open()
    rig.isStoreSlow = seed % 2 == 0
    var last = 0
    for _ in 0..<400 {
      let id = Int.random(in: max(1, last - 12)...max(1, last), using: &random)
      switch Int.random(in: 0..<20, using: &random) {
      case 0..<5:
        last += 1
        rig.client(call(last, ["slow", "slow", "limited", "free"].randomElement(using: &random) ?? "slow"))
      case 5..<12 where !rig.questions.isEmpty:
        rig.answer(
          Int.random(in: rig.questions.indices, using: &random), try SessionReservationsTests.verdict(&random),
          reservations: SessionReservationsTests.take(rig, &random))
      case 12..<14 where !rig.reservations.isEmpty: rig.grant()
      case 14, 15: rig.server(result(id))
      case 16: rig.server(failure(id))
      case 17: rig.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#)
      case 18: try rig.adopt(SessionReservationsTests.policy(Bool.random(using: &random) ? "enforce" : "observe"))
      case 19: rig.wait(seconds: Int64.random(in: 0...20, using: &random))
      default: break
      }
    }
    let endsEarly = seed % 3 == 0
    if endsEarly { rig.serverEnds() }
    while !rig.questions.isEmpty || !rig.reservations.isEmpty || !endsEarly && rig.session.areAnswersDue {
      if rig.questions.isEmpty {
        if rig.reservations.isEmpty { for id in 1...last { rig.server(result(id)) } } else { rig.grant() }
      } else {
        rig.answer(
          0, try SessionReservationsTests.verdict(&random),
          reservations: SessionReservationsTests.take(rig, &random))
      }
    }
    for id in 1...last { rig.server(result(id)) }
    #expect(rig.session.areMessagesForwarded && !rig.session.areAnswersDue)
    let counts = rig.store.counts
    #expect(counts.settled + counts.released == counts.reserved && counts.strays == 0, "\(counts)")
    #expect(counts.settled > 0 && counts.released > 5, "both are tried: \(counts)")
  }
}
