import Policy
import Scripting
import Testing
import Wire

@Suite("Values")
struct ValuesTests {
  let script = OneScript()

  @Test(
    "come back as they went in",
    arguments: [
      "null", "true", "false", "0", "-1", "9007199254740993", "9223372036854775807", "-9223372036854775808",
      "9223372036854775808", "123456789012345678901234567890", "1.0", "0.1", "-2.5", "1e+300",
      "0.1000000000000000055511151231257827", "12345678901234567.5", "\"\"", "\"plain\"", #""a\u0000b""#,
      #""\"\\/\b\f\n\r\t""#, #""é €😀""#, "[]", "{}", "[[],{}]", "[1,\"a\",null]", "{\"a\":[],\"b\":{}}",
      "[null]", "[null,null,1]", #"{"":""}"#, #"{"z":1,"a":2,"m":{"y":null,"b":[{"c":0.5}]}}"#,
      #"{"1":"a","2":"b"}"#, "[[[[[[[[]]]]]]]]",
    ])
  func roundTrip(_ text: String) async throws {
    let answer = try await script.judge("log(json.encode(call.args)) return", #"{"v":\#(text)}"#)
    #expect(answer.verdict == .pass)
    let told = try #require(answer.log.first)
    let expected = try JSONTape(Array(#"{"v":\#(text)}"#.utf8)).root.tree
    #expect(try JSONTape(Array(told.utf8)).root.tree == expected, "\(told)")
  }

  @Test(
    "are what a script expects",
    arguments: [
      ("math.type(call.args.v) == 'integer' and call.args.v == 3", "3"),
      ("math.type(call.args.v) == 'float' and call.args.v == 1", "1.0"),
      ("math.type(call.args.v) == 'float' and call.args.v == 0.1", "0.1"),
      ("call.args.v == math.maxinteger", "9223372036854775807"),
      ("type(call.args.v) == 'number' and tostring(call.args.v) == '9223372036854775808'", "9223372036854775808"),
      ("call.args.v > math.maxinteger and call.args.v < 1e19 and not (call.args.v < 5)", "9223372036854775808"),
      ("call.args.v > 0.5 and call.args.v <= 1/0 and call.args.v ~= 0.1", "1.00000000000000000000001"),
      ("call.args.v == call.args.w", "100000000000000000000, \"w\": 1e20"),
      ("call.args.v == null and call.args.v ~= nil and call.args.v and tostring(null) == 'null'", "null"),
      ("call.args.v ~= null and call.args.missing ~= null and call.args.missing == nil", "false"),
      ("#call.args.v == 3 and call.args.v[2] == null", "[1,null,3]"),
      ("call.args.v == 'a\\0b' and #call.args.v == 3", #""a\u0000b""#),
      ("utf8.len(call.args.v) == 2", #""\u00e9\ud83d\ude00""#),
    ])
  func seen(_ condition: String, _ value: String) async throws {
    let answer = try await script.judge("return \(condition)", #"{"v": \#(value)}"#)
    #expect(answer.verdict == .pass, "\(answer.verdict)")
  }

  @Test("pairs walks in the order of the message, then what the script added")
  func order() async throws {
    let body = """
      call.args.new = 1
      call.args.b = nil
      local names = {}
      for name in pairs(call.args) do names[#names + 1] = name end
      return false, table.concat(names, " ")
      """
    let answer = try await script.judge(body, #"{"z":1,"y":2,"b":3,"a":4,"x":5,"q":6,"c":7,"d":8}"#)
    #expect(answer.verdict == .refuse(reason: "z y a x q c d new", retryAfterSeconds: nil))
  }

  @Test("a table of the script's own has the same order in every process")
  func ownOrder() async throws {
    let body = """
      local t, names = {}, {}
      for i = 1, 50 do t["name" .. i * 7919] = i end
      for name in pairs(t) do names[#names + 1] = name end
      return false, table.concat(names, " ")
      """
    let first = try await OneScript().judge(body)
    for _ in 0..<3 { #expect(try await OneScript().judge(body).verdict == first.verdict) }
  }

  @Test("kinds are kept through changes, and can be set")
  func kinds() async throws {
    let body = """
      call.args.list[1] = nil
      call.args.map.a = nil
      local made = { json.array(), json.object(), json.array({1}), {}, {5}, {x = 1} }
      return false, json.encode(call.args) .. json.encode(made)
      """
    let answer = try await script.judge(body, #"{"list":[1],"map":{"a":1}}"#)
    let expected = #"{"list":[],"map":{}}[[],{},[1],{},[5],{"x":1}]"#
    #expect(answer.verdict == .refuse(reason: expected, retryAfterSeconds: nil))
  }

  @Test(
    "what is no JSON is an error",
    arguments: [
      ("check", "a function cannot be JSON"), ("0/0", "not finite"), ("1/0", "not finite"),
      ("{1, 2, x = 4}", "both elements and members"), ("{[true] = 1}", "key that is a boolean"),
      ("'\\xFF'", "not UTF-8"), ("ask('x')", "a userdata cannot be JSON"),
    ])
  func notJSON(_ value: String, _ message: String) async throws {
    let summary = try #require(try await script.judge("return json.encode(\(value))").verdict.summary)
    #expect(summary.contains(message), "\(summary)")
  }

  @Test("the call has all that the session knows")
  func call() async throws {
    func value(_ text: String) throws -> JSONValue { try JSONTape(Array(text.utf8)).root }
    var context = Call.Context(session: "s9", started: 12.5)
    context.calls = ["b": 2, "a": 1]
    context.client = try value(#"{"name":"c"}"#)
    context.server = try value(#"{"name":"s"}"#)
    context.principal = try value(#"{"subject":"p"}"#)
    let definition = try value(
      #"{"name":"tool","annotations":{"readOnlyHint":true},"inputSchema":{"type":"object"}}"#)
    let answer = try await script.judge(
      "log(json.encode(call)) return", #"{"x":1}"#, context: context, meta: try value(#"{"k":1}"#),
      definition: definition)
    #expect(
      answer.log == [
        #"{"tool":"tool","args":{"x":1},"annotations":{"readOnlyHint":true},"schema":{"type":"object"},"#
          + #""session":{"id":"s9","started":12.5,"calls":{"a":1,"b":2}},"client":{"name":"c"},"#
          + #""principal":{"subject":"p"},"server":{"name":"s"},"meta":{"k":1},"time":1000.0}"#
      ])
  }

  @Test("what the session does not know is an empty table, and the schema nil")
  func emptyCall() async throws {
    let body = """
      return call.client.name == nil and call.annotations.x == nil and call.schema == nil and call.meta.a == nil
        and next(call.principal) == nil and next(call.server) == nil and next(call.session.calls) == nil
      """
    #expect(try await script.judge(body).verdict == .pass)
  }
}
