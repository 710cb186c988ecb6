import Testing

@testable import PolicyFiles

@Suite("Calls of require in a Lua text")
struct RequireCallsTests {
  func names(_ text: String) -> [String] { RequireCalls(Array(text.utf8)).map(\.name) }

  @Test(
    "are found in every spelling",
    arguments: [
      "require('a')", "require(\"a\")", "require 'a'", "require\"a\"", "require[[a]]", "require[==[a]==]",
      "require ( 'a' )", "local x = require('a').y", "require--[[c]]('a')", "return require--\n'a'", "f(require'a')",
      "x = {require('a')}", "require('a'):run()",
    ])
  func found(_ text: String) {
    #expect(names(text) == ["a"])
  }

  @Test(
    "are not what only looks like one",
    arguments: [
      "-- require('a')", "--[[ require('a')\n]]", "--[==[ ]] require('a') ]==]", "'require(\"a\")'", "[[require('a')]]",
      "\"\\\"require('a')\"", "t.require('a')", "t:require('a')", "required('a')", "_require('a')", "require(a)",
      "require(('a'))", "require", "require(", "local require = 5", "require('a\\46b')", "require'", "[=[ require('a')",
    ])
  func others(_ text: String) {
    #expect(names(text) == [])
  }

  @Test("come with their places, and whether they run at once")
  func places() {
    let text = """
      local a = require("a")
      if x then é = require("b") end
      for i = 1, 2 do require("c") end
      repeat local y = function() return require("d") end until true
      local function f() if x then return require("e") end end
      while x do end
      require("f")
      """
    let calls = Array(RequireCalls(Array(text.utf8)))
    #expect(calls.map(\.name) == ["a", "b", "c", "d", "e", "f"])
    #expect(calls.map(\.isInFunction) == [false, false, false, true, true, false])
    #expect(calls.map(\.position.line) == [1, 2, 3, 4, 5, 7])
    #expect(calls.map(\.position.column) == [11, 15, 17, 36, 37, 1])
  }

  @Test("whatever the text, reading it ends within its bounds")
  func anything() {
    var seed: UInt64 = 11
    func random(_ bound: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((seed >> 33) % UInt64(bound))
    }
    let pieces = [
      "require", "(", ")", "'", "\"", "[[", "]]", "[=[", "]=]", "--", "\n", "a", "\\", "end", "function", "until", " ",
      ".",
      "\u{E9}",
    ]
    for _ in 0..<5_000 {
      let text = (0..<random(14)).map { _ in pieces[random(pieces.count)] }.joined()
      for call in RequireCalls(Array(text.utf8)) { #expect(text.contains(call.name)) }
    }
  }
}
