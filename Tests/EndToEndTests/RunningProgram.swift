import CProcess
import Foundation
import Testing

/// The real program as a child of the test, over real pipes or whatever else the test hands it.
final class RunningProgram {
  /// The built program, beside the test bundle.
  static let path: String = {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent("moongate").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return "moongate"
  }()

  /// The plain server, with its misbehaviours.
  static func server(_ behaviours: String...) -> [String] {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Servers/server.py").path
    return ["--", "python3", script] + behaviours
  }

  /// How long anything may take before a test gives up on it, in milliseconds.
  static let patience: Int32 = 30_000

  private(set) var pid: pid_t = 0
  private var input: Int32 = -1
  private var output: Int32 = -1
  private var buffered: [UInt8] = []
  private let errors: URL
  private let state = FileManager.default.temporaryDirectory.appendingPathComponent("moongate-\(UUID().uuidString)")

  /// Starts it, with a folder of its own for counts. `input` and `output` replace the pipes where they are given;
  /// `program` is what is to start it, where it is not started directly; `environment` is more of it.
  init(
    _ arguments: [String], input: FileHandle? = nil, output: FileHandle? = nil, program: String = RunningProgram.path,
    environment: [String: String] = [:]
  ) throws {
    errors = FileManager.default.temporaryDirectory.appendingPathComponent("moongate-\(UUID().uuidString).err")
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
    let error = open(errors.path, O_WRONLY | O_APPEND | O_CLOEXEC)
    var toProgram: [Int32] = [-1, -1]
    var fromProgram: [Int32] = [-1, -1]
    _ = moongate_pipe(&toProgram)
    _ = moongate_pipe(&fromProgram)
    let words = [program] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    let variables = ProcessInfo.processInfo.environment.merging(["XDG_STATE_HOME": state.path]) { $1 }
      .merging(environment) { $1 }
    var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { (pointers + settings).forEach { free($0) } }
    let failure = moongate_spawn(
      program, &pointers, &settings,
      [input?.fileDescriptor ?? toProgram[0], output?.fileDescriptor ?? fromProgram[1], error], 3, 0, &pid)
    [toProgram[0], fromProgram[1], error].forEach { _ = close($0) }
    if input == nil { self.input = toProgram[1] } else { close(toProgram[1]) }
    if output == nil { self.output = fromProgram[0] } else { close(fromProgram[0]) }
    try #require(failure == 0, "\(program) cannot be started")
  }

  deinit {
    closeInput()
    if output >= 0 { close(output) }
    if ending == nil {
      kill(pid, SIGKILL)
      var ending = moongate_ending()
      _ = moongate_wait(pid, true, &ending)
    }
    try? FileManager.default.removeItem(at: errors)
    try? FileManager.default.removeItem(at: state)
  }

  /// What it has written to standard error so far.
  var standardError: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

  /// Writes a line, newline included.
  func send(_ line: String) { write(Array((line + "\n").utf8)) }

  func write(_ bytes: [UInt8]) { RunningProgram.write(bytes, to: input) }

  /// Writes lines beside the test, which can read meanwhile; then closes the input if it is asked to.
  func sendInBackground(closing: Bool = false, _ lines: @escaping @Sendable () -> [String]) {
    let descriptor = dup(input)
    if closing { closeInput() }
    Thread {
      for line in lines() { RunningProgram.write(Array((line + "\n").utf8), to: descriptor) }
      close(descriptor)
    }.start()
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// The next line of its output; nil at the end of it, or when patience ends.
  func readLine(patience: Int32 = RunningProgram.patience) -> String? {
    var scanned = 0
    while true {
      if let newline = buffered[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { buffered.removeSubrange(...newline) }
        return String(decoding: buffered[..<newline], as: UTF8.self)
      }
      scanned = buffered.count
      var wait = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, patience) > 0 else { return nil }
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(output, &chunk, chunk.count)
      guard count > 0 else { return nil }
      buffered += chunk[..<count]
    }
  }

  /// Everything up to the end of its output.
  func readToEnd() -> [String] {
    var lines: [String] = []
    while let line = readLine() { lines.append(line) }
    return lines
  }

  private var ending: moongate_ending?

  /// Its exit status, or 128 + the signal that ended it; nil when patience ends.
  func wait() -> Int32? {
    if let ending { return Int32(ending.status) }
    let process = moongate_open_process(pid)
    defer { close(process) }
    var wait = pollfd(fd: process, events: Int16(POLLIN), revents: 0)
    guard poll(&wait, 1, RunningProgram.patience) > 0 else { return nil }
    var ending = moongate_ending()
    guard moongate_wait(pid, false, &ending) == 0, ending.ended else { return nil }
    self.ending = ending
    return Int32(ending.status)
  }

  /// Waits until its standard error holds that text so many times.
  func waitForError(_ text: String, times: Int = 1) -> Bool {
    for _ in 0..<RunningProgram.patience / 10 {
      if standardError.components(separatedBy: text).count > times { return true }
      poll(nil, 0, 10)
    }
    return false
  }

  func signal(_ number: Int32) { kill(pid, number) }
}

/// A folder for one test's files, gone when the test is.
final class Scratch {
  let folder: URL

  init(_ files: [String: String] = [:]) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("moongate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in files { try write(name, text) }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name), options: .atomic)
  }
}

/// A call of a tool.
func call(_ id: Int, _ tool: String = "echo", _ arguments: String = "{}") -> String {
  #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)","arguments":\#(arguments)}}"#
}

/// The id of an answer.
func id(of line: String?) -> Int? {
  guard let line, let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
    return nil
  }
  return object["id"] as? Int
}
