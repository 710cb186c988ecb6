/// Lets a flood of entries of one kind through as a few lines and a count, so that nobody can fill a disk with them.
struct LogThinner {
  /// How many entries of a kind pass in one period.
  static let burst = 50
  /// The period, in nanoseconds.
  static let period: Int64 = 10_000_000_000

  private var periodStart: Int64?
  private var counts: [String: Int] = [:]

  /// The lines to write for an entry at that time (monotonic nanoseconds): the entry, unless too many came before it,
  /// and a count of those of the last period that were left out.
  mutating func lines(for entry: LogEntry, at time: Int64) -> [LogEntry] {
    var lines: [LogEntry] = []
    if periodStart.map({ time - $0 >= LogThinner.period }) ?? true {
      lines = endPeriod()
      periodStart = time
    }
    counts[entry.kind, default: 0] += 1
    if counts[entry.kind, default: 0] <= LogThinner.burst { lines.append(entry) }
    return lines
  }

  /// What was left out since the last period began.
  mutating func endPeriod() -> [LogEntry] {
    defer { counts = [:] }
    return counts.sorted { $0.key < $1.key }.filter { $0.value > LogThinner.burst }.map {
      LogEntry(.notice, $0.key, "… and \($0.value - LogThinner.burst) more like it (\($0.key))")
    }
  }
}
