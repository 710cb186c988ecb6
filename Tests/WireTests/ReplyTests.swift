import Testing
import Wire

@Suite("Reply")
struct ReplyTests {
  private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

  @Test("an error, with and without id and data")
  func errors() {
    #expect(
      text(Reply.error(id: .integer(3), code: -32601, message: "no \"x\""))
        == #"{"jsonrpc":"2.0","id":3,"error":{"code":-32601,"message":"no \"x\""}}"#)
    #expect(
      text(Reply.error(id: nil, code: -32700, message: "a\nb", data: .object([("k", .null)])))
        == #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"a b","data":{"k":null}}}"#)
  }

  @Test("an unacceptable message is answered unless it was a notification or a response")
  func unacceptable() {
    for sort in [MessageError.Sort.notification, .response] {
      #expect(Reply.error(MessageError(code: -32600, message: "m", id: nil, sort: sort)) == nil)
    }
    let error = MessageError(code: -32600, message: "m", id: .string("i"), sort: .request)
    #expect(text(Reply.error(error)) == #"{"jsonrpc":"2.0","id":"i","error":{"code":-32600,"message":"m"}}"#)
  }

  @Test("a refused tool call is a result that the model can read, and the same as data")
  func refusedTool() {
    #expect(
      text(
        Reply.refusal(
          id: .integer(1), rule: "rule 1", reason: "30 of 30 used; next in 12 s", retryAfterSeconds: 12,
          remaining: ExactNumber("0.50"), decisionID: "d1", era: .legacy))
        == #"{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"[moongate] refused by \"rule 1\": 30 of 30 used; next in 12 s"}],"isError":true,"_meta":{"dev.moongate/decision":{"rule":"rule 1","reason":"30 of 30 used; next in 12 s","retryAfterSeconds":12,"remaining":0.5,"decisionId":"d1"}}}}"#
    )
  }

  @Test("a modern result says that it is complete")
  func modern() throws {
    let line = Reply.refusal(id: .integer(1), rule: "r", reason: "x", decisionID: "d", era: .modern)
    #expect(try JSONTape(line).root["result"]?["resultType"]?.string == "complete")
    let legacy = Reply.refusal(id: .integer(1), rule: "r", reason: "x", decisionID: "d", era: .legacy)
    #expect(try JSONTape(legacy).root["result"]?["resultType"] == nil)
    let decision = try JSONTape(legacy).root["result"]?["_meta"]?["dev.moongate/decision"]
    #expect(decision?.members.map { $0.name.string } == ["rule", "reason", "decisionId"])
  }

  @Test(
    "a refused resource or prompt is an error with the same text and data", arguments: [Call.Subject.resource, .prompt])
  func refusedOthers(_ subject: Call.Subject) throws {
    let line = Reply.refusal(
      id: .string("a"), subject: subject, rule: "r", reason: "x", decisionID: "d", era: .modern)
    let error = try #require(try message(String(decoding: line, as: UTF8.self), from: .server).error)
    #expect(error["code"]?.integer == -32003)
    #expect(error["message"]?.string == #"[moongate] refused by "r": x"#)
    #expect(error["data"]?["dev.moongate/decision"]?["rule"]?.string == "r")
  }

  @Test("one line of text, and one line on the wire, whatever a reason holds", arguments: 0..<4)
  func oneLine(_ seed: UInt64) throws {
    var generator = TextGenerator(seed: seed)
    for _ in 0..<100 {
      let rule = generator.text() + "\u{2028}"
      let reason = generator.text() + "a\r\n\u{85}b\u{0}" + generator.text()
      let line = Reply.refusal(id: .string(Name(rule)), rule: rule, reason: reason, decisionID: "d", era: .modern)
      #expect(!line.contains { $0 < 0x20 || $0 == 0x7F })
      let answer = try message(String(decoding: line, as: UTF8.self), from: .server)
      #expect(answer.id == .string(Name(rule)))
      let text = try #require(answer.result?["content"]?[0]?["text"]?.string)
      #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && ![0x7F, 0x85, 0x2028, 0x2029].contains($0.value) })
      #expect(text.contains("a b"))
    }
  }
}
