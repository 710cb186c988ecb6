/// What one kind of limit takes in one store.
struct Figure {
  let store: String
  let kind: Counting.Kind
  let flight: Int
  private var medians: [Double] = []
  private var rates: [Double] = []

  init(store: String, kind: Counting.Kind, flight: Int) {
    self.store = store
    self.kind = kind
    self.flight = flight
  }

  mutating func add(_ round: Round) {
    medians.append(Double(round.times.sorted()[round.times.count / 2]))
    rates.append(Double(round.times.count) / round.seconds)
  }

  /// Nanoseconds to reserve: the median over rounds of each one's median.
  var median: Double { medians.sorted()[medians.count / 2] }
  /// Calls a second, from the reservation to the end: the median over rounds.
  var rate: Double { rates.sorted()[rates.count / 2] }

  var name: String { "\(store), \(kind.rawValue)" + (flight > 1 ? ", \(flight) at once" : "") }
}

/// What was measured, and whether what is promised was kept.
struct Report {
  let figures: [Figure]
  let crowd: Crowd
  let rounds: Int
  let calls: Int

  var table: String {
    let head = "\nreserving: \(rounds) rounds of \(calls) calls; medians over rounds\n"
    let lines = figures.map {
      Report.row($0.name, [Report.number($0.median / 1e3, 2) + " µs", Report.number($0.rate, 0) + " calls/s"])
    }
    let sizes = [("memory", crowd.memory), ("file", crowd.file)].map {
      Report.row("\($0.0), a million counts", ["", "\($0.1 >> 20) MiB"])
    }
    return ([head, Report.row("", ["to reserve", "to the end"])] + lines + sizes).joined(separator: "\n")
  }

  var json: String {
    let lines = figures.map {
      """
        {"store": "\($0.store)", "kind": "\($0.kind.rawValue)", "inFlight": \($0.flight), \
      "reserveNanoseconds": \(Report.number($0.median, 1)), "callsPerSecond": \(Report.number($0.rate, 0))}
      """
    }
    let sizes = "\"millionCountsBytes\": {\"memory\": \(crowd.memory), \"file\": \(crowd.file)}"
    return "{\"rounds\": \(rounds), \"calls\": \(calls), \(sizes), "
      + "\"counting\": [\n\(lines.joined(separator: ",\n"))\n]}"
  }

  /// Whether all are kept, and a line for each.
  func promises() -> (isKept: Bool, lines: [String]) {
    var areAllKept = true
    var lines: [String] = []
    func promise(_ name: String, _ words: String, _ isKept: Bool, _ value: String) {
      areAllKept = areAllKept && isKept
      lines.append(Report.padded(name) + (isKept ? "kept     " : "NOT KEPT ") + "\(words): \(value)")
    }
    let most = ["memory": 0.3, "file": 25, "redis": 40]
    for figure in figures where figure.kind == .sliding {
      if figure.flight > 1 {
        promise(figure.name, "at least 50000 calls/s", figure.rate >= 50_000, Report.number(figure.rate, 0))
      } else if let limit = most[figure.store] {
        let value = figure.median / 1e3
        promise(figure.name, "reserved within \(Report.number(limit, 1)) µs", value <= limit, Report.number(value, 2))
      }
    }
    return (areAllKept, lines)
  }

  /// A number with so many digits after its point.
  private static func number(_ value: Double, _ digits: Int) -> String {
    let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
    let scaled = Int((value * Double(scale)).rounded())
    guard digits > 0 else { return "\(scaled)" }
    return "\(scaled / scale).\("\(scale + scaled % scale)".dropFirst())"
  }

  private static func padded(_ name: String) -> String { name + String(repeating: " ", count: max(1, 34 - name.count)) }

  private static func row(_ name: String, _ cells: [String]) -> String {
    padded(name) + cells.map { String(repeating: " ", count: max(1, 18 - $0.count)) + $0 }.joined()
  }
}
