import Randomness
import Testing
import Wire

@testable import Policy

@Suite("Arguments by number")
struct ArgumentSlotsTests {
  static let names =
    [
      "a", "A", "b", "url", "URL", "Url", "u rl", "url ", "größe", "GRÖSSE", "gro\u{308}ße", "ｕrl", "ｂ", "u\u{200B}rl",
      "", "\u{200B}", "\u{0}", "k", "\u{212A}", "a.b", "a\"b", "a\\b", "c", "d", "e", "f",
    ] + [62, 63, 64, 65].map { String(repeating: "x", count: $0) } + ["X" + String(repeating: "x", count: 63)]

  /// A name as JSON, some of its code units as escapes.
  static func spelt(_ name: String, _ random: inout Random) -> String {
    let units = name.utf16.map { unit -> String in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
    if Int.random(in: 0..<4, using: &random) == 0 { return "\"\(units.joined())\"" }
    return String(decoding: JSON.string(name).encoded(), as: UTF8.self)
  }

  /// Arguments with some of the names, none twice.
  static func arguments(_ random: inout Random) -> String {
    let values = ["1", "2", #""x""#, "null", "true", #"{"x":1}"#, "{}", "[1,2]", #""""#]
    let count = Int.random(in: 0...24, using: &random)
    let members = names.shuffled(using: &random).prefix(count).map { name in
      "\(spelt(name, &random)):\(values.randomElement(using: &random) ?? "0")"
    }
    return "{\(members.joined(separator: ","))}"
  }

  /// A path into an argument.
  static func path(_ random: inout Random) throws -> Path {
    let name = (names.randomElement(using: &random) ?? "a").replacing("\\", with: "")
    let quoted = name.contains("\"") ? "'\(name)'" : "\"\(name)\""
    let below = ["", "", "", ".x", "[0]"].randomElement(using: &random) ?? ""
    return try Path("args[\(quoted)]\(below)")
  }

  @Test("are where a look-up by name finds them, and ambiguous where one could be taken for another", arguments: 0..<8)
  func found(_ seed: Int) throws {
    var random = Random(seed: UInt64(seed))
    var ambiguous = 0
    for _ in 0..<200 {
      let paths = try (0..<Int.random(in: 0...24, using: &random)).map { _ in try ArgumentSlotsTests.path(&random) }
      let slots = ArgumentSlots(paths)
      let numbered = paths.map { slots.slot(of: $0) }
      let text = ArgumentSlotsTests.arguments(&random)
      let call = try call("t", text)
      let found = slots.find(in: call)
      for (path, slot) in zip(paths, numbered) {
        guard let slot, let argument = path.argument else { continue }
        #expect(found.value(slot, of: call)?.source == call.arguments?.member(argument)?.source, "\(path) in \(text)")
      }
      #expect(Set(numbered.compactMap { $0 }).count == min(16, Set(paths.compactMap(\.argument)).count))
      let used = Set(paths.compactMap(\.argument)).map { Name(String(decoding: $0, as: UTF8.self)) }
      let members = call.arguments?.members.compactMap { $0.name.name } ?? []
      let isAmbiguous = members.contains { member in used.contains { NameFolding.isAlias(member, of: $0) } }
      #expect(found.isAmbiguous == isAmbiguous, "\(used) in \(text)")
      if isAmbiguous { ambiguous += 1 }
    }
    #expect((20..<180).contains(ambiguous), "both are tried")
  }
}
