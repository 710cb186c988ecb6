import Randomness
import Testing

@testable import Wire

@Suite("Line framer")
struct LineFramerTests {
  private func events(_ chunks: [String], limit: Int = 100) -> (events: [String], left: Int) {
    var framer = LineFramer(limit: limit)
    var events: [String] = []
    for chunk in chunks {
      Array(chunk.utf8).withUnsafeBytes { bytes in
        framer.feed(bytes) { event in
          switch event {
          case .line(let line): events.append(String(decoding: line, as: UTF8.self))
          case .tooLong: events.append("<too long>")
          }
        }
      }
    }
    return (events, framer.finish())
  }

  @Test("hands on whole lines, however the bytes arrive")
  func lines() {
    #expect(events(["one\ntwo\n"]).events == ["one", "two"])
    #expect(events(["o", "", "ne\nt", "w", "o", "\n"]).events == ["one", "two"])
    #expect(events(["one", "\n", "two\n"]).events == ["one", "two"])
    #expect(events(["one\r\ntwo\n"]).events == ["one\r", "two"])
    #expect(events([]).events == [])
  }

  @Test("leaves out lines of nothing but white space")
  func blank() {
    #expect(events(["\n\n \t\n\r\n a \n", " ", " \n"]).events == [" a "])
  }

  @Test("never hands on a line without its newline, and says how long it was")
  func unterminated() {
    #expect(events(["one\ntwo"]) == (["one"], 3))
    #expect(events(["t", "wo"]) == ([], 3))
    #expect(events(["one\n"]) == (["one"], 0))
    #expect(events([String(repeating: "x", count: 7), "xxx"], limit: 5) == (["<too long>"], 10))
    #expect(events([]).left == 0)
  }

  @Test("takes a line of exactly the limit, and reports one byte more")
  func limit() {
    #expect(events(["12345\n"], limit: 5).events == ["12345"])
    #expect(events(["123", "45", "\n"], limit: 5).events == ["12345"])
    #expect(events(["123456\n1\n"], limit: 5).events == ["<too long>", "1"])
    #expect(events(["123", "456\n1\n"], limit: 5).events == ["<too long>", "1"])
    #expect(events(["12345", "\n1\n"], limit: 5).events == ["12345", "1"])
  }

  @Test("reports a line that is too long once, as soon as it is, and goes on after its newline")
  func tooLong() {
    var framer = LineFramer(limit: 4)
    func feed(_ text: String) -> [LineFramer.Event] {
      var events: [LineFramer.Event] = []
      Array(text.utf8).withUnsafeBytes { framer.feed($0) { events.append($0) } }
      return events
    }
    #expect(feed("1234") == [])
    #expect(feed("5") == [.tooLong(beginning: Array("12345".utf8))])
    #expect(feed("6789") == [])
    #expect(feed("0\nab\n") == [.line([0x61, 0x62])])
    #expect(
      feed("123456\n123456\n") == [
        .tooLong(beginning: Array("123456".utf8)), .tooLong(beginning: Array("123456".utf8)),
      ])
    #expect(framer.finish() == 0)
  }

  @Test("can be used again after the end")
  func reuse() {
    var framer = LineFramer(limit: 4)
    Array("123456".utf8).withUnsafeBytes { framer.feed($0) { _ in } }
    #expect(framer.finish() == 6)
    #expect(framer.finish() == 0)
    var lines = 0
    Array("12\n".utf8).withUnsafeBytes { framer.feed($0) { _ in lines += 1 } }
    #expect(lines == 1)
  }

  @Test("gives the same lines for every way of cutting the stream", arguments: 0..<8)
  func cuts(_ seed: UInt64) {
    var random = Random(seed: seed)
    for _ in 0..<200 {
      let text = (0..<random.below(8)).map { _ in
        String(repeating: random.pick(["x", "é", " ", "\r"]), count: random.below(9))
          + random.pick(["\n", "\n", "\n\n", ""])
      }.joined()
      var expected: [String] = []
      var parts = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
      let last = parts.removeLast()
      for part in parts where part.contains(where: { ![0x20, 0x0D].contains($0) }) || part.count > 6 {
        expected.append(part.count > 6 ? "<too long>" : String(decoding: part, as: UTF8.self))
      }
      if last.count > 6 { expected.append("<too long>") }
      var chunks: [String] = []
      var rest = Array(text.unicodeScalars)[...]
      while !rest.isEmpty {
        let count = random.below(rest.count) + 1
        chunks.append(String(String.UnicodeScalarView(rest.prefix(count))))
        rest = rest.dropFirst(count)
      }
      let found = events(chunks, limit: 6)
      #expect(found.events == expected, "\(chunks)")
      #expect(found.left == last.count)
    }
  }
}
