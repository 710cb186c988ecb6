import Policy
import Scripting
import Testing
import Wire

/// Makes JSON texts of every kind of value, in various spellings, from a fixed seed.
private struct ValueGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  private static let numbers = [
    "0", "-0", "0.0", "-0.0", "1", "1.0", "1.50", "1e0", "1E2", "12e-1", "0.1", "9007199254740993",
    "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551616",
    "123456789012345678901234567890", "0.1000000000000000055511151231257827", "0.30000000000000004",
    "1.7976931348623157e308", "5e-324", "2.2250738585072014e-308", "1e22", "1e23", "100000000000000000000e-20",
    "0.000001", "123456789.123456789123456789",
  ]

  mutating func number() -> String {
    switch below(4) {
    case 0: return "\(below(2) == 0 ? "-" : "")\(below(1_000_000))\(below(1_000_000))\(below(1_000_000))\(below(100))"
    case 1: return "\(below(1000)).\(below(1_000_000_000))\(below(1_000_000_000))"
    case 2: return "\(below(100)).\(below(1_000_000))e\(below(2) == 0 ? "-" : "+")\(below(250))"
    default: return ValueGenerator.numbers[below(ValueGenerator.numbers.count)]
    }
  }

  /// A string of any scalars there are, each as itself or escaped.
  mutating func string() -> String {
    var literal = "\""
    for _ in 0..<below(10) {
      let point: Int
      switch below(6) {
      case 0: point = below(0x20)
      case 1: point = [0x22, 0x5C, 0x2F, 0x7F, 0, 0x2028, 0xFEFF, 0xFFFF, 0x10FFFF, 0x200B, 0xE0041, 0x301][below(12)]
      case 2: point = below(0x110000)
      default: point = 0x20 + below(0x5F)
      }
      guard let scalar = Unicode.Scalar(UInt32(point)) else { continue }
      if point < 0x20 || point == 0x22 || point == 0x5C || below(5) == 0 {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16, uppercase: below(2) == 0)
          literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }

  mutating func value(_ depth: Int) -> String {
    switch below(depth < 5 ? 9 : 6) {
    case 0: return ["null", "true", "false"][below(3)]
    case 1, 2, 3: return number()
    case 4, 5: return string()
    case 6:
      let count = [0, 1, 2, 3, 20][below(5)]
      return "[\((0..<count).map { _ in value(depth + 1) }.joined(separator: " ,"))]"
    default: return object(depth + 1)
    }
  }

  /// Names begin with a number so that none stands twice, and those numbers do not grow in order.
  mutating func object(_ depth: Int) -> String {
    let members = (0..<[0, 1, 3, 5, 12][below(5)]).map { position in
      "\"\(position * 7919 % 1009)" + string().dropFirst() + ": " + value(depth)
    }
    return "{\(members.joined(separator: ", "))}"
  }
}

@Suite("Generated values survive the way to a script and back")
struct RoundTripTests {
  let pool = Workers.pool()

  /// Logs a text as hexadecimal digits: traces are cleaned of what a terminal might take amiss.
  private static let tell = """
    local function tell(text)
      local digits = text:gsub(".", function(byte) return ("%02x"):format(byte:byte()) end)
      for start = 1, #digits, 1000 do log(digits:sub(start, start + 999)) end
    end

    """

  private func canonical(_ text: [UInt8]) throws -> String {
    String(decoding: try JSONTape(text).root.tree.encoded(), as: UTF8.self)
  }

  private func told(_ answer: ScriptAnswer) -> [UInt8] {
    let digits = Array(answer.log.joined().utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
    }
  }

  /// As exact JSON: with all digits of numbers, the kinds of empty tables, and the order of members.
  private func comesBack(_ script: String, seed: UInt64, rounds: Int) async throws {
    let validators = try await pool.validators(RoundTripTests.tell + script)
    var limits = Workers.limits
    limits.scriptInstructions = 100_000_000
    var generator = ValueGenerator(seed: seed)
    var compared = 0
    for _ in 0..<rounds {
      let text = generator.object(0)
      // The log has room for 32 KiB.
      guard text.utf8.count < 4_000 else { continue }
      let answer = await validators.answer(try Workers.question(text, limits: limits))
      try #require(answer.verdict == .pass, "\(text): \(answer.verdict)")
      #expect(try canonical(told(answer)) == canonical(Array(text.utf8)))
      compared += 1
    }
    #expect(compared > rounds / 2)
  }

  @Test("as arguments")
  func arguments() async throws {
    try await comesBack("function check(call) tell(json.encode(call.args)) end", seed: 1, rounds: 400)
  }

  @Test("as JSON text in a script")
  func text() async throws {
    let script = """
      function check(call)
        local once = json.encode(call.args)
        local again = json.encode(json.decode(once))
        if once ~= again then deny("differs") end
        tell(again)
      end
      """
    try await comesBack(script, seed: 2, rounds: 200)
  }

  @Test("rebuilt member by member, in the order of pairs")
  func rebuilt() async throws {
    let script = """
      local function copy(value)
        if type(value) ~= "table" then return value end
        if json.encode(value):sub(1, 1) == "[" then
          local list = json.array()
          for index, element in ipairs(value) do list[index] = copy(element) end
          return list
        end
        local parts = {}
        for name, member in pairs(value) do
          parts[#parts + 1] = json.encode(name) .. ":" .. json.encode(copy(member))
        end
        return json.decode("{" .. table.concat(parts, ",") .. "}")
      end
      function check(call) tell(json.encode(copy(call.args))) end
      """
    try await comesBack(script, seed: 3, rounds: 150)
  }

  @Test("as a rule's parameters")
  func parameters() async throws {
    let validators = try await pool.validators(
      RoundTripTests.tell + "function check(_, params) tell(json.encode(params)) end")
    var limits = Workers.limits
    limits.scriptInstructions = 100_000_000
    var generator = ValueGenerator(seed: 4)
    for _ in 0..<100 {
      let text = Array(generator.object(2).utf8)
      guard text.count < 4_000 else { continue }
      let question = try Workers.question(parameters: JSONTape(text).root.tree, limits: limits)
      #expect(try canonical(told(await validators.answer(question))) == canonical(text))
    }
  }
}
