import Randomness
import Testing

@testable import Policy

@Suite("The scan for what no URL may hold")
struct URLPartsTests {
  /// What is wrong with the bytes, one after the other; nil where nothing is.
  private static func reference(_ text: [UInt8]) -> String? {
    func isHexadecimal(_ index: Int) -> Bool {
      text.indices.contains(index) && Character(Unicode.Scalar(text[index])).isHexDigit
    }
    for (index, byte) in text.enumerated() {
      switch byte {
      case 0x25 where isHexadecimal(index + 1) && isHexadecimal(index + 2): continue
      case 0x25: return "has a % that two hexadecimal digits do not follow"
      case 0x5C: return "has a backslash"
      case 0x20: return "has a space"
      case 0x21...0x7E: continue
      case 0x80...: return "has a character beyond ASCII"
      default: return "has a control character"
      }
    }
    return nil
  }

  private static let scanned = [
    "has a % that", "has a backslash", "has a space", "has a control character", "has a character beyond",
  ]

  private func check(_ text: [UInt8]) {
    var problem: String?
    text.withUnsafeBufferPointer { bytes in
      do throws(StrictURL.Ambiguity) {
        _ = try URLParts(bytes)
      } catch {
        problem = error.description
      }
    }
    if let expected = URLPartsTests.reference(text) {
      #expect(problem?.hasPrefix(expected) == true, "\(text): \(problem ?? "nothing") for \(expected)")
    } else if let problem {
      #expect(!URLPartsTests.scanned.contains { problem.hasPrefix($0) }, "\(text): \(problem)")
    }
  }

  @Test("sees every byte at every place of a word")
  func everyByte() {
    let plain = Array("https://example.com/abcdefgh".utf8)
    for place in plain.indices {
      for byte in UInt8.min ... .max {
        var text = plain
        text[place] = byte
        check(text)
        check(Array(text[...place]))
      }
    }
  }

  @Test("says what a look at one byte after the other says", arguments: 0..<8)
  func random(_ seed: Int) {
    var random = Random(seed: UInt64(seed))
    let odd: [UInt8] = [
      0x00, 0x01, 0x1F, 0x20, 0x21, 0x24, 0x25, 0x26, 0x5B, 0x5C, 0x5D, 0x7E, 0x7F, 0x80, 0xA0, 0xA1, 0xA5, 0xDC, 0xFF,
    ]
    for _ in 0..<2000 {
      var text = Array("https://example.com/".utf8)
      let oddness = [2, 8, 40].randomElement(using: &random) ?? 2
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        switch Int.random(in: 0..<oddness, using: &random) {
        case 0: text.append(odd.randomElement(using: &random) ?? 0)
        case 1: text += Array("%4F".utf8)
        default: text.append(UInt8.random(in: 0x61...0x7A, using: &random))
        }
      }
      check(text)
    }
  }
}
