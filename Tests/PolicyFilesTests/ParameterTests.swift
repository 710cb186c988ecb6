import Policy
import Testing
import Wire

@testable import PolicyFiles

@Suite("parameters")
struct ParameterTests {
  /// The policy of a text with these values given, as YAML.
  private func load(_ text: String, with given: [Name: String] = [:]) throws -> LoadedPolicy {
    let values = try given.mapValues { try ParameterValue(yaml: $0, named: "value") }
    return try PolicyFile.load(text: Array(text.utf8), named: "policy.yaml", scriptsIn: "", given: values)
  }

  /// What is said about it, with hints.
  private func findings(_ text: String, with given: [Name: String] = [:]) throws -> [String] {
    let found: [Diagnostic]
    do {
      found = try load(text, with: given).warnings
    } catch {
      found = try #require(error as? PolicyProblems).diagnostics
    }
    return found.map { "\($0.place) \($0.code) \($0.message)" + ($0.hint.map { " | \($0)" } ?? "") }
  }

  private func rule(_ text: String, with given: [Name: String] = [:]) throws -> Rule {
    try load("\(text)\n", with: given).rules.tools[0].rules[0]
  }

  @Test("the example of the policy language: a list is spliced into a list")
  func example() throws {
    let rule = try rule(
      """
      parameters:
        callback_domains:
          { type: array, items: { type: string }, description: "where callbacks go", default: [hooks.example.com] }
      tools: { a: { rules: [{ lua: "function check() end", with: { hosts: ["${callback_domains}", b.example] } }] } }
      """)
    let hosts = rule.script?.parameters["hosts"]
    #expect(hosts == .array([.string("hooks.example.com"), .string("b.example")]))
  }

  @Test(
    "a whole scalar keeps its type, whatever its quotes",
    arguments: [
      ("default: 20", "20"), ("default: '20'", #""20""#), ("default: true", "true"), ("default: null", "null"),
      ("default: [1, [2]]", "[1,[2]]"), ("default: {a: {b: 1.50}}", #"{"a":{"b":1.5}}"#), ("default: ''", #""""#),
      ("default: []", "[]"), ("default: {}", "{}"), ("default: '~'", #""~""#),
    ])
  func whole(standard: String, expected: String) throws {
    for place in ["${x}", "\"${x}\"", "'${x}'"] {
      let rule = try rule(
        """
        parameters: { x: { \(standard) } }
        tools:
          a:
            rules:
              - lua: function check() end
                with:
                  v: \(place)
        """)
      let value = try #require(rule.script?.parameters["v"])
      #expect(String(decoding: value.encoded(), as: UTF8.self) == expected)
    }
  }

  @Test(
    "within a list, a list is spliced, and only one level of it; anything else is an element",
    arguments: [
      ("[1, 2]", "[0, \"${x}\", 3]", "[0,1,2,3]"), ("[]", "[0, \"${x}\", 3]", "[0,3]"), ("[]", "[\"${x}\"]", "[]"),
      ("[[1], 2]", "[\"${x}\"]", "[[1],2]"), ("[1, 2]", "[[\"${x}\"], 0]", "[[1,2],0]"),
      ("[1]", "[\"${x}\", \"${x}\"]", "[1,1]"), ("{a: [1]}", "[\"${x}\"]", #"[{"a":[1]}]"#),
      ("5", "[\"${x}\", 6]", "[5,6]"), ("[1]", "[\"<${y}>\", \"${x}\"]", #"["<why>",1]"#),
    ])
  func splicing(value: String, list: String, expected: String) throws {
    let rule = try rule(
      """
      parameters: { x: { default: \(value) }, y: { default: why } }
      description: "${y}"
      tools: { a: { rules: [{ lua: "function check() end", with: { x: "${x}", list: \(list) } }] } }
      """)
    let json = try #require(rule.script?.parameters["list"])
    #expect(String(decoding: json.encoded(), as: UTF8.self) == expected)
  }

  @Test(
    "within a longer text, a value is put in as it is spelt",
    arguments: [
      ("20", "20"), ("1.50", "1.50"), ("1e3", "1e3"), ("0x1F", "0x1F"), ("True", "True"), ("'a ${b}'", nil),
      ("a word", "a word"), ("''", ""), ("'$${y}'", "${y}"), ("é", "é"),
    ] as [(String, String?)])
  func text(value: String, spelling: String?) throws {
    let policy = "parameters: { x: { default: \(value) } }\ndescription: \"<${x}> <${x}>\"\n"
    guard let spelling else {
      #expect(try findings(policy).contains { $0.contains("MG3016") })
      return
    }
    #expect(try load(policy).description == "<\(spelling)> <\(spelling)>")
    if !value.contains("$") {
      let given = "parameters: { x: { default: other } }\ndescription: \"<${x}> <${x}>\"\n"
      #expect(try load(given, with: ["x": value]).description == "<\(spelling)> <\(spelling)>")
    }
  }

  @Test("a made value is spelt as JSON spells it")
  func made() throws {
    let text = Array("parameters: { x: { type: number } }\ndescription: \"<${x}>\"\n".utf8)
    let number = try #require(ExactNumber("2.50"))
    let policy = try PolicyFile.load(
      text: text, named: "policy.yaml", scriptsIn: "", given: ["x": ParameterValue(.number(number))])
    #expect(policy.description == "<2.5>")
  }

  @Test("$${name} is the characters themselves, and what is put in is not looked at again")
  func escapes() throws {
    #expect(try load("description: \"$${x} [${}] a${2} $\"\n").description == "${x} [${}] a${2} $")
    let policy = "parameters: { x: { default: '$${x}' }, y: { default: 1 } }\ndescription: \"${x}${y} \\x24{y}\"\n"
    #expect(try load(policy).description == "${x}1 1")
    #expect(try load("parameters: { x: {} }\ndescription: \"${x}\"", with: ["x": "'${y}'"]).description == "${y}")
  }

  @Test("keys may hold placeholders, as text")
  func keys() throws {
    let rules = try load(
      """
      parameters: { kind: { default: video }, n: { default: 5 } }
      hide: ["${kind}_debug"]
      tools:
        "${kind}_*": { rules: [{ require: [{ "args.${kind}_id": { lte: "${n}" } }] }] }
        "tool ${n}": {}
      """
    ).rules
    #expect(rules.tools.map(\.pattern.description) == ["video_*", "tool 5"])
    #expect(rules.hidden.map(\.description) == ["video_debug"])
    var judge = Judge(rules)
    #expect(try judge.call("video_make", #"{"video_id":5}"#) == "allowed")
    #expect(try judge.call("video_make", #"{"video_id":6}"#).hasPrefix("refused"))
  }

  @Test("rules and whole sections can be values; the text of a script is left alone, wherever it stands")
  func wholeRules() throws {
    let policy = """
      parameters:
        rules: { default: [{ name: no, action: deny }] }
        late: { default: { name: late, lua: "function check() return '${late}' end" } }
      tools:
        lua: { rules: "${rules}" }
        b:
          rules:
            - name: yes
              lua: "function check() return '${rules}' end"
              with: { lua: "${rules}" }
            - ${rules}
      """
    let found = try findings(policy)
    #expect(found.count == 1 && found[0].hasPrefix("policy.yaml:3:") && found[0].contains("MG3016"))
    let good = policy.split(separator: "\n").filter { !$0.contains("late:") }.joined(separator: "\n")
    let loaded = try load(good)
    #expect(loaded.rules.tools[0].rules.map(\.name) == ["no"])
    #expect(loaded.rules.tools[1].rules.map(\.name) == ["yes", "no"])
    #expect(String(decoding: loaded.scripts[0].text, as: UTF8.self).contains("'${rules}'"))
    let parameters = loaded.rules.tools[1].rules[0].script?.parameters
    guard case .array(let values)? = parameters?["lua"] else {
      Issue.record("the list is gone")
      return
    }
    #expect(values.map { $0["action"] } == [.string("deny")])
  }

  @Test("a value that is given stands in for the default, and for one that is missing")
  func given() throws {
    let text = "parameters: { x: { type: string, default: one } }\ndescription: \"${x}\"\n"
    #expect(try load(text).description == "one")
    #expect(try load(text, with: ["x": "two"]).description == "two")
    let needed = "parameters: { x: { type: string } }\ndescription: \"${x}\"\n"
    #expect(try load(needed, with: ["x": "two"]).description == "two")
    #expect(
      try findings(needed) == [
        "policy.yaml:1:15 MG3013 the parameter \"x\" has no value | "
          + "give it one: --with x=…; or write a `default: …` for it"
      ])
  }

  @Test("a value that is given and cannot be used says so")
  func badGiven() throws {
    let text = "parameters: { hosts: { type: array, items: { type: string }, default: [] } }\nhide: \"${hosts}\"\n"
    #expect(
      try findings(text, with: ["hosts": "[a, 5]"]) == [
        "--with hosts:1:1 MG3012 the value given for \"hosts\" does not fit: [1] must be a string; it is 5 | "
          + "policy.yaml defines it on line 1"
      ])
    #expect(
      try findings(text, with: ["host": "[a]", "zz": "1"]) == [
        "--with host:1:1 MG3014 policy.yaml has no parameter \"host\" | did you mean \"hosts\"?",
        "--with zz:1:1 MG3014 policy.yaml has no parameter \"zz\" | possible here: hosts",
      ])
    #expect(try findings("tools: {}", with: ["a": "1"]) == ["--with a:1:1 MG3014 policy.yaml has no parameter \"a\""])
    let found = try findings(text, with: ["hosts": "['[']"])
    #expect(found.count == 1 && found[0].hasPrefix("policy.yaml:2:7 MG3001 "))
    #expect(found[0].contains("| the value comes from parameter \"hosts\" (--with hosts)"))
  }

  @Test("what is wrong with a value that was put in is said at its placeholder")
  func origins() throws {
    let policy = """
      parameters:
        hosts: { default: [good.example, "bad host"] }
        limit: { default: many }
        unit: { default: fortnight }
      tools:
        a:
          rules:
            - require: [{ args.url: { url: { hosts: "${hosts}" } } }, { args.n: { lte: "${limit}" } }]
              rate_limit: 5/${unit}
              reason: "${limit} {{ ${unit}"
      """
    let found = try findings(policy)
    #expect(found.count == 4)
    let expected = [
      ("policy.yaml:8:47 MG3004 ", "| the value comes from parameter \"hosts\" (line 2); hooks.example.com, "),
      ("policy.yaml:8:82 MG3004 ", "| the value comes from parameter \"limit\" (line 3)"),
      ("policy.yaml:9:21 MG3007 ", "| the value comes from parameter \"unit\" (line 4); write seconds"),
      ("policy.yaml:10:17 MG3005 ", "| the value comes from parameters \"limit\" (line 3), \"unit\" (line 4); {{"),
    ]
    for (finding, (start, hint)) in zip(found, expected) {
      #expect(finding.hasPrefix(start) && finding.contains(hint), "\(finding)")
    }
  }

  @Test("what parameters put in is bounded as the policy is")
  func bounds() throws {
    let many = (0..<2_000).map { "\($0)" }.joined(separator: ",")
    let uses = (0..<2_000).map { _ in "\"${x}\"" }.joined(separator: ",")
    let values = try findings("parameters: { x: { default: [\(many)] } }\nhide: [\(uses)]\n")
    #expect(values.count == 1)
    #expect(values[0].hasPrefix("policy.yaml:2:") && values[0].contains("MG1206"))
    let long = String(repeating: "x", count: 10_000)
    let texts = try findings("parameters: { x: { default: \(long) } }\nhide: [\(uses)]\n")
    #expect(texts.count == 1 && texts[0].contains("MG1002"))
    let within = try findings("parameters: { x: { default: \(long) } }\nhide: [\(uses.replacing("${", with: "a${"))]\n")
    #expect(within.count == 1 && within[0].contains("MG1002"))
    let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    let place = String(repeating: "[", count: 30) + "\"${x}\"" + String(repeating: "]", count: 30)
    let depth = try findings("parameters: { x: { default: \(deep) } }\nmethods: { deny: \(place) }\n")
    #expect(depth.contains { $0.contains("MG1206 with what a parameter puts in") })
    let fits = try findings("parameters: { x: { default: \(deep) } }\nmethods: { deny: [\"${x}\"] }\n")
    #expect(!fits.contains { $0.contains("MG1206") })
  }

  @Test("another value makes another policy")
  func digest() throws {
    let text = "parameters: { x: { default: 1 } }\ndescription: \"<${x}>\"\n"
    let digests = [
      try load(text).digest, try load(text, with: ["x": "1"]).digest, try load(text, with: ["x": "2"]).digest,
      try load(text, with: ["x": "'2'"]).digest, try load(text, with: ["x": "2.0"]).digest,
    ]
    #expect(Set(digests).count == digests.count)
    #expect(try load(text, with: ["x": "2"]).digest == digests[2])
  }

  @Test(
    "a value is read as YAML",
    arguments: [
      ("20", "20"), ("[a.example, b.example]", #"["a.example","b.example"]"#), ("'5'", #""5""#), ("yes", #""yes""#),
      ("{a: 1}", #"{"a":1}"#), ("a=b", #""a=b""#), ("https://a.example", #""https://a.example""#), ("''", #""""#),
      ("null", "null"),
    ])
  func yaml(text: String, expected: String) throws {
    let value = try ParameterValue(yaml: text, named: "--with x")
    #expect(String(decoding: value.json.encoded(), as: UTF8.self) == expected)
  }

  @Test(
    "a value that is no YAML says so",
    arguments: ["", "# a", "[a", "*", "{a: 1, a: 2}", "a\n---\nb", "!t 5", ".inf"])
  func badYAML(text: String) {
    #expect(throws: PolicyProblems.self) { try ParameterValue(yaml: text, named: "--with x") }
  }
}
