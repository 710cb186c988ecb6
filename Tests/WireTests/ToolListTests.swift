import Randomness
import Testing
import Wire

@Suite("Tool list")
struct ToolListTests {
  private func list(_ tools: String, _ rest: String = "") throws -> Message {
    try message(#"{"jsonrpc":"2.0","id":1,"result":{"tools":\#(tools)\#(rest)}}"#, from: .server)
  }

  private func hiding(_ hidden: Set<Name>, _ response: Message) throws -> String? {
    try ToolList.hiding({ hidden.contains($0) }, in: response).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("what a list defines, the first of each name")
  func definitions() throws {
    let tools = try ToolList.page(
      in: try list(#"[{"name":"a","description":"1"},{"name":"b"},{"name":"a","description":"2"}]"#)
    ).tools
    #expect(tools.map(\.name) == ["a", "b"])
    #expect(tools[0].definition["description"]?.string == "1")
    for tools in ["7", #"[{"Name":"a","name":"b"}]"#] {
      let message = try list(tools)
      #expect(throws: MessageError.self) { try ToolList.page(in: message) }
    }
    let empty = try message(#"{"jsonrpc":"2.0","id":1,"result":{}}"#, from: .server)
    #expect(throws: MessageError.self) { try ToolList.page(in: empty) }
  }

  @Test("where a list goes on")
  func next() throws {
    #expect(try ToolList.page(in: list("[]")).next == nil)
    #expect(try ToolList.page(in: list("[]", #","nextCursor":null"#)).next == nil)
    let next = try ToolList.page(in: list("[]", #","nextCursor":"p\u0032""#)).next
    #expect(next.map { Array($0.source) } == Array(#""p\u0032""#.utf8), "as the server has written it")
    let message = try list("[]", #","nextCursor":2"#)
    #expect(throws: MessageError.self) { try ToolList.page(in: message) }
  }

  @Test("nothing to hide: forward it as it is")
  func nothing() throws {
    #expect(try hiding(["x"], list(#"[{"name":"a"}]"#)) == nil)
    #expect(try hiding(["x"], list("[]")) == nil)
    #expect(
      try hiding(["x"], message(#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}"#, from: .server)) == nil)
  }

  @Test("takes out what is hidden and keeps every other byte")
  func splices() throws {
    let rest = #", "nextCursor":"c\u0061","ttlMs":5.0,"cacheScope":"public","_meta":{"x":[1 ,2]}"#
    let response = try list(#"[ {"name":"a"} , {"name":"b", "title":"B"}, {"name":"\u0063"} ]"#, rest)
    let around = { (tools: String) in #"{"jsonrpc":"2.0","id":1,"result":{"tools":\#(tools)\#(rest)}}"# }
    #expect(try hiding(["a"], response) == around(#"[ {"name":"b", "title":"B"}, {"name":"\u0063"} ]"#))
    #expect(try hiding(["b"], response) == around(#"[ {"name":"a"}, {"name":"\u0063"} ]"#))
    #expect(try hiding(["c"], response) == around(#"[ {"name":"a"} , {"name":"b", "title":"B"} ]"#))
    #expect(try hiding(["a", "b"], response) == around(#"[ {"name":"\u0063"} ]"#))
    #expect(try hiding(["b", "c"], response) == around(#"[ {"name":"a"} ]"#))
    #expect(try hiding(["a", "c"], response) == around(#"[ {"name":"b", "title":"B"} ]"#))
    #expect(try hiding(["a", "b", "c"], response) == around("[  ]"))
  }

  @Test("what is left is the list without the hidden, for every choice", arguments: 0..<4)
  func everyChoice(_ seed: UInt64) throws {
    var generator = TextGenerator(seed: seed)
    for _ in 0..<100 {
      let names = (0..<generator.random.below(7)).map { "tool \($0)" }
      let elements = names.map { name in
        let space = generator.random.pick(["", " ", "  "])
        return "\(space){\"name\":\(generator.string(name)),\"title\":\"\(name) ],[\"}\(space)"
      }
      let response = try list("[" + elements.joined(separator: ",") + "]", #","nextCursor":"x""#)
      let hidden = Set(names.filter { _ in generator.random.chance(1, in: 2) }.map { Name($0) })
      let kept = names.map { Name($0) }.filter { !hidden.contains($0) }
      guard let line = try hiding(hidden, response) else {
        #expect(hidden.isEmpty)
        continue
      }
      let after = try message(line, from: .server)
      #expect(try ToolList.page(in: after).tools.map(\.name) == kept)
      #expect(after.result?["nextCursor"]?.string == "x")
    }
  }

  @Test(
    "a list that could be read otherwise is not forwarded",
    arguments: [
      ("7", ""), ("null", ""), ("{}", ""), ("[1]", ""), ("[{}]", ""), (#"[{"name":7}]"#, ""),
      (#"[{"name":"a"},null]"#, ""),
      ("[]", #","Tools":[{"name":"secret"}]"#), ("[]", #","tool\u017f":[{"name":"secret"}]"#),
      (#"[{"name":"a","Name":"secret"}]"#, ""), (#"[{"name":"a","na\u200bme":"secret"}]"#, ""),
      (#"[{"name":"secret"},{"name":"Secret"}]"#, ""),
      (#"[{"name":"s\u0435cret"},{"name":"secret\u200b"},{"name":"secret"}]"#, ""),
      (#"[[{"name":"secret"}]]"#, ""),
    ])
  func untrusted(_ tools: String, _ rest: String) throws {
    let response = try list(tools, rest)
    #expect(throws: MessageError.self) { try hiding(["secret"], response) }
  }

  @Test("a result without tools is not a list")
  func noTools() throws {
    let response = try message(#"{"jsonrpc":"2.0","id":1,"result":{"TOOLS":[{"name":"secret"}]}}"#, from: .server)
    #expect(throws: MessageError.self) { try hiding(["secret"], response) }
  }
}
