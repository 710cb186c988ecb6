import Foundation
import Testing
import Wire

@testable import Proxy

/// What holds of the proxy's own question whatever client and server do: thousands of events, from fixed seeds.
@Suite("A session that asks, between a hostile client and a server that lies")
struct HostileInquiryTests {
  /// Numbers that look random, the same each time.
  private struct Sequence: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  private static let own = "moongate-0123456789ab-tools-"
  private static let listed = #"{"name":"search","inputSchema":{"properties":{"a":{"maximum":5}}}}"#

  @Test("answers each call once or not at all, tells the client nothing of its own, and ends", arguments: 0..<300)
  func anything(seed: Int) throws {
    var random = Sequence(state: UInt64(seed))
    var rig = try Rig("tools: { '*': { arguments: strict } }\n")
    rig.open()
    var calls = 0
    for _ in 0..<60 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0...3:
        calls += 1
        rig.client(call(calls, ["search", "other"].randomElement(using: &random) ?? "", #"{"a":\#(calls % 10)}"#))
      case 4:
        let id = Int.random(in: 0...calls, using: &random)
        rig.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#)
      case 5: rig.wait(seconds: [1, 31].randomElement(using: &random) ?? 1)
      case 6: rig.server(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
      default: rig.server(HostileInquiryTests.answer(calls: calls, &random))
      }
      #expect(!rig.toClient.contains { $0.contains(HostileInquiryTests.own) })
    }
    rig.serverEnds()
    #expect(!rig.session.areAnswersDue && rig.session.areMessagesForwarded)
    #expect(!rig.toClient.contains { $0.contains(HostileInquiryTests.own) })
    for number in 1...max(1, calls) {
      let answers = rig.toClient.count { $0.contains(#""id":\#(number),"#) }
      #expect(answers <= 1, "call \(number) of seed \(seed)")
    }
    for line in rig.toServer where line.contains("tools/call") {
      #expect(line.contains("search"), "what no list has is not passed on")
      #expect(!line.contains(#"{"a":6}"#) && !line.contains(#"{"a":9}"#), "nor what the schema forbids")
    }
  }

  /// An answer to something: well or badly, to a call, or to one of the first questions of the proxy's.
  private static func answer(calls: Int, _ random: inout Sequence) -> String {
    let number = Int.random(in: 1...6, using: &random)
    let id = Bool.random(using: &random) ? #""\#(own)\#(number)""# : "\(Int.random(in: 0...calls, using: &random))"
    let outcomes = [
      #""result":{"tools":[\#(listed)]}"#, #""result":{"tools":[],"nextCursor":"\#(number)"}"#, #""result":{}"#,
      #""error":{"code":1,"message":"no"}"#, #""result":{"tools":[],"tools":[]}"#, #""result":7"#,
    ]
    return #"{"jsonrpc":"2.0","id":\#(id),\#(outcomes.randomElement(using: &random) ?? "")}"#
  }
}
