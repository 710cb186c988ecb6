import Randomness
import Testing
import Wire

@testable import Policy

@Suite("Paths to several values")
struct WildcardTests {
  private func truth(_ condition: Condition, _ arguments: String?) throws -> Truth {
    try condition.truth(for: call("t", arguments))
  }

  @Test(
    "[*]: every element must satisfy; none: true",
    arguments: [
      (#"{"tags":["a","b"]}"#, .holds), (#"{"tags":[]}"#, .holds), (#"{"tags":["a",""]}"#, .fails),
      (#"{"tags":["a",5]}"#, .unknown), (#"{"tags":[5,""]}"#, .fails), (#"{"tags":["",5]}"#, .fails),
      (#"{"tags":[null]}"#, .unknown), ("{}", .unknown), (nil, .unknown), (#"{"tags":"a"}"#, .unknown),
      (#"{"tags":{"0":"a"}}"#, .unknown), (#"{"tags":null}"#, .unknown),
    ] as [(String?, Truth)])
  func elements(_ arguments: String?, _ expected: Truth) throws {
    let condition = try test("args.tags[*]", ["length": #"{"gte":1}"#])
    #expect(try truth(condition, arguments) == expected)
    #expect(try truth(.not(condition), arguments) == expected.negated)
  }

  @Test(
    "[*] goes on below each element, and through lists of lists",
    arguments: [
      (#"{"rows":[{"cells":[{"n":1},{"n":2}]},{"cells":[]}]}"#, .holds),
      (#"{"rows":[{"cells":[{"n":1}]},{"cells":[{"n":9}]}]}"#, .fails),
      (#"{"rows":[{"cells":[{"n":1},{}]}]}"#, .unknown), (#"{"rows":[{}]}"#, .unknown), (#"{"rows":[[]]}"#, .unknown),
      (#"{"rows":[{},{"cells":[{"n":9}]}]}"#, .fails),
    ] as [(String, Truth)])
  func deeper(_ arguments: String, _ expected: Truth) throws {
    #expect(try truth(test("args.rows[*].cells[*].n", ["lte": "5"]), arguments) == expected)
  }

  @Test(
    "default and optional speak of each value that is absent",
    arguments: [
      (#"{"rows":[{"n":1},{}]}"#, .holds, .holds), (#"{}"#, .holds, .holds),
      (#"{"rows":[{"n":null}]}"#, .unknown, .holds),
      (#"{"rows":null}"#, .unknown, .holds), (#"{"rows":"evil"}"#, .unknown, .unknown),
      (#"{"rows":[{"n":9},{}]}"#, .fails, .fails), (#"{"rows":[{"n":"9"},{}]}"#, .unknown, .unknown),
      (#"{"rows":[["x"]]}"#, .unknown, .unknown), (#"{"rows":["{}"]}"#, .unknown, .unknown),
      (#"{"rows":[5,{"n":9}]}"#, .fails, .fails), (#"{"rows":[null]}"#, .holds, .holds),
    ] as [(String, Truth, Truth)])
  func absent(_ arguments: String, _ withDefault: Truth, _ optional: Truth) throws {
    let path = "args.rows[*].n"
    #expect(try truth(test(path, ["lte": "5"], fallback: "1"), arguments) == withDefault)
    #expect(try truth(test(path, ["lte": "5"], optional: .absentOrNull), arguments) == optional)
    #expect(try truth(test(path, ["lte": "5"], fallback: "9"), #"{"rows":[{}]}"#) == .fails)
  }

  @Test(
    "**: every value below of the kind that the operator judges",
    arguments: [
      ("{}", .holds), (nil, .holds), (#"{"a":"x","b":[1,{"c":"x"}],"d":null,"e":true}"#, .holds),
      (#"{"a":"x","b":[1,{"c":"y"}]}"#, .fails), (#"{"a":{"b":{"c":["y"]}}}"#, .fails), (#"{"y":1}"#, .holds),
    ] as [(String?, Truth)])
  func below(_ arguments: String?, _ expected: Truth) throws {
    #expect(try truth(test("args.**", ["eq": #""x""#]), arguments) == expected)
    #expect(try truth(test("args.**", ["glob": #""x""#, "lte": "5"]), arguments) == expected)
  }

  @Test(
    "** begins at what its path names",
    arguments: [
      (#"{"a":"y","b":{"c":"x"}}"#, .holds), (#"{"b":["y"]}"#, .fails), ("{}", .unknown), (#"{"b":"x"}"#, .unknown),
      (#"{"b":7}"#, .unknown),
    ] as [(String, Truth)])
  func start(_ arguments: String, _ expected: Truth) throws {
    #expect(try truth(test("args.b.**", ["eq": #""x""#]), arguments) == expected)
  }

  @Test("** does not pass over an address in an odd spelling")
  func oddSpelling() throws {
    let condition = try test("args.**", ["ip": #"{"in":["10.0.0.0/8"]}"#])
    #expect(try truth(condition, #"{"a":"10.0.0.1","b":5}"#) == .holds)
    #expect(try truth(condition, #"{"a":"010.0.0.1","b":5}"#) == .unknown)
  }

  @Test("A name that could be taken for one below a wildcard makes a call ambiguous")
  func ambiguous() throws {
    let rules = try policy([
      "*": [
        try rule("r") { $0.require = try test("args.items[*].url", ["glob": #""https:*""#], optional: .absentOrNull) }
      ]
    ])
    #expect(try rules.decision(call("t", #"{"items":[{"url":"https:a"},{"other":1}]}"#)).isAllowed)
    for arguments in [
      #"{"items":[{"url":"https:a"},{"URL":"file:b"}]}"#, #"{"Items":[]}"#, #"{"items":[{"ur\u200bl":1}]}"#,
    ] {
      let refusal = try #require(try rules.decision(call("t", arguments)).refusal)
      #expect(refusal.reason.hasPrefix("ambiguous: "))
    }
  }

  @Test(
    "A refusal names the element",
    arguments: [
      ("args.items[*].n", #"{"items":[{"n":1},{"n":9}]}"#, "args.items[1].n must be at most 5; it is 9"),
      ("args.items[*].n", #"{"items":[{"n":1},{}]}"#, "args.items[1].n must be at most 5; it is missing"),
      ("args.items[*].n", "{}", "args.items[*].n must be at most 5; it is missing"),
      ("args.items[*].n", #"{"items":"x"}"#, #"args.items must be a list; it is "x""#),
      ("args.**", #"{"a b":[{"c":9}]}"#, "args['a b'][0].c must be at most 5; it is 9"),
      ("args.**", #"{"a\u202e":9}"#, "args.a\u{FFFD} must be at most 5; it is 9"),
      ("args.b.**", #"{"b":1}"#, "args.b must be a list or an object; it is 1"),
    ])
  func named(_ path: String, _ arguments: String, _ reason: String) throws {
    let rules = try policy(["*": [try rule { $0.require = try test(path, ["lte": "5"]) }]])
    #expect(try rules.decision(call("t", arguments)).refusal?.reason == reason)
  }

  @Test("`not` means: not every one")
  func negated() throws {
    let rules = try policy(["*": [try rule { $0.require = .not(try test("args.roles[*]", ["eq": #""admin""#])) }]])
    #expect(try rules.decision(call("t", #"{"roles":["admin","guest"]}"#)).isAllowed)
    let reason = try rules.decision(call("t", #"{"roles":["admin"]}"#)).refusal?.reason
    #expect(reason?.hasPrefix(#"at least one of args.roles[*] must not be "admin""#) == true)
    #expect(
      try rules.decision(call("t", #"{"roles":[]}"#)).refusal?.reason == "at least one of args.roles[*] must be there")
    #expect(
      try rules.decision(call("t", #"{"roles":["admin",5]}"#)).refusal?.reason
        == #"args.roles[1] cannot be judged: it must be "admin"; it is 5"#)
  }

  @Test("An explanation names the value that decides")
  func explained() throws {
    let rules = try policy(["*": [try rule { $0.require = try test("args.items[*].n", ["lte": "5"]) }]])
    func lines(_ arguments: String) throws -> [String] {
      try #require(try rules.judge(call("t", arguments), explain: true).decision).trace.map(\.text)
    }
    #expect(try lines(#"{"items":[{"n":1},{"n":2}]}"#).contains("args.items[*].n: holds (2 values)"))
    let refused = try lines(#"{"items":[{"n":1},{"n":9}]}"#)
    #expect(refused.contains("args.items[*].n: fails"))
    #expect(refused.contains("args.items[1].n lte: fails (9)"))
    #expect(try lines(#"{"items":5}"#).contains("args.items: unknown (5)"))
  }

  @Test("Wildcards come to what each value alone comes to")
  func property() throws {
    var random = Random(seed: 44)
    let path = try Path("args.list[*].n", wildcards: true)
    #expect(path.isWild)
    let elements = [#"{"n":1}"#, #"{"n":9}"#, "{}", #"{"n":null}"#, #"{"n":"1"}"#, "5", "[]"]
    let each = try test("args.list[*].n", ["lte": "5"])
    for _ in 0..<2_000 {
      let chosen = (0..<Int.random(in: 0..<5, using: &random)).map { _ in elements.randomElement(using: &random) ?? "{}"
      }
      let arguments = #"{"list":["# + chosen.joined(separator: ",") + "]}"
      let alone = Condition.all(try chosen.indices.map { try test("args.list[\($0)].n", ["lte": "5"]) })
      #expect(try truth(each, arguments) == truth(alone, arguments), "\(arguments)")
    }
  }

  @Test(
    "are written so",
    arguments: ["args[*]", "args.a[*].b", "args.**", "args[*][*]", "args['*'].**", "meta.x[*]", "principal.claims.**"])
  func spelling(_ path: String) throws {
    #expect(try Path(path, wildcards: true).isWild)
    #expect(throws: OperandError.self) { try Path(path) }
    #expect(try !Path("args['**']['*']").isWild)
  }

  @Test(
    "are not written so",
    arguments: [
      "args.*", "args.**.x", "args.**[0]", "args.**.**", "args[**]", "args.***", "**", "*", "args.[*]", "client.**",
    ])
  func mistakes(_ path: String) {
    #expect(throws: OperandError.self) { try Path(path, wildcards: true) }
  }
}
