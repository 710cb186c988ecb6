import Foundation
import Policy
import Randomness
import Testing

@testable import PolicyFiles

@Suite("Whatever stands in a policy, it loads or says where it does not")
struct FuzzTests {
  /// Every policy of the golden folder, and a good one.
  private static let seeds: [[UInt8]] = {
    let golden = GoldenTests.names.compactMap { name in
      try? Data(contentsOf: GoldenTests.folder.appending(path: name + ".yaml"))
    }
    return golden.map(Array.init) + [
      Array(
        """
        version: "1"
        default: { tools: deny }
        hide: [luma_list_actions, "x_*"]
        tools:
          luma_generate_video:
            rules:
              - name: prompt
                when: { args.loop: { eq: true, default: false } }
                require: [{ args.prompt: { length: { lte: 2000 } } }, { any: [{ args.a: { present: true } }] }]
                rate_limit: { max: 30, window: 60, per: [session, args.x], algorithm: fixed }
                lua: |
                  function check(call) end
                with: { hosts: &h [a, b], more: *h }
                reason: "no {{args.prompt}}"
        """.utf8)
    ]
  }()

  private static let pieces: [[UInt8]] =
    [
      "&a ", "*a", "!t ", "<<: ", "? ", ": ", "- ", "[", "]", "{", "}", "\"", "'", "|", ">", "#", "%TAG", "---\n",
      "...\n",
      "\t", "\n", "\r", "  ", "${x}", "{{", "null", "~", ".nan", "1e9999999999", "\u{2028}", "\u{FEFF}", "日本", "\\",
      "@",
      "rate_limit: ", "rules: ", "any: ", "not: ", "path: ", "-1", "0x",
    ].map { Array($0.utf8) } + [[0xFF], [0x00], [0xC3], [0xED, 0xA0, 0x80]]

  private func mutated(_ seed: [UInt8], _ random: inout Random) -> [UInt8] {
    var bytes = seed
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let start = Int.random(in: 0...bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 0...12, using: &random))
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes.removeSubrange(start..<end)
      case 1: bytes.insert(contentsOf: FuzzTests.pieces.randomElement(using: &random) ?? [], at: start)
      case 2: bytes.replaceSubrange(start..<end, with: FuzzTests.pieces.randomElement(using: &random) ?? [])
      case 3: bytes.insert(contentsOf: bytes[start..<end], at: Int.random(in: 0...bytes.count, using: &random))
      default: if start < bytes.count { bytes[start] = UInt8.random(in: .min ... .max, using: &random) }
      }
    }
    return bytes
  }

  @Test("mutations of policies", arguments: 0..<8)
  func mutations(seed: Int) {
    var random = Random(seed: UInt64(seed))
    for _ in 0..<250 {
      let bytes = mutated(FuzzTests.seeds.randomElement(using: &random) ?? [], &random)
      guard case .failure(let problems) = load(bytes, scriptsIn: "/nowhere") else { continue }
      let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).count
      #expect(problems.diagnostics.contains { $0.severity == .error })
      for diagnostic in problems.diagnostics {
        #expect(diagnostic.place.file == "policy.yaml")
        #expect(
          (1...lines).contains(diagnostic.place.line),
          "\(diagnostic) in \(bytes.count) bytes \(String(reflecting: String(decoding: bytes, as: UTF8.self)))")
        #expect(diagnostic.place.column >= 1)
        #expect(!diagnostic.message.isEmpty && !diagnostic.message.contains("\n"))
        #expect(diagnostic.rendered(colour: false).hasPrefix(diagnostic.place.description))
      }
      let places = problems.diagnostics.map { Position(line: $0.place.line, column: $0.place.column) }
      #expect(places == places.sorted())
    }
  }

  @Test("a policy cut off anywhere")
  func prefixes() {
    let seed = FuzzTests.seeds.last ?? []
    for count in seed.indices {
      guard case .failure(let problems) = load(Array(seed[..<count])) else { continue }
      #expect(!problems.diagnostics.isEmpty)
    }
  }
}
