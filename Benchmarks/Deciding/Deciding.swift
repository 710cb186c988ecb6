import ArgumentParser
import CBench
import Glibc
import PolicyFiles

/// Measures deciding alone, in one process and on one core: what it takes and what it allocates, and whether a large
/// policy loads soon and decides as soon as a small one. `make bench` runs it after the proxy as a whole.
@main
struct Deciding: ParsableCommand {
  @Option(help: "The folder of the policies.") var policies: String
  @Option(help: "How many rounds.") var rounds = 11
  @Option(help: "How many calls a round.") var calls = 5_000
  @Flag(help: "Print the figures as JSON.") var json = false
  @Flag(help: "Fail if a promise is not kept.") var check = false

  /// How large a policy has to load within a second.
  private static let many = 10_000
  /// The keys that are called, spread over the policy.
  private static let called = 50

  func validate() throws {
    guard (1...99).contains(rounds) else { throw ValidationError("--rounds is no number from 1 to 99") }
    guard (1...1_000_000).contains(calls) else { throw ValidationError("--calls is no number from 1 to 1000000") }
  }

  func run() throws {
    bench_stay_on_one_core()
    let file = "\(policies)/twenty-conditions.yaml"
    let conditions = try Subject(
      "ten rules, twenty conditions", policy: try PolicyFile.load(file), lines: [Deciding.message])
    let limited = try Subject(
      "ten rules, one a rate limit", policy: try PolicyFile.load("\(policies)/ten-rules.yaml"),
      lines: [Deciding.message])
    var loads: [Load] = []
    var subjects = [conditions, limited]
    for keys in [GeneratedPolicy.Keys.names, .globs] {
      for count in [2, Deciding.many] {
        let policy = GeneratedPolicy(keys: keys, count: count)
        let noun = keys == .names ? "tools" : "globs"
        let load = try Load("\(count) \(noun), \(count * 5) rules", policy, times: count > 2 ? 3 : 1)
        let stride = max(1, count / Deciding.called)
        let lines = Swift.stride(from: 0, to: count, by: stride).map(policy.message)
        subjects.append(try Subject(load.name, policy: load.policy, lines: lines))
        if count > 2 { loads.append(load) }
      }
    }
    for round in 0..<rounds {
      for turn in subjects.indices { try subjects[(round + turn) % subjects.count].measure(calls) }
    }
    let report = Report(subjects: subjects, loads: loads, rounds: rounds, calls: calls)
    print(json ? report.json : report.table)
    let (kept, lines) = report.promises()
    // Beside the figures, so that those stay JSON.
    for line in lines { json ? complain(line) : print(line) }
    if check, !kept { throw ExitCode(1) }
  }

  private func complain(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// A call of 500 bytes.
  private static let message: [UInt8] = {
    let head = #"""
      {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"luma_generate_video_from_image","arguments":{\#
      "start_image_url":"https://images.example.com/a.png","callback_url":"https://hooks.example.com/done",\#
      "aspect_ratio":"1:1","resolution":"1080p","loop":false,"timeout":120,"seed":42,"model":"ray-2",\#
      "tags":["sea","night"],"user":{"id":"u-1f3a","plan":"pro"},"prompt":"
      """#
    let tail = #""}}}"#
    return Array(head.utf8) + Array(repeating: UInt8(ascii: "w"), count: 500 - head.utf8.count - tail.utf8.count)
      + Array(tail.utf8)
  }()
}
