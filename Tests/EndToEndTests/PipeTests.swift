import Foundation
import Testing

@Suite("The real program: pipes, files, sockets, floods")
struct PipeTests {
  let scratch: Scratch
  var policy: String { scratch.path("policy.yaml") }

  init() throws {
    scratch = try Scratch(["policy.yaml": "default: allow\n"])
  }

  @Test("a flood of calls in both directions: every one is answered, in order")
  func flood() throws {
    let program = try RunningProgram(["-c", policy] + RunningProgram.server())
    let count = 20_000
    program.sendInBackground(closing: true) { (1...count).map { call($0, "echo", #"{"pad":"0123456789"}"#) } }
    var next = 1
    while let line = program.readLine() {
      guard id(of: line) == next else { break }
      next += 1
    }
    #expect(next == count + 1)
    #expect(program.wait() == 0)
  }

  @Test("messages far beyond a pipe's size pass both ways", arguments: [70_000, 1_000_000, 12_000_000])
  func large(size: Int) throws {
    let program = try RunningProgram(["-c", policy] + RunningProgram.server())
    let pad = String(repeating: "y", count: size)
    program.sendInBackground { [call(1, "echo", #"{"pad":"\#(pad)","size":\#(size / 4)}"#)] }
    let answer = program.readLine()
    #expect(id(of: answer) == 1)
    #expect((answer?.utf8.count ?? 0) > size + size / 4)
  }

  @Test("a line over the size limit is answered, skipped, and disturbs nothing")
  func overlong() throws {
    let program = try RunningProgram(["-c", policy] + RunningProgram.server())
    program.sendInBackground { [call(1, "echo", #"{"pad":"\#(String(repeating: "y", count: 17 << 20))"}"#), call(2)] }
    #expect(program.readLine()?.contains(#""id":null"#) == true)
    #expect(id(of: program.readLine()) == 2)
  }

  @Test("half a line at the end of the client's input is not passed on; what came before is answered")
  func half() throws {
    let program = try RunningProgram(["-c", policy] + RunningProgram.server())
    program.send(call(1))
    program.write(Array(call(2).utf8))
    program.closeInput()
    #expect(program.readToEnd().map { id(of: $0) } == [1])
    #expect(program.waitForError("middle of a line"))
    #expect(program.wait() == 0)
  }

  @Test("input from a file and output to a file")
  func files() throws {
    try scratch.write("calls.ndjson", (1...1000).map { call($0) + "\n" }.joined())
    try scratch.write("answers.ndjson", "")
    let input = try #require(FileHandle(forReadingAtPath: scratch.path("calls.ndjson")))
    let output = try #require(FileHandle(forWritingAtPath: scratch.path("answers.ndjson")))
    let program = try RunningProgram(["-c", policy] + RunningProgram.server(), input: input, output: output)
    #expect(program.wait() == 0)
    let answers = try String(contentsOfFile: scratch.path("answers.ndjson"), encoding: .utf8)
    #expect(answers.split(separator: "\n").map { id(of: String($0)) } == (1...1000).map { $0 })
  }

  @Test("no input at all")
  func devNull() throws {
    let program = try RunningProgram(["-c", policy] + RunningProgram.server(), input: .nullDevice)
    #expect(program.readToEnd().isEmpty)
    #expect(program.wait() == 0)
  }

  @Test("sockets in place of pipes, as some hosts use them; what we inherit is not changed for them")
  func sockets() throws {
    var pair: [Int32] = [-1, -1]
    #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
    defer { pair.forEach { close($0) } }
    let theirs = FileHandle(fileDescriptor: pair[1])
    let program = try RunningProgram(["-c", policy] + RunningProgram.server(), input: theirs, output: theirs)
    let line = Array((call(1) + "\n").utf8)
    #expect(write(pair[0], line, line.count) == line.count)
    var wait = pollfd(fd: pair[0], events: Int16(POLLIN), revents: 0)
    #expect(poll(&wait, 1, RunningProgram.patience) == 1)
    var answer = [UInt8](repeating: 0, count: 4096)
    let count = read(pair[0], &answer, answer.count)
    #expect(id(of: String(decoding: answer.prefix(max(count, 0)).dropLast(), as: UTF8.self)) == 1)
    #expect(fcntl(pair[1], F_GETFL) & O_NONBLOCK == 0)
    shutdown(pair[0], Int32(SHUT_WR))
    #expect(program.wait() == 0)
  }

  @Test("the pipes that we inherit stay as they are for those who share them")
  func inheritedFlags() throws {
    let pipe = Pipe()
    let program = try RunningProgram(["-c", policy] + RunningProgram.server(), input: pipe.fileHandleForReading)
    pipe.fileHandleForWriting.write(Data((call(1) + "\n").utf8))
    #expect(id(of: program.readLine()) == 1)
    #expect(fcntl(pipe.fileHandleForReading.fileDescriptor, F_GETFL) & O_NONBLOCK == 0)
    pipe.fileHandleForWriting.closeFile()
    #expect(program.wait() == 0)
  }

  @Test("a client that goes away ends everything")
  func clientGone() throws {
    let pipe = Pipe()
    let program = try RunningProgram(["-c", policy] + RunningProgram.server(), output: pipe.fileHandleForWriting)
    pipe.fileHandleForWriting.closeFile()
    pipe.fileHandleForReading.closeFile()
    program.send(call(1))
    #expect(program.wait() == 0)
  }
}
