import Testing

@testable import Policy

@Suite("A regular expression")
struct RegularExpressionTests {
  private func matches(_ pattern: String, _ text: String) throws -> Bool {
    let expression = try RegularExpression(pattern)
    return Array(text.utf8).withUnsafeBufferPointer { expression.matches($0) }
  }

  @Test("matches anywhere in a text")
  func unanchored() throws {
    #expect(try matches("b+", "aabbcc"))
    #expect(try !matches("^b+$", "aabbcc"))
    #expect(try matches("^.$", "é"))
    #expect(try matches("", ""))
    #expect(try matches("^$", ""))
    #expect(try !matches("a$", "a\n"))
  }

  @Test("reports where the match and its groups stand")
  func groups() throws {
    let expression = try RegularExpression(#"(\w+)@(\w+)(\.\w+)?"#)
    let found = Array("to ann@home now".utf8).withUnsafeBufferPointer { expression.firstMatch(in: $0) }
    #expect(expression.groupCount == 3)
    #expect(found == [3..<11, 3..<6, 7..<11, nil])
  }

  @Test("goes on from an offset, with what stands before it as context")
  func offsets() throws {
    let expression = try RegularExpression("^a|b")
    Array("aab".utf8).withUnsafeBufferPointer { text in
      #expect(expression.firstMatch(in: text, from: 0) == [0..<1])
      #expect(expression.firstMatch(in: text, from: 1) == [2..<3])
      #expect(expression.firstMatch(in: text, from: 3) == nil)
      #expect(expression.firstMatch(in: text, from: 4) == nil)
      #expect(expression.firstMatch(in: text, from: -1) == nil)
    }
  }

  @Test("finds an empty match in an empty text")
  func empty() throws {
    let expression = try RegularExpression("(x?)")
    #expect(expression.firstMatch(in: UnsafeBufferPointer(start: nil, count: 0)) == [0..<0, 0..<0])
  }

  @Test("says what is wrong with a pattern", arguments: ["(", "[a", "a**", #"\"#, #"(?=a)"#, #"(a)\1"#, "a{1001}"])
  func problems(_ pattern: String) throws {
    let problem = #expect(throws: RegularExpression.Problem.self) { try RegularExpression(pattern) }
    #expect(problem?.message.isEmpty == false)
  }

  @Test("refuses a pattern that no memory holds")
  func tooLarge() {
    #expect(throws: RegularExpression.Problem.self) { try RegularExpression("((a{1000}){1000}){1000}") }
  }

  @Test("takes bytes that are no UTF-8")
  func invalidText() throws {
    let expression = try RegularExpression("a.c")
    #expect(![UInt8]([0x61, 0xFF, 0x63]).withUnsafeBufferPointer { expression.matches($0) })
  }

  @Test("is matched by many at once")
  func concurrent() async throws {
    let expression = try RegularExpression("(a|b)*c$")
    let text = [UInt8](repeating: 0x61, count: 2000) + [0x63]
    let found = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 { group.addTask { text.withUnsafeBufferPointer { expression.matches($0) } } }
      return await group.reduce(true) { $0 && $1 }
    }
    #expect(found)
  }
}
