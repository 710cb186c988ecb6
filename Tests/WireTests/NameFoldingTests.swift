import Testing
import Wire

@Suite("Name folding")
struct NameFoldingTests {
  @Test(
    "folds aliases to one form",
    arguments: [
      ("name", "Name"), ("name", "NAME"), ("progressToken", "progresstoken"), ("tools", "tool\u{17F}"),
      ("task", "tas\u{212A}"),
      ("uri", "ur\u{131}"), ("uri", "UR\u{130}"), ("uri", "URI"), ("ss", "\u{DF}"), ("ss", "\u{1E9E}"),
      ("\u{3C3}", "\u{3C2}"),
      ("caf\u{E9}", "cafe\u{301}"), ("CAF\u{C9}", "cafe\u{301}"), ("\u{212B}", "a\u{30A}"),
      ("\u{1E9B}\u{323}", "s\u{323}\u{307}"),
      ("name", "na\u{200B}me"), ("name", "\u{FEFF}name"), ("name", "name\u{0}"), ("name", "name\u{0}x"),
      ("caf\u{E9}", "cafe\u{301}\u{0}\u{301}"), ("name", "n\u{AD}ame"),
      ("name", "nam\u{FE0F}e"),
      ("name", "nam\u{E0041}e"), ("name", "na\u{202E}me"), ("name", "n\u{2060}ame"), ("name", " name"),
      ("name", "name\u{A0}"),
      ("name", "name\u{3000}"), ("name", "name\t"), ("name", "name\u{3164}"), ("name", "name\u{2800}"),
      ("a b", "a\u{A0}b"),
      ("name", "\u{FF4E}\u{FF41}\u{FF4D}\u{FF45}"), ("name", "\u{FF2E}ame"), ("_meta", "\u{FF3F}meta"),
      ("\u{1C6}", "\u{1C5}"),
      ("name", "name\u{7F}"), ("name", "na\u{9B}me\u{9B}"), ("\u{3B9}", "\u{345}"),
      ("\u{AC00}", "\u{1100}\u{1161}"),
      ("i", "i\u{307}"), ("\u{3C9}", "\u{2126}"), ("\u{3BC}", "\u{B5}"), ("k", "K\u{200D}"),
    ] as [(Name, Name)])
  func folds(_ name: Name, _ alias: Name) {
    #expect(NameFolding.folded(name) == NameFolding.folded(alias))
    #expect(NameFolding.isAlias(alias, of: name))
    #expect(NameFolding.isAlias(name, of: alias))
    #expect(!NameFolding.isAlias(alias, of: alias))
  }

  @Test(
    "leaves apart what no parser merges",
    arguments: [
      ("name", "nane"), ("name", "names"), ("name", "n\u{430}me"), ("na me", "name"), ("name", "na_me"),
      ("_meta", "meta"),
      ("a", "a\u{301}"), ("1", "\u{B9}"), ("o", "\u{F8}"), ("", "a"), ("a-b", "a_b"),
    ] as [(Name, Name)])
  func apart(_ name: Name, _ other: Name) {
    #expect(NameFolding.folded(name) != NameFolding.folded(other))
    #expect(!NameFolding.isAlias(name, of: other))
  }

  @Test("folds printable ASCII to lower case and nothing else")
  func ascii() {
    for byte in UInt8(0x21)..<0x7F {
      let character = String(Unicode.Scalar(byte))
      #expect(NameFolding.folded(Name("x" + character)) == Name("x" + character.lowercased()))
    }
    #expect(NameFolding.folded("") == "")
    #expect(NameFolding.folded(" ") == "")
  }

  @Test("folding twice changes nothing, for every code point alone and beside a mark")
  func idempotent() {
    for value in UInt32(0)...0x1FFFF {
      guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory != .unassigned else { continue }
      guard !(0x3400...0xDFFF).contains(value), !(0x12000...0x1CFFF).contains(value) else { continue }
      let folded = NameFolding.folded(Name("x\(scalar)"))
      #expect(NameFolding.folded(folded) == folded, "U+\(String(value, radix: 16))")
      if scalar.properties.isCased || value < 0x400 {
        let marked = NameFolding.folded(Name("\(scalar)\u{345}\u{307}\u{323}"))
        #expect(NameFolding.folded(marked) == marked, "U+\(String(value, radix: 16)) with marks")
      }
    }
  }

  @Test("each letter's case variants, and its canonical spellings, are one")
  func cases() {
    for value in UInt32(0x41)...0x1E943 {
      guard let scalar = Unicode.Scalar(value), scalar.properties.isCased else { continue }
      let folded = NameFolding.folded(Name("x\(scalar)"))
      let properties = scalar.properties
      for variant in [properties.lowercaseMapping, properties.uppercaseMapping, properties.titlecaseMapping] {
        #expect(NameFolding.folded(Name("x" + variant)) == folded, "U+\(String(value, radix: 16))")
      }
    }
  }
}
