import Policy
import Wire

extension HostFunctions {
  /// `re`: RE2 in time linear in the text, the same code as the `regex` operator.
  static let expressions: [HostFunction] = [
    HostFunction(
      "re.match", "re.match(pattern, text)",
      [
        "The groups of the first match, or the whole match where the pattern has none; nil where nothing matches.",
        "A group that took no part is nil. At most 16 groups.", "@param pattern string in RE2's syntax",
        "@param text string", "@return string? ...",
      ], examples: [#"re.match("(\\d+)-(\\d+)", "tel 12-34") == "12""#, #"re.match("x", "abc") == nil"#]
    ) { arguments, outcome in
      withExpression("re.match", arguments, &outcome) { expression, text, outcome in
        guard let match = expression.firstMatch(in: text) else { return outcome.append(.none) }
        for span in match.count > 1 ? match[1...].prefix(mostGroups) : match[...] {
          outcome.append(span.map { .string(Array(text[$0])) } ?? .none)
        }
      }
    },
    HostFunction(
      "re.find_all", "re.find_all(pattern, text, limit)",
      [
        "Every match in order: the whole match, or the group where the pattern has one, or a list of the groups where it",
        "has more, with null for one that took no part.", "@param pattern string in RE2's syntax", "@param text string",
        "@param limit? integer at most so many", "@return any[]",
      ], examples: [#"#re.find_all("\\w+", "one two three") == 3"#, #"re.find_all("(\\w)=(\\w)", "a=b")[1][2] == "b""#]
    ) { arguments, outcome in
      guard let limit = limit(arguments, 2) else {
        return outcome.fail("re.find_all: limit is a whole number, not \(arguments.shown(2))")
      }
      withExpression("re.find_all", arguments, &outcome) { expression, text, outcome in
        var output: [UInt8] = [UInt8(ascii: "[")]
        forEachMatch(of: expression, in: text, limit: limit) { match in
          if output.count > 1 { output.append(UInt8(ascii: ",")) }
          append(match, of: text, to: &output)
          return output.count <= outcome.room
        }
        guard output.count <= outcome.room else { return outcome.exceed() }
        output.append(UInt8(ascii: "]"))
        outcome.append(.json(output))
      }
    },
    HostFunction(
      "re.replace", "re.replace(pattern, text, replacement, limit)",
      [
        "The text with every match replaced, and how many there were. In the replacement %0 is the match, %1 to %9 its",
        "groups, %% a percent sign.", "@param pattern string in RE2's syntax", "@param text string",
        "@param replacement string", "@param limit? integer at most so many", "@return string text",
        "@return integer count",
      ], examples: [#"re.replace("(\\w+)@(\\w+)", "me@home", "%2 of %1") == "home of me""#]
    ) { arguments, outcome in
      guard let limit = limit(arguments, 3) else {
        return outcome.fail("re.replace: limit is a whole number, not \(arguments.shown(3))")
      }
      guard let template = arguments.bytes(2) else {
        return outcome.fail("re.replace: replacement is a string, not \(arguments.shown(2))")
      }
      withExpression("re.replace", arguments, &outcome) { expression, text, outcome in
        guard isTemplate(template, groups: expression.groupCount) else {
          return outcome.fail("re.replace: the replacement uses % for something that is no group")
        }
        var output: [UInt8] = []
        var copied = 0
        var count: Int64 = 0
        forEachMatch(of: expression, in: text, limit: limit) { match in
          guard let whole = match[0] else { return true }
          output.append(contentsOf: text[copied..<whole.lowerBound])
          append(template, match, of: text, to: &output, room: outcome.room)
          copied = whole.upperBound
          count += 1
          return output.count <= outcome.room
        }
        guard output.count <= outcome.room else { return outcome.exceed() }
        output.append(contentsOf: text[copied...])
        outcome.append(.string(output))
        outcome.append(.integer(count))
      }
    },
  ]

  /// How many groups of a match a script is given, one by one.
  private static let mostGroups = 16

  /// RE2 bounds what a pattern is compiled to, but not what it is while it is read: a class of three bytes may take
  /// thousands.
  private static let longestPattern = 16 << 10

  private typealias Text = UnsafeBufferPointer<UInt8>

  // Few, because each may grow to some megabytes. The worker has one thread, and nothing else calls host functions.
  private nonisolated(unsafe) static let compiled = BoundedCache<RegularExpression, RegularExpression.Problem>(8) {
    pattern throws(RegularExpression.Problem) in
    try RegularExpression(String(decoding: pattern, as: UTF8.self))
  }

  private static func withExpression(
    _ name: String, _ arguments: HostArguments, _ outcome: inout HostOutcome,
    _ body: (RegularExpression, Text, inout HostOutcome) -> Void
  ) {
    guard let pattern = arguments.bytes(0) else {
      return outcome.fail("\(name): pattern is a string, not \(arguments.shown(0))")
    }
    guard pattern.count <= longestPattern else {
      return outcome.fail("\(name): pattern has \(pattern.count) bytes; it may have \(longestPattern)")
    }
    guard let text = arguments.bytes(1) else {
      return outcome.fail("\(name): text is a string, not \(arguments.shown(1))")
    }
    do throws(RegularExpression.Problem) {
      body(try compiled.value(for: Array(pattern)), text, &outcome)
    } catch {
      outcome.fail("\(name): \(error.message)")
    }
  }

  private static func limit(_ arguments: HostArguments, _ index: Int) -> Int? {
    arguments.isAbsent(index) ? Int.max : arguments.integer(index).map { Int($0) }
  }

  /// Hands out the matches, as long as `body` wants more.
  private static func forEachMatch(
    of expression: RegularExpression, in text: Text, limit: Int, _ body: ([Range<Int>?]) -> Bool
  ) {
    var position = 0
    var left = limit
    while left > 0, let match = expression.firstMatch(in: text, from: position), let whole = match[0] {
      guard body(match) else { return }
      left -= 1
      position = whole.upperBound
      guard whole.isEmpty else { continue }
      // Past an empty match by one character, not into the middle of one.
      position += 1
      while position < text.count, text[position] & 0xC0 == 0x80 { position += 1 }
    }
  }

  /// One element of what `find_all` returns.
  private static func append(_ match: [Range<Int>?], of text: Text, to output: inout [UInt8]) {
    guard match.count > 2 else { return append(match[match.count - 1], of: text, to: &output) }
    output.append(UInt8(ascii: "["))
    for (position, span) in match[1...].enumerated() {
      if position > 0 { output.append(UInt8(ascii: ",")) }
      append(span, of: text, to: &output)
    }
    output.append(UInt8(ascii: "]"))
  }

  /// A string that the guard reads back byte for byte, whatever bytes it holds.
  private static func append(_ span: Range<Int>?, of text: Text, to output: inout [UInt8]) {
    guard let span else { return output.append(contentsOf: "null".utf8) }
    output.append(UInt8(ascii: "\""))
    for byte in text[span] {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { output.append(UInt8(ascii: "\\")) }
      output.append(byte)
    }
    output.append(UInt8(ascii: "\""))
  }

  private static func isTemplate(_ template: Text, groups: Int) -> Bool {
    var index = 0
    while index < template.count {
      if template[index] == UInt8(ascii: "%") {
        index += 1
        guard index < template.count else { return false }
        let digit = template[index] &- UInt8(ascii: "0")
        guard template[index] == UInt8(ascii: "%") || digit <= min(9, groups) else { return false }
      }
      index += 1
    }
    return true
  }

  /// Stops once the output is longer than there is room: one template may name the match very often.
  private static func append(
    _ template: Text, _ match: [Range<Int>?], of text: Text, to output: inout [UInt8], room: Int
  ) {
    var index = 0
    while index < template.count, output.count <= room {
      if template[index] == UInt8(ascii: "%"), template[index + 1] != UInt8(ascii: "%") {
        index += 1
        if let span = match[Int(template[index] - UInt8(ascii: "0"))] { output.append(contentsOf: text[span]) }
      } else {
        if template[index] == UInt8(ascii: "%") { index += 1 }
        output.append(template[index])
      }
      index += 1
    }
  }
}
