import Foundation
import Testing

@testable import Policy

@Suite("Normalization forms")
struct NormalizationFormTests {
  @Test(
    "each form of one text",
    arguments: [
      ("plain", "plain", "plain", "plain", "plain"),
      ("\u{E9}", "\u{E9}", "e\u{301}", "\u{E9}", "e\u{301}"),
      ("e\u{301}", "\u{E9}", "e\u{301}", "\u{E9}", "e\u{301}"),
      ("\u{FB01}", "\u{FB01}", "\u{FB01}", "fi", "fi"),
      ("\u{FF41}\u{FF0F}", "\u{FF41}\u{FF0F}", "\u{FF41}\u{FF0F}", "a/", "a/"),
      // Marks are put in order; one that stands in the way keeps the others from being put together.
      ("a\u{301}\u{323}", "\u{1EA1}\u{301}", "a\u{323}\u{301}", "\u{1EA1}\u{301}", "a\u{323}\u{301}"),
      ("a\u{300}\u{301}", "\u{E0}\u{301}", "a\u{300}\u{301}", "\u{E0}\u{301}", "a\u{300}\u{301}"),
      // Not put together again.
      ("\u{958}", "\u{915}\u{93C}", "\u{915}\u{93C}", "\u{915}\u{93C}", "\u{915}\u{93C}"),
      ("\u{212B}", "\u{C5}", "A\u{30A}", "\u{C5}", "A\u{30A}"),
      ("\u{AC01}", "\u{AC01}", "\u{1100}\u{1161}\u{11A8}", "\u{AC01}", "\u{1100}\u{1161}\u{11A8}"),
      (
        "\u{1100}\u{1161}\u{11A7}", "\u{AC00}\u{11A7}", "\u{1100}\u{1161}\u{11A7}", "\u{AC00}\u{11A7}",
        "\u{1100}\u{1161}\u{11A7}"
      ),
      ("\u{301}", "\u{301}", "\u{301}", "\u{301}", "\u{301}"), ("", "", "", "", ""),
      ("\u{9C7}\u{9BE}", "\u{9CB}", "\u{9C7}\u{9BE}", "\u{9CB}", "\u{9C7}\u{9BE}"),
    ])
  func forms(_ text: String, _ nfc: String, _ nfd: String, _ nfkc: String, _ nfkd: String) throws {
    for (form, expected) in zip(NormalizationForm.allCases, [nfc, nfd, nfkc, nfkd]) {
      let normalized = try #require(form.normalized(text))
      #expect(Array(normalized.unicodeScalars) == Array(expected.unicodeScalars), "\(form)")
    }
  }

  @Test("a text that grows beyond the bound has none")
  func bound() {
    let text = String(repeating: "\u{FDFA}", count: NormalizationForm.longest / 18 + 1)
    #expect(NormalizationForm.nfkd.normalized(text) == nil)
    #expect(NormalizationForm.nfd.normalized(text) == text)
  }

  @Test("very many marks on one character are sorted, in time")
  func marks() throws {
    let text = "a" + String(repeating: "\u{301}\u{323}", count: 20_000)
    let sorted = try #require(NormalizationForm.nfd.normalized(text))
    let expected = "a" + String(repeating: "\u{323}", count: 20_000) + String(repeating: "\u{301}", count: 20_000)
    #expect(Array(sorted.unicodeScalars) == Array(expected.unicodeScalars))
  }

  private static let official = "/usr/share/unicode/NormalizationTest.txt.bz2"

  @Test(
    "the official test file: every line of it",
    .enabled(if: FileManager.default.fileExists(atPath: official), "Debian's unicode-data is not installed"))
  func conformance() throws {
    let unpack = Process()
    unpack.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    unpack.arguments = ["python3", "-c", "import bz2, sys; print(bz2.open(sys.argv[1], 'rt').read())", Self.official]
    let pipe = Pipe()
    unpack.standardOutput = pipe
    try unpack.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    unpack.waitUntilExit()
    #expect(text.contains("NormalizationTest-15.0.0.txt"))
    var lines = 0
    for line in text.split(separator: "\n") where !line.hasPrefix("#") && !line.hasPrefix("@") {
      let columns = line.split(separator: ";").prefix(5).map { column in
        String(points: column.split(separator: " ").compactMap { UInt32($0, radix: 16) })
      }
      try #require(columns.count == 5)
      for (form, expected) in zip(NormalizationForm.allCases, columns[1...]) {
        let normalized = form.normalized(columns[0])
        #expect(normalized.map { $0.utf8.elementsEqual(expected.utf8) } == true, "\(line): \(form)")
      }
      lines += 1
    }
    #expect(lines > 15_000)
  }
}
