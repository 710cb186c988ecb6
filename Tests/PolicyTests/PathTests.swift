import Testing
import Wire

@testable import Policy

@Suite("A path")
struct PathTests {
  private func sample() throws -> Call {
    try call(
      "search", #"{"a":{"b":[1,{"c d":2}]},"e.f":3,"n":null,"x'y":4,"é":5,"10":6}"#, meta: #"{"io.example/k":7}"#,
      definition: #"{"name":"search","annotations":{"readOnlyHint":true}}"#
    ) {
      $0.client = try value(#"{"name":"ann","version":"1.2"}"#)
      $0.server = try value(#"{"name":"luma"}"#)
      $0.principal = try value(#"{"subject":"u1","claims":{"team":"red"}}"#)
      $0.calls = ["search": 4, "odd.name": 2]
    }
  }

  @Test(
    "leads to a value",
    arguments: [
      ("args.a.b[0]", "1"), ("args.a.b[1]['c d']", "2"), (#"args["e.f"]"#, "3"), (#"args['x\'y']"#, "4"),
      ("args.n", "null"), ("args.é", "5"), ("args.10", "6"), ("args.a.b[2]", nil), ("args.a[0]", nil),
      ("args.a.b.c", nil), ("args.z", nil), ("args.e\u{301}", nil), ("tool.name", #""search""#),
      ("tool.annotations.readOnlyHint", "true"), ("tool.annotations.title", nil), ("client.name", #""ann""#),
      ("client.version", #""1.2""#), ("session.id", #""s1""#), ("session.calls.search", "4"),
      ("session.calls['odd.name']", "2"), ("session.calls.other", "0"), ("principal.subject", #""u1""#),
      ("principal.claims.team", #""red""#), ("server.name", #""luma""#), ("meta['io.example/k']", "7"),
      ("meta.k", nil),
    ] as [(String, String?)])
  func leads(_ path: String, _ expected: String?) throws {
    let found = try Path(path).value(in: try sample())
    #expect(found?.tree == (try expected.map { try value($0).tree }))
  }

  @Test("leads nowhere where nothing is known")
  func unknown() throws {
    let bare = try call("search", nil)
    for path in ["args", "args.a", "client.name", "principal", "server.name", "meta.k", "tool.annotations.x"] {
      #expect(try Path(path).value(in: bare) == nil)
    }
    #expect(try Path("tool.name").value(in: try call("p", subject: .prompt)) == nil)
  }

  @Test(
    "that is none says why",
    arguments: [
      "", "args.", ".args", "args..a", "args.a.", "args[", "args[]", "args['a", "args['a'", "args['a']b", "args[-1]",
      "args[01]", "args[a]", "args[1.5]", "args.a b", "args.a]", "args.'a'", "arg.a", "url", "[0]", "tool",
      "tool.title",
      "tool.name.x", "tool[0]", "session", "session.calls", "session.calls.a.b", "session.id.x", "client.names",
      "client.name.x", "principal.name", "principal.subject.x", "args[*]", "args.a[*].b", "args.**", "args.*", "**",
      "state.x", "result.x", "args[99999999999999999999]", "args.${x}", "args.\u{0}",
    ])
  func mistakes(_ path: String) {
    #expect(throws: OperandError.self) { try Path(path) }
  }

  @Test(
    "suggests what was meant",
    arguments: [("arg.a", "args"), ("sesion.id", "session"), ("client.nam", "client.name"), ("tool.nam", "tool.name")])
  func hints(_ path: String, _ hint: String) {
    let error = #expect(throws: OperandError.self) { try Path(path) }
    #expect(error?.hint?.contains(hint) == true)
  }

  @Test("in an Intercept-v1 condition dots always separate names")
  func intercept() throws {
    let call = try call("t", #"{"a":{"0":{"b[1]":"x"}}}"#)
    #expect(try Path("args.a.0.b[1]", dialect: .intercept).value(in: call)?.string == "x")
    for text in ["args..a", "args.", "", "a.b"] {
      #expect(throws: OperandError.self) { try Path(text, dialect: .intercept) }
    }
  }

  @Test("is equal however it is spelt")
  func equality() throws {
    #expect(try Path("args.a.b") == Path("args['a'][\"b\"]"))
    #expect(try Path("args.é") != Path("args.e\u{301}"))
    #expect(try Set([Path("args.a"), Path("args['a']")]).count == 1)
  }
}
