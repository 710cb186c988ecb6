import Policy
import Scripting
import Testing
import Wire

@Suite("Scripts that hand other arguments back")
struct ReplaceTests {
  let script = OneScript()

  private func replaced(_ body: String, _ arguments: String = "{}") async throws -> String {
    let verdict = try await script.judge(body, arguments).verdict
    guard case .replace(let new) = verdict else {
      Issue.record("\(verdict)")
      return ""
    }
    return String(decoding: new.object.source, as: UTF8.self)
  }

  @Test(
    "come back as JSON text, members in order, every value as it was",
    arguments: [
      (
        "return replace(call.args)", #"{ "z": 1, "a": [null, true, {}], "m": [] }"#,
        #"{"z":1,"a":[null,true,{}],"m":[]}"#
      ),
      ("return replace(call.args)", "{}", "{}"),
      ("return replace({})", #"{"a":1}"#, "{}"),
      ("return replace(json.object())", #"{"a":1}"#, "{}"),
      (
        "return replace(call.args)", #"{"i":9223372036854775807,"j":-9223372036854775808,"k":9223372036854775808}"#,
        #"{"i":9223372036854775807,"j":-9223372036854775808,"k":9223372036854775808}"#
      ),
      (
        "return replace(call.args)", #"{"a":0.1,"b":1.0,"c":0.1000000000000000055511151231257827}"#,
        #"{"a":0.1,"b":1.0,"c":0.1000000000000000055511151231257827}"#
      ),
      ("call.args.b = null call.args.a = nil return replace(call.args)", #"{"c":1,"a":2}"#, #"{"c":1,"b":null}"#),
      ("call.args.a = json.array() call.args.b = {} return replace(call.args)", #"{"a":1}"#, #"{"a":[],"b":{}}"#),
      ("return replace(call.args)", #"{"s":"\u0000é\n\ud83d\ude00\""}"#, #"{"s":"\u0000é\u000a😀\""}"#),
      ("local r = replace(call.args) call.args.late = 1 return r", "{}", #"{"late":1}"#),
      ("return replace(call.args), 'ignored'", #"{"a":1}"#, #"{"a":1}"#),
    ])
  func replaces(_ body: String, _ arguments: String, _ expected: String) async throws {
    #expect(try await replaced(body, arguments) == expected)
  }

  @Test(
    "what are no arguments is a fault that says so",
    arguments: [
      ("return replace(json.array())", "replace(…) of an array; arguments are an object"),
      ("return replace({1, 2})", "replace(…) of an array"),
      ("return replace()", "bad argument #1 to 'replace' (table expected, got no value)"),
      ("return replace('x')", "table expected, got string"),
      ("return replace(null)", "bad argument #1 to 'replace'"),
      ("return replace(call)", "the arguments are call.args, not the call"),
      ("return replace({f = check})", "a function cannot be JSON"),
      ("return replace({n = 0/0})", "not finite"),
      ("return replace({s = '\\xFF'})", "not UTF-8"),
      ("local t = {} t.t = t return replace(t)", "nested too deep, or within itself"),
      ("return redact({})", "check returned redact(…), which is for an answer"),
      ("return redact(1)", "table expected, got number"),
      ("return replace", "check returned a function"),
      ("return setmetatable({}, {__metatable = 'replace'})", "check returned a table"),
    ])
  func faults(_ body: String, _ summary: String) async throws {
    let told = try #require(try await script.judge(body, #"{"a":1}"#).verdict.summary)
    #expect(told.contains(summary), "\(told)")
  }

  @Test("replace refuses nothing by itself, and deny after it does")
  func onlyReturned() async throws {
    #expect(try await script.judge("replace({a = 1}) return true").verdict == .pass)
    #expect(
      try await script.judge("local r = replace({a = 1}) deny('no') return r").verdict
        == .refuse(reason: "no", retryAfterSeconds: nil))
    #expect(
      try await script.judge("return false, replace({})").verdict.summary?.contains("a reason is a string") == true)
  }

  @Test("more than a message may have is a fault; as much as it may is not")
  func bounded() async throws {
    var limits = Workers.limits
    limits.messageBytes = 2000
    let body = "return replace({s = ('x'):rep(call.args.n)})"
    #expect(
      try await script.judge(body, #"{"n":1993}"#, limits: limits).verdict.summary?
        .contains("replace(…) of 2001 bytes; here it may have 2000") == true)
    guard case .replace = try await script.judge(body, #"{"n":1992}"#, limits: limits).verdict else {
      Issue.record("no replacement")
      return
    }
  }

  @Test("a call grows by 1 MiB at most")
  func growth() async throws {
    var limits = Workers.limits
    limits.scriptInstructions = 100_000_000
    limits.scriptMemory = 64 << 20
    let answer = try await script.judge("return replace({s = ('x'):rep(1 << 20)})", "{}", limits: limits)
    #expect(answer.verdict.summary?.contains("here it may have 1048578") == true)
  }

  @Test("long ones come back whole, and so does the answer to the next question")
  func long() async throws {
    var limits = Workers.limits
    limits.scriptInstructions = 100_000_000
    limits.scriptMemory = 64 << 20
    let validators = try await script.pool.validators("function check(call) return replace(call.args) end")
    for count in [65_536, 1 << 20, 3 << 20] {
      let text = "{\"s\":\"" + String(repeating: "x", count: count) + "\"}"
      async let first = validators.answer(try Workers.question(text, limits: limits))
      async let second = validators.answer(try Workers.question(#"{"n":1}"#, limits: limits))
      #expect(try await first.verdict == NewArguments(Array(text.utf8)).map { .replace($0) })
      #expect(try await second.verdict == NewArguments(Array(#"{"n":1}"#.utf8)).map { .replace($0) })
    }
  }

  @Test("check_result may be there, and is not called")
  func checkResult() async throws {
    let body = """
      function check_result(call, result, params) deny("called") end
      function check(call) end
      """
    #expect(try await script.judge(body).verdict == .pass)
  }

  @Test("handing back what came is the identity: whatever the call, nothing of it changes", arguments: UInt64(0)..<8)
  func identity(_ seed: UInt64) async throws {
    let validators = try await script.pool.validators("function check(call) return replace(call.args) end")
    var values = GeneratedValues(seed: seed)
    for _ in 0..<60 {
      let arguments = values.object()
      let text = String(decoding: arguments.encoded(), as: UTF8.self)
      guard case .replace(let back) = await validators.answer(try Workers.question(text)).verdict else {
        Issue.record("\(text)")
        continue
      }
      #expect(back.object.tree == arguments, "\(text)")
      #expect(names(back.object.tree) == names(arguments), "\(text)")
      let again = await validators.answer(try Workers.question(String(decoding: back.object.source, as: UTF8.self)))
      #expect(again.verdict == .replace(back), "what came back is spelt as it will be spelt again")
    }
  }

  /// The members' names, in order: equality of JSON does not look at that.
  private func names(_ value: JSON) -> [String] {
    switch value {
    case .object(let members): members.flatMap { [$0.name.text] + names($0.value) }
    case .array(let elements): elements.flatMap(names)
    default: []
    }
  }
}

/// Arguments of every kind, from a seed.
struct GeneratedValues {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed &+ 1
  }

  private mutating func random(_ bound: UInt64) -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 33) % bound
  }

  private mutating func text() -> String {
    var scalars = String.UnicodeScalarView()
    for _ in 0..<random(7) {
      let range: (least: UInt64, count: UInt64) =
        switch random(5) {
        case 0: (0, 0x20)
        case 1: (0xA0, 0x700)
        case 2: (0x2000, 0x100)
        case 3: (0x1F300, 0x300)
        default: (0x20, 0x60)
        }
      if let scalar = Unicode.Scalar(UInt32(range.least + random(range.count))) { scalars.append(scalar) }
    }
    return String(scalars)
  }

  private mutating func number() -> ExactNumber {
    switch random(5) {
    case 0: ExactNumber(Int64(bitPattern: state))
    case 1: ExactNumber(Int(random(2000)) - 1000)
    case 2: ExactNumber("\(random(1000)).\(random(100_000))e\(Int(random(80)) - 40)") ?? 0
    case 3: ExactNumber("-\(state)\(state).\(state)1") ?? 0
    default: ExactNumber("\(random(1000)).\(random(100))") ?? 0
    }
  }

  private mutating func value(_ depth: Int) -> JSON {
    switch random(depth > 3 ? 5 : 7) {
    case 0: .null
    case 1: .bool(random(2) == 0)
    case 2, 3: .number(number())
    case 4: .string(text())
    case 5: .array((0..<random(5)).map { _ in value(depth + 1) })
    default: object(depth + 1)
    }
  }

  /// An object; its names are different.
  mutating func object(_ depth: Int = 0) -> JSON {
    .object((0..<random(6)).map { position in (Name("\(position)\(text())"), value(depth)) })
  }
}
