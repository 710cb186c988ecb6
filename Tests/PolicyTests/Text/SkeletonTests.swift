import Testing

@testable import Policy

@Suite("Skeletons")
struct SkeletonTests {
  @Test(
    "of texts that look alike are equal",
    arguments: [
      ("paypal", "\u{440}\u{430}\u{443}\u{440}\u{430}\u{6C}"), ("scope", "\u{455}\u{441}\u{43E}\u{440}\u{435}"),
      ("rn", "m"), ("1", "l"), ("O0", "0O"), ("Å", "A\u{30A}"), ("admin", "ad\u{200B}min"), ("a", "\u{1D41A}"),
      ("google", "g\u{43E}\u{3BF}gle"), ("a\u{FE0F}", "a"), ("", "\u{2060}"),
    ])
  func alike(_ one: String, _ other: String) throws {
    #expect(try #require(Skeleton.of(one)).utf8.elementsEqual(try #require(Skeleton.of(other)).utf8))
  }

  @Test("of others are not", arguments: [("a", "b"), ("a", "A"), ("paypal", "paypa"), ("é", "e")])
  func unlike(_ one: String, _ other: String) {
    #expect(Skeleton.of(one) != Skeleton.of(other))
  }

  @Test("a skeleton's own skeleton is itself", arguments: ["m", "ﷺ", "\u{2A74}", "½ cup", "日本", "𝒳\u{323}\u{301}"])
  func settled(_ text: String) {
    #expect(Skeleton.of(text).flatMap(Skeleton.of) == Skeleton.of(text))
  }
}

@Suite("Plain text")
struct PlainTextTests {
  @Test("shows all that is in it", arguments: ["", "plain", "Grüße, 日本 — “ok” 😀", "\u{A0}\u{3000}", "e\u{301}"])
  func plain(_ text: String) {
    #expect(PlainText.isPlain(text))
  }

  @Test(
    "does not where something is hidden",
    arguments: [
      "\0", "\n", "\t", "\u{7F}", "\u{85}", "\u{AD}", "\u{200B}", "\u{200D}", "\u{200E}", "\u{202E}", "\u{2028}",
      "\u{2066}",
      "\u{FEFF}", "\u{FE0F}", "\u{3164}", "\u{E000}", "\u{E0041}", "\u{E0100}", "\u{F0000}", "\u{10FFFD}", "\u{FFFE}",
      "\u{180E}", "\u{061C}",
    ])
  func hidden(_ character: String) {
    #expect(!PlainText.isPlain("a" + character + "b"))
  }
}

@Suite("Tables of characters")
struct CharacterTableTests {
  @Test("are read whole and in order")
  func order() {
    let tables = [
      (CharacterTable.decompositions, 5_700), (.combiningClasses, 900), (.confusables, 5_000),
    ]
    for (table, least) in tables {
      #expect(table.points.count > least)
      #expect(zip(table.points, table.points.dropFirst()).allSatisfy { $0 < $1 })
      for index in table.points.indices {
        #expect(table.entry(at: index).characters.allSatisfy { Unicode.Scalar($0) != nil })
      }
    }
    for (table, _) in tables {
      for (index, point) in table.points.enumerated() {
        #expect(table[point]?.characters == table.entry(at: index).characters)
        #expect(table.first(of: point) == table.entry(at: index).characters.first)
      }
      #expect((0...0x110000).count { table[$0] != nil } == table.points.count)
    }
    #expect(CharacterTable.combiningClasses[0x301]?.characters.first == 230)
    #expect(CharacterTable.confusables[0x430]?.characters.first == 0x61)
    #expect(CharacterTable.decompositions[0x41] == nil && CharacterTable.decompositions[0x10FFFF] == nil)
  }
}
