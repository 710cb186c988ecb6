import CLuaGuard
import Wire

/// All that a script has beside Lua's own libraries. The script reference and the editors' library are made from this.
public enum HostFunctions {
  /// Every function and value, in the order of the reference.
  public static let all: [HostFunction] =
    answers + json + url + net + expressions + text + hash + path + counter + [log, modules]

  /// The names of Lua's own that a script keeps, library by library; the empty name stands for the basic functions.
  public static let libraries: [(name: String, members: [String])] = [
    (
      "",
      [
        "assert", "error", "getmetatable", "ipairs", "next", "pairs", "pcall", "rawequal", "rawget", "rawlen", "rawset",
        "select", "setmetatable", "tonumber", "tostring", "type", "xpcall",
      ]
    ),
    (
      "string",
      [
        "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "pack", "packsize", "rep",
        "reverse", "sub", "unpack", "upper",
      ]
    ),
    ("table", ["concat", "insert", "move", "pack", "remove", "sort", "unpack"]),
    (
      "math",
      [
        "abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor", "fmod", "huge", "log", "max", "maxinteger",
        "min", "mininteger", "modf", "pi", "rad", "sin", "sqrt", "tan", "tointeger", "type", "ult",
      ]
    ),
    ("utf8", ["char", "charpattern", "codepoint", "codes", "len", "offset"]),
  ]

  static let answers: [HostFunction] = [
    HostFunction(
      "deny", "deny(reason, options)",
      [
        "Refuses the call, at once: the script ends here, and no pcall catches it.",
        "@param reason? string what the agent is told, cut at 1 KiB",
        "@param options? {retry_after: number} retry_after: seconds after which to try again",
      ]),
    HostFunction(
      "ask", "ask(reason)",
      [
        "Makes the answer that leaves the decision to a person: return ask(\"…\").",
        "@param reason? string what the person is told", "@return moongate.ask answer",
      ]),
    HostFunction(
      "replace", "replace(args)",
      [
        "Makes the answer that has no objection, with these arguments instead: return replace(call.args).",
        "The call is judged once more as it will then be sent, by every rule. Numbers, null and the kinds of tables come",
        "back as they are in call.args.", "@param args table an object: call.args, changed, or a table of your own",
        "@return moongate.replace answer",
      ]),
    HostFunction(
      "redact", "redact(result)",
      [
        "Makes the answer of check_result that passes this result on instead. From check it is a fault: a call has no",
        "result yet.", "@param result table an object: the result, changed", "@return moongate.redact answer",
      ]),
    HostFunction(
      "null", nil,
      [
        "JSON's null: equal only to itself, and true in a test as every value but nil and false.",
        "@type moongate.null",
      ], examples: [#"json.decode("[null]")[1] == null"#, #"null ~= nil"#, #"type(null) == "null""#]),
  ]

  static let modules = HostFunction(
    "require", "require(name)",
    [
      "What a module returned when it was loaded with the policy: `require(\"lib.hosts\")` is the file lib/hosts.lua in or",
      "below the script's folder. The name stands in quotes, so that the file is read with the policy; no file is read",
      "later.", "@param name string parts of letters, digits, _ and -, with dots between them", "@return any module",
    ])

  static let json: [HostFunction] = [
    HostFunction(
      "json.encode", "json.encode(value)",
      [
        "The value as JSON text, members in order. A table that nothing marks is an array if it has elements, else an",
        "object. An error for what JSON cannot hold.", "@param value any", "@return string",
      ], examples: [#"json.encode({ 1, "a", null }) == '[1,"a",null]'"#, #"json.encode(json.array()) == "[]""#]),
    HostFunction(
      "json.decode", "json.decode(text)",
      [
        "The value that a JSON text holds, read as strictly as messages are; or nil and why not.", "@param text string",
        "@return any value", "@return string? why",
      ], examples: [#"json.decode('{"a": [1, 2]}').a[2] == 2"#, #"json.decode("[1") == nil"#]),
    HostFunction(
      "json.array", "json.array(table)",
      ["Marks a table as an array, and returns it.", "@param table? table a new one if left out", "@return table"],
      examples: [#"json.encode(json.array({})) == "[]""#]),
    HostFunction(
      "json.object", "json.object(table)",
      ["Marks a table as an object, and returns it.", "@param table? table a new one if left out", "@return table"],
      examples: [#"json.encode(json.object()) == "{}""#]),
  ]

  static let log = HostFunction(
    "log", "log(format, ...)",
    [
      "Adds a line to this call's decision trace, formatted as by string.format where there is more than one argument.",
      "@param format any", "@param ... any",
    ])

  /// Those that are not the guard's own, by the numbers under which it knows them.
  private static let bodies = all.compactMap { function in
    function.body.map { (name: function.name, price: function.price, body: $0) }
  }

  /// Makes the functions known to the guard.
  static func addAll() {
    for (number, function) in bodies.enumerated() {
      let parts = function.name.split(separator: ".", maxSplits: 1).map(String.init)
      // The guard keeps the names for as long as the process lives.
      let name = permanent(parts[parts.count - 1])
      moongate_guard_add(parts.count == 2 ? permanent(parts[0]) : nil, name, Int32(number), Int32(function.price))
    }
  }

  private static func permanent(_ text: String) -> UnsafePointer<CChar> {
    let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.utf8.count + 1)
    _ = copy.initialize(from: text.utf8.map { CChar(bitPattern: $0) } + [0])
    return UnsafePointer(copy.baseAddress.unsafelyUnwrapped)
  }

  /// Where a script's call of any of them comes in.
  static let entry: moongate_host = { number, arguments, count, outcome in
    guard let outcome else { return }
    let arguments = HostArguments(UnsafeBufferPointer(start: arguments, count: Int(count)))
    var result = HostOutcome()
    switch number {
    case -1: compare(arguments, &result)
    case -2: read(arguments, &result)
    default: bodies[Int(number)].body(arguments, &result)
    }
    HostResults.shared.keep(result, in: &outcome.pointee)
  }

  /// How two numbers, given as literals, compare: -1, 0 or 1.
  private static func compare(_ arguments: HostArguments, _ outcome: inout HostOutcome) {
    guard let left = arguments.bytes(0).flatMap(ExactNumber.init(literal:)),
      let right = arguments.bytes(1).flatMap(ExactNumber.init(literal:))
    else { return outcome.fail("numbers too large to compare") }
    outcome.append(.integer(left == right ? 0 : left < right ? -1 : 1))
  }

  /// Whether a text is JSON; fails with the reason where it is not.
  private static func read(_ arguments: HostArguments, _ outcome: inout HostOutcome) {
    do throws(JSONError) {
      _ = try JSONTape(Array(arguments.bytes(0) ?? UnsafeBufferPointer(start: nil, count: 0)))
    } catch {
      outcome.fail(error.description)
    }
  }
}

/// Keeps what the last host function gave back, until the guard has copied it.
private final class HostResults {
  /// As much is kept from one result to the next.
  private static let kept = 64 << 10

  // The worker has one thread, and nothing else calls host functions.
  nonisolated(unsafe) static let shared = HostResults()

  private var bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4096)

  func keep(_ result: HostOutcome, in outcome: inout moongate_outcome) {
    let needed = result.values.reduce(0) { $0 + HostResults.text($1).count }
    if needed > bytes.count || bytes.count > max(needed, HostResults.kept) {
      bytes.deallocate()
      bytes = UnsafeMutableBufferPointer.allocate(capacity: max(needed, 4096))
    }
    var end = 0
    outcome.count = Int32(result.values.count)
    outcome.failed = result.failed
    outcome.exceeded = result.exceeded
    withUnsafeMutableBytes(of: &outcome.values) { raw in
      let values = raw.bindMemory(to: moongate_value.self)
      for (index, value) in result.values.enumerated() {
        let text = HostResults.text(value)
        _ = UnsafeMutableBufferPointer(rebasing: bytes[end...]).update(fromContentsOf: text)
        values[index] = HostResults.value(value)
        values[index].text = moongate_text(
          bytes: bytes.baseAddress.map { UnsafePointer($0 + end) }, count: text.count)
        end += text.count
      }
    }
  }

  private static func text(_ value: HostOutcome.Value) -> [UInt8] {
    switch value {
    case .string(let text), .json(let text): text
    case .none, .bool, .integer: []
    }
  }

  private static func value(_ value: HostOutcome.Value) -> moongate_value {
    var result = moongate_value()
    switch value {
    case .none: result.kind = MOONGATE_NIL
    case .bool(let truth): result.kind = truth ? MOONGATE_TRUE : MOONGATE_FALSE
    case .integer(let integer):
      result.kind = MOONGATE_INTEGER
      result.integer = integer
    case .string: result.kind = MOONGATE_STRING
    case .json: result.kind = MOONGATE_JSON
    }
    return result
  }
}
