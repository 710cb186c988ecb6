import Counters
import Policy
import Wire

/// What `moongate counters` shows.
struct CountersTable {
  let text: String

  init(_ found: CountRecords, _ counters: StoredCounters) {
    guard !found.records.isEmpty else {
      text = "nothing is counted in \(counters.place)\n"
      return
    }
    let showsScope = Set(found.records.map(\.scope)).count > 1
    var rows = [["COUNTER", "WHOSE", "USED", "WINDOW", "FREE IN"] + (showsScope ? ["POLICY"] : [])]
    for record in found.records.sorted(by: CountersTable.order) {
      let max = counters.maxima[record.counter].map { " of \($0)" } ?? ""
      rows.append(
        [
          CountersTable.title(of: record), record.holder, "\(record.used)\(max)", CountersTable.window(of: record),
          record.freeIn.map(CountersTable.time) ?? "-",
        ] + (showsScope ? [Excerpt.cleaned(record.scope)] : []))
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for row in rows {
      let cells = row.enumerated().map { column, cell in
        column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
      }
      text += cells.joined(separator: "  ") + "\n"
    }
    if found.hasMore { text += "… and more: --limit shows them\n" }
    self.text = text
  }

  /// The machine's form.
  static func json(_ found: CountRecords, _ counters: StoredCounters) -> JSON {
    let list = found.records.sorted(by: order).map { record -> JSON in
      var members: [(Name, JSON)] = [
        ("counter", .string(record.counter)), ("whose", .string(record.holder)), ("policy", .string(record.scope)),
        ("used", .number(record.used.number)),
      ]
      if let max = counters.maxima[record.counter] { members.append(("max", .number(max.number))) }
      members.append(("algorithm", .string(word(record.algorithm))))
      if let window = record.window { members.append(("windowSeconds", .number(seconds(window)))) }
      if let free = record.freeIn { members.append(("freeInSeconds", .number(seconds(free)))) }
      return .object(members)
    }
    return .object([
      ("store", .string(counters.place)), ("counters", .array(list)), ("more", .bool(found.hasMore)),
    ])
  }

  private static func order(_ left: CountRecord, _ right: CountRecord) -> Bool {
    if left.scope != right.scope { return left.scope < right.scope }
    if left.counter != right.counter { return left.counter < right.counter }
    if left.used != right.used { return left.used > right.used }
    return left.holder < right.holder
  }

  private static func title(of record: CountRecord) -> String {
    guard let name = CounterName(record.counter) else { return Excerpt.cleaned(record.counter) }
    let names = name.names.map { Excerpt.cleaned($0.text) }
    return name.section == "scripts"
      ? "script: \(names.joined(separator: ": "))" : "\(names.joined(separator: ": ")): \(name.kind)"
  }

  private static func window(of record: CountRecord) -> String {
    switch record.algorithm {
    case .month: "month"
    case .concurrency: "in flight"
    case .sliding, .fixed, .bucket:
      "\(record.window.map(time) ?? "-")\(record.algorithm == .sliding ? "" : " \(word(record.algorithm))")"
    }
  }

  private static func word(_ algorithm: RateLimit.Algorithm) -> String {
    switch algorithm {
    case .sliding: "sliding"
    case .fixed: "fixed"
    case .month: "month"
    case .bucket: "bucket"
    case .concurrency: "concurrency"
    }
  }

  private static func seconds(_ nanoseconds: Int64) -> ExactNumber {
    // Whole milliseconds: more would be noise.
    ExactNumber("\(nanoseconds / 1_000_000)e-3") ?? 0
  }

  /// Rounded up to seconds, in at most two units.
  static func time(_ nanoseconds: Int64) -> String {
    let seconds = nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 > 0 ? 1 : 0)
    let units: [(length: Int64, word: String)] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]
    guard let largest = units.firstIndex(where: { seconds >= $0.length }) else { return "0 s" }
    let first = units[largest]
    let rest = seconds % first.length
    guard largest + 1 < units.count, rest >= units[largest + 1].length else {
      return "\(seconds / first.length) \(first.word)"
    }
    let second = units[largest + 1]
    return "\(seconds / first.length) \(first.word) \(rest / second.length) \(second.word)"
  }
}
