import CProcess
import Foundation
import NIOCore
import Policy
import Testing

@testable import Scripting

@Suite("Starting programs")
struct ProcessTests {
  /// What a program writes to the descriptor that it has as 1, and how it ends.
  func run(
    _ arguments: [String], descriptors: (Int32) -> [Int32] = { [-1, $0, $0] }, flags: Int32 = 0,
    environment: [String] = []
  ) throws -> (output: String, ending: moongate_ending) {
    var ends: [Int32] = [-1, -1]
    #expect(moongate_pipe(&ends) == 0)
    var pid: pid_t = 0
    let given = descriptors(ends[1])
    let error = ProcessTests.spawn(arguments, environment, given, flags, &pid)
    close(ends[1])
    defer { close(ends[0]) }
    guard error == 0 else { throw POSIXError(POSIXErrorCode(rawValue: error) ?? .EIO) }
    let output = FileHandle(fileDescriptor: ends[0]).readDataToEndOfFile()
    var ending = moongate_ending()
    #expect(moongate_wait(pid, true, &ending) == 0)
    return (String(decoding: output, as: UTF8.self), ending)
  }

  static func spawn(
    _ arguments: [String], _ environment: [String], _ descriptors: [Int32], _ flags: Int32, _ pid: inout pid_t
  ) -> Int32 {
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    return moongate_spawn(arguments[0], &argv, &envp, descriptors, Int32(descriptors.count), flags, &pid)
  }

  @Test("the child has the descriptors that it was given, and no others")
  func descriptors() throws {
    // A shell that lists a folder would have that open, too.
    let look = "for n in $(seq 0 99); do [ -e /proc/$$/fd/$n ] && echo $n; done; true"
    let (output, ending) = try run(["/bin/sh", "-c", look], environment: ["PATH=/usr/bin:/bin"])
    #expect(output == "0\n1\n2\n")
    #expect(ending.ended && ending.status == 0 && ending.signal == 0)
  }

  @Test("descriptors may change places")
  func crossed() throws {
    // The pipe's end becomes 2 and 0; 1 is /dev/null.
    let (output, _) = try run(
      ["/bin/sh", "-c", "echo one; echo two >&2; echo zero >&0"], descriptors: { [$0, -1, $0] })
    #expect(output == "two\nzero\n")
  }

  @Test("signals are as they were at the beginning of the world")
  func signals() throws {
    signal(SIGPIPE, SIG_IGN)
    let (output, _) = try run(["/bin/cat", "/proc/self/status"])
    #expect(output.contains("SigBlk:\t0000000000000000") && output.contains("SigIgn:\t0000000000000000"), "\(output)")
  }

  @Test("the environment is the one given")
  func environment() throws {
    #expect(try run(["/usr/bin/env"], environment: ["A=1", "B=2"]).output == "A=1\nB=2\n")
  }

  @Test("a name without a slash is searched for")
  func search() throws {
    #expect(try run(["echo", "found"]).output == "found\n")
  }

  @Test(
    "what cannot be started is told",
    arguments: [
      ("no-such-program", ENOENT), ("/no/such", ENOENT), ("/etc/passwd", EACCES), ("", ENOENT), ("/", EACCES),
    ])
  func failures(_ program: String, _ expected: Int32) {
    var pid: pid_t = 0
    #expect(ProcessTests.spawn([program], [], [], 0, &pid) == expected)
  }

  @Test("a descriptor that is none is told")
  func badDescriptor() {
    var pid: pid_t = 0
    #expect(ProcessTests.spawn(["/bin/true"], [], [987_654], 0, &pid) == EBADF)
  }

  @Test("a child can have a process group of its own")
  func group() throws {
    let (output, _) = try run(
      ["/bin/sh", "-c", "echo $$; cut -d' ' -f5 /proc/$$/stat"], flags: MOONGATE_SPAWN_OWN_GROUP)
    let numbers = output.split(separator: "\n")
    #expect(numbers.count == 2 && numbers.first == numbers.last)
  }

  @Test("an ending is told as a shell tells it", arguments: [("exit 7", 7, 0), ("kill -TERM $$", 143, 15)])
  func endings(_ command: String, _ status: Int32, _ signal: Int32) throws {
    let ending = try run(["/bin/sh", "-c", command]).ending
    #expect(ending.status == status && ending.signal == signal)
  }

  @Test("a child that still runs has not ended; one that is not there is an error")
  func running() throws {
    var ends: [Int32] = [-1, -1]
    #expect(moongate_socketpair(Int32(SOCK_STREAM.rawValue), &ends) == 0)
    var pid: pid_t = 0
    #expect(ProcessTests.spawn(["/bin/cat"], [], [ends[1], -1], 0, &pid) == 0)
    close(ends[1])
    var ending = moongate_ending()
    #expect(moongate_wait(pid, false, &ending) == 0 && !ending.ended)
    close(ends[0])
    #expect(moongate_wait(pid, true, &ending) == 0 && ending.ended)
    #expect(moongate_wait(pid, false, &ending) == ECHILD)
  }
}
