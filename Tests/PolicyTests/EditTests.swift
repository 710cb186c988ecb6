import Testing
import Wire

@testable import Policy

/// `{path: value}` or, without a value, the removal of what is at the path.
func edit(_ path: String, _ value: String? = nil) throws -> Edit {
  guard let value else { return try Edit(removing: path, place: here) }
  return try Edit(setting: path, to: try PolicyTests.value(value).tree, place: here)
}

@Suite("One thing that a rule changes in a call")
struct EditTests {
  @Test(
    "conflicts with what cannot be done as well, whichever comes first",
    arguments: [
      ("args.a", "1", "args.a", "2", true), ("args.a", "1", "args['a']", "1.0", false),
      ("args.a", "1", "args.b", "2", false),
      ("args.a", "1", "args.a", nil, true), ("args.a", nil, "args.a", nil, false),
      ("args.a", #"{"b":1}"#, "args.a.b", "1", false), ("args.a", #"{"b":1}"#, "args.a.b", "2", true),
      ("args.a", #"{"b":1}"#, "args.a.c", "2", true), ("args.a", #"{"b":1}"#, "args.a.b", nil, true),
      ("args.a", #"{"b":1}"#, "args.a.c", nil, false), ("args.a", nil, "args.a.b", "1", true),
      ("args.a", nil, "args.a.b", nil, false), ("args.a", "[1,2]", "args.a[1]", "2", false),
      ("args.a", "[1,2]", "args.a[2]", "3", true), ("args.a[0]", "1", "args.a[1]", "2", false),
      ("args.a", "null", "args.a", nil, true),
    ] as [(String, String?, String, String?, Bool)])
  func conflicts(_ one: String, _ value: String?, _ other: String, _ another: String?, _ expected: Bool) throws {
    let (first, second) = (try edit(one, value), try edit(other, another))
    #expect(first.conflicts(with: second) == expected)
    #expect(second.conflicts(with: first) == expected)
  }

  @Test(
    "is of an argument, and of one value",
    arguments: ["args", "client.name", "tool.name", "args[*]", "args.**", "a.b", ""])
  func paths(_ path: String) {
    #expect(throws: OperandError.self) { try edit(path, "1") }
    #expect(throws: OperandError.self) { try edit(path) }
  }

  @Test("cannot remove an element, nor go deeper than a message")
  func limits() throws {
    #expect(throws: OperandError.self) { try edit("args.a[0]") }
    _ = try edit("args.a[0].b")
    let deep = "args" + String(repeating: ".a", count: 65)
    #expect(throws: OperandError.self) { try edit(deep, "1") }
  }
}
