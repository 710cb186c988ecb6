/// What was measured, and whether what is promised was kept.
struct Report {
  /// By their positions: what every promise is about.
  let subjects: [Subject]
  let loads: [Load]
  let rounds: Int
  let calls: Int

  private static let mostNanoseconds = 3_000.0
  private static let mostAllocations = 5.0
  private static let mostSeconds = 1.0
  /// Calls that go to fifty keys in turn find less of what they need in the processor's caches than calls to two.
  private static let mostTimes = 1.5

  var table: String {
    var lines = [
      "\ndeciding alone: \(rounds) rounds of \(calls) calls, on one core; medians over rounds\n",
      Report.row("", ["to decide", "allocated", "and to read", "allocated"]),
    ]
    for subject in subjects {
      lines.append(
        Report.row(
          subject.name,
          [
            Report.microseconds(decide(subject)), Report.number(subject.allocations.decide, 1),
            Report.microseconds(read(subject)), Report.number(subject.allocations.read, 1),
          ]))
    }
    for load in loads {
      lines.append(
        Report.row(load.name, ["loads in \(Report.number(load.seconds, 3)) s, \(load.bytes >> 10) KiB"]))
    }
    return lines.joined(separator: "\n")
  }

  var json: String {
    let deciding = subjects.map { subject in
      """
        {"name": "\(subject.name)", "decideNanoseconds": \(Report.number(decide(subject), 1)), \
      "decideAllocations": \(Report.number(subject.allocations.decide, 1)), \
      "readNanoseconds": \(Report.number(read(subject), 1)), \
      "readAllocations": \(Report.number(subject.allocations.read, 1))}
      """
    }
    let loading = loads.map {
      "  {\"name\": \"\($0.name)\", \"bytes\": \($0.bytes), \"seconds\": \(Report.number($0.seconds, 4))}"
    }
    return """
      {"rounds": \(rounds), "calls": \(calls), "deciding": [
      \(deciding.joined(separator: ",\n"))
      ], "loading": [
      \(loading.joined(separator: ",\n"))
      ]}
      """
  }

  /// Whether all are kept, and a line for each.
  func promises() -> (kept: Bool, lines: [String]) {
    var all = true
    var lines: [String] = []
    func promise(_ name: String, _ words: String, _ value: Double, atMost limit: Double, digits: Int) {
      let kept = value <= limit
      all = all && kept
      lines.append(
        Report.padded(name) + (kept ? "kept     " : "NOT KEPT ") + "\(words): \(Report.number(value, digits))")
    }
    let ten = subjects[0]
    promise(ten.name, "decided within 3 µs", decide(ten) / 1e3, atMost: Report.mostNanoseconds / 1e3, digits: 2)
    promise(
      ten.name, "with at most 5 allocations", ten.allocations.decide, atMost: Report.mostAllocations, digits: 1)
    for load in loads {
      promise(load.name, "loaded within 1 s", load.seconds, atMost: Report.mostSeconds, digits: 2)
    }
    for position in [3, 5] {
      let (small, large) = (subjects[position - 1], subjects[position])
      let ratios = zip(large.rounds, small.rounds).map { $0.decide / $1.decide }
      promise(
        large.name, "decided in at most 1.5 times what ten rules take", Report.median(ratios),
        atMost: Report.mostTimes, digits: 2)
    }
    return (all, lines)
  }

  private func decide(_ subject: Subject) -> Double { Report.median(subject.rounds.map(\.decide)) }
  private func read(_ subject: Subject) -> Double { Report.median(subject.rounds.map(\.read)) }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  private static func microseconds(_ nanoseconds: Double) -> String { number(nanoseconds / 1e3, 2) + " µs" }

  /// A number with so many digits after its point.
  private static func number(_ value: Double, _ digits: Int) -> String {
    let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
    let scaled = Int((value * Double(scale)).rounded())
    guard digits > 0 else { return "\(scaled)" }
    let fraction = "\(scale + scaled % scale)".dropFirst()
    return "\(scaled / scale).\(fraction)"
  }

  private static func padded(_ name: String) -> String {
    name + String(repeating: " ", count: max(1, 32 - name.count))
  }

  private static func row(_ name: String, _ cells: [String]) -> String {
    padded(name) + cells.map { String(repeating: " ", count: max(1, 13 - $0.count)) + $0 }.joined()
  }
}
