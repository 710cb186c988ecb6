import Randomness
import Testing
import Wire

@testable import Policy

@Suite("Arguments that are edited")
struct EditTreeTests {
  private func text(_ arguments: String?, _ edits: Edit...) throws -> String {
    let found = try arguments.map(value)
    let tree = EditTree(edits)
    try tree.check(over: found)
    return String(decoding: tree.text(over: found), as: UTF8.self)
  }

  @Test("keep byte for byte what is not edited, but for white space between members")
  func kept() throws {
    let before = #"{"a" : 1.500, "b":{"c": [1e2, "\u00e9"],"d":null}, "e":12345678901234567890123}"#
    #expect(
      try text(before, edit("args.b.d", "true"))
        == #"{"a":1.500,"b":{"c":[1e2, "\u00e9"],"d":true},"e":12345678901234567890123}"#)
    #expect(try text(before, edit("args.b")) == #"{"a":1.500,"e":12345678901234567890123}"#)
    #expect(try text(before, edit("args.b.c[1]", "7")).contains(#""c":[1e2,7]"#))
    #expect(try text(#"{"a":1.500}"#, edit("args.a", "1.5")) == #"{"a":1.500}"#, "an equal number keeps its spelling")
  }

  @Test("get objects where something is set below what is absent")
  func created() throws {
    #expect(try text(nil, edit("args.a.b", "1")) == #"{"a":{"b":1}}"#)
    #expect(try text("{}", edit("args.a.b", "1"), edit("args.a['c d']", #""x""#)) == #"{"a":{"b":1,"c d":"x"}}"#)
    #expect(try text("{}", edit("args.a.b")) == "{}", "a removal makes none")
    #expect(try text(#"{"a":5}"#, edit("args.a.b")) == #"{"a":5}"#)
    #expect(try text(#"{"\u0061":1}"#, edit("args.a", "2")) == #"{"\u0061":2}"#)
  }

  @Test(
    "are not edited where that would replace something else",
    arguments: [
      (#"{"a":5}"#, "args.a.b", "must be an object for the policy to set what is in it; it is 5"),
      (#"{"a":null}"#, "args.a.b", "must be an object for the policy to set what is in it; it is null"),
      (#"{"a":[1]}"#, "args.a.b", "must be an object for the policy to set what is in it; it is a list of 1"),
      (
        #"{"a":[1]}"#, "args.a[1]",
        "must be a list of more than 1 elements for the policy to set what is in it; it is a list of 1"
      ),
      (
        #"{"a":{}}"#, "args.a[0]",
        "must be a list of more than 0 elements for the policy to set what is in it; it is an object"
      ),
      ("{}", "args.a[0]", "must be a list of more than 0 elements for the policy to set what is in it; it is missing"),
    ])
  func blocked(_ arguments: String, _ path: String, _ demand: String) throws {
    let tree = EditTree([try edit(path, "1")])
    let found = try value(arguments)
    let error = #expect(throws: EditTree.Blocked.self) { try tree.check(over: found) }
    #expect(error?.demand == demand)
    #expect(error?.steps == [.member(Array("a".utf8))])
  }

  @Test("come to the same in every order of edits, and need no second editing")
  func property() throws {
    var random = Random(seed: 71)
    let edits = try [
      edit("args.a", "1"), edit("args.b.c", #""x""#), edit("args.b.d", "[1]"), edit("args.e"), edit("args.f.g"),
      edit("args.h.i.j", "null"),
    ]
    let samples = [
      "{}", #"{"a":1}"#, #"{"b":{}}"#, #"{"b":{"c":"y","z":1.0}}"#, #"{"e":{"x":[]},"f":{"g":1,"k":2}}"#,
      #"{"h":{"i":{}}}"#,
      #"{"z":1e1,"b":{"d":[1]},"a":2}"#,
    ]
    for _ in 0..<500 {
      let chosen = edits.filter { _ in Bool.random(using: &random) }
      let before = try value(samples.randomElement(using: &random) ?? "{}")
      let one = try value(String(decoding: EditTree(chosen).text(over: before), as: UTF8.self))
      let other = try value(
        String(decoding: EditTree(chosen.shuffled(using: &random)).text(over: before), as: UTF8.self))
      #expect(one.source == other.source)
      #expect(chosen.allSatisfy { !$0.changes(one) })
      let untouched = edits.filter { edit in !chosen.contains { $0.path == edit.path } }
      for edit in untouched {
        let old = Path.follow(edit.path.steps[...], from: before)?.tree
        #expect(Path.follow(edit.path.steps[...], from: one)?.tree == old)
      }
    }
  }
}
