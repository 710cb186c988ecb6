import Testing

@testable import Proxy

@Suite("The log: floods are thinned out, and nothing in it can forge a line")
struct LogThinnerTests {
  @Test("a flood of one kind becomes a few lines and a count; other kinds are not touched")
  func flood() {
    var thinner = LogThinner()
    var lines: [LogEntry] = []
    for number in 0..<1000 { lines += thinner.lines(for: LogEntry(.warning, "a", "\(number)"), at: 0) }
    #expect(lines.count == LogThinner.burst)
    #expect(thinner.lines(for: LogEntry(.warning, "b", "other"), at: 1).map(\.text) == ["other"])
    let next = thinner.lines(for: LogEntry(.warning, "a", "again"), at: LogThinner.period)
    #expect(next.map(\.text) == ["… and \(1000 - LogThinner.burst) more like it (a)", "again"])
    #expect(thinner.lines(for: LogEntry(.warning, "a", "more"), at: LogThinner.period + 1).count == 1)
  }

  @Test("control and formatting characters become spaces, and lines are bounded")
  func cleaned() {
    let entry = LogEntry(.notice, "x", "a\nb\u{1B}[31mc\u{202E}d" + String(repeating: "x", count: 5000))
    #expect(entry.text.hasPrefix("a b [31mc d"))
    #expect(entry.text.unicodeScalars.count == 1000)
  }
}
