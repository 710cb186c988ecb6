import Foundation
import Testing

@Suite("The real program: whatever the server does, nothing is lost and the end is orderly")
struct ServerMisbehaviourTests {
  let scratch: Scratch
  var policy: String { scratch.path("policy.yaml") }

  init() throws {
    scratch = try Scratch(["policy.yaml": "hide: [secret]\n"])
  }

  private func run(_ options: [String] = [], _ behaviours: String...) throws -> RunningProgram {
    let script = RunningProgram.server()
    return try RunningProgram(["-c", policy] + options + script + behaviours)
  }

  @Test("an allowed call passes, a hidden tool does not, and the server's exit status is ours")
  func passes() throws {
    let program = try run([], "seven")
    program.send(call(1, "echo", #"{"word":"moon"}"#))
    #expect(program.readLine()?.contains("moon") == true)
    program.send(call(2, "secret"))
    #expect(program.readLine()?.contains("[moongate] refused by") == true)
    program.closeInput()
    #expect(program.readToEnd().isEmpty)
    #expect(program.wait() == 7)
  }

  @Test("rubbish on the server's output is dropped, reported, and disturbs nothing")
  func rubbish() throws {
    let program = try run([], "rubbish")
    program.send(call(1))
    #expect(id(of: program.readLine()) == 1)
    #expect(program.waitForError("Listening on port 8080"))
    program.closeInput()
    #expect(program.wait() == 0)
  }

  @Test("a server that exits in the middle of a call: the call is answered, the status passed on")
  func exits() throws {
    let program = try run([], "exits")
    program.send(call(1))
    let answer = program.readLine()
    #expect(id(of: answer) == 1)
    #expect(answer?.contains("exited with status 3") == true)
    #expect(program.readToEnd().isEmpty)
    #expect(program.wait() == 3)
  }

  @Test("a server that is killed: the call is answered, the status says by which signal")
  func crashes() throws {
    let program = try run([], "crashes")
    program.send(call(1))
    #expect(program.readLine()?.contains("signal 9") == true)
    #expect(program.wait() == 137)
  }

  @Test("a server that closes its output and stays: calls are answered, and it is ended")
  func closes() throws {
    let program = try run(["--grace", "100ms"], "closes")
    program.send(call(1))
    #expect(program.readLine()?.contains("closed its output") == true)
    program.closeInput()
    #expect(program.wait() == 143)
  }

  @Test("a server that never answers: the call is given up in time")
  func hangs() throws {
    let program = try run(["--answer-timeout", "1s"], "hangs")
    program.send(call(1))
    #expect(program.readLine()?.contains("-32001") == true)
    program.send(#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#)
    #expect(id(of: program.readLine()) == 2)
    program.closeInput()
    #expect(program.wait() == 0)
  }

  @Test("a server that ignores the end of its input and SIGTERM is killed after the grace period")
  func deaf() throws {
    let program = try run(["--grace", "100ms"], "deaf")
    program.send(call(1))
    #expect(id(of: program.readLine()) == 1)
    program.closeInput()
    #expect(program.wait() == 137)
  }

  @Test("half a line at the end of the server's output is not passed on, and its call is answered")
  func half() throws {
    let program = try run([], "half")
    program.send(call(1))
    let lines = program.readToEnd()
    #expect(lines.count == 1 && id(of: lines.first) == 1 && lines[0].contains(#""error""#))
    #expect(program.waitForError("middle of a line"))
    #expect(program.wait() == 0)
  }

  @Test("an answer over the size limit becomes an error for its call, and the session goes on")
  func overlong() throws {
    let program = try run([], "overlong")
    program.send(call(1))
    let answer = program.readLine()
    #expect(id(of: answer) == 1)
    #expect(answer?.contains("longer than") == true)
    program.send(#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#)
    #expect(id(of: program.readLine()) == 2)
  }

  @Test("what the server says after its input has ended still arrives")
  func lastWords() throws {
    let program = try run([], "last words")
    program.send(call(1))
    program.closeInput()
    let lines = program.readToEnd()
    #expect(lines.count == 2 && lines[1].contains("last words"))
    #expect(program.wait() == 0)
  }

  @Test("the server's standard error is ours")
  func standardError() throws {
    let program = try run([], "stderr")
    #expect(program.waitForError("a word from the server"))
  }

  @Test("a server that is not there: 127, and what was tried")
  func missing() throws {
    let program = try RunningProgram(["-c", policy, "--", "no-such-server-anywhere"])
    #expect(program.wait() == 127)
    #expect(program.standardError.contains("no-such-server-anywhere"))
  }

  @Test("a server that is no program: 126")
  func notExecutable() throws {
    let program = try RunningProgram(["-c", policy, "--", policy])
    #expect(program.wait() == 126)
  }

  @Test("SIGTERM and SIGINT go to the server", arguments: [SIGTERM, SIGINT])
  func signals(signal: Int32) throws {
    let program = try run()
    program.send(call(1))
    #expect(id(of: program.readLine()) == 1)
    program.signal(signal)
    // Python turns SIGINT into an exception of its own.
    #expect(program.wait() == 128 + signal)
  }

  @Test("asked twice to end, a deaf server is killed at once")
  func twice() throws {
    let program = try run(["--grace", "1h"], "deaf")
    program.send(call(1))
    #expect(id(of: program.readLine()) == 1)
    program.signal(SIGTERM)
    program.signal(SIGINT)
    #expect(program.wait() == 137)
  }

  @Test("a server that ends while what it started holds its output open: calls are answered, and nobody waits")
  func heldOutput() throws {
    let program = try RunningProgram([
      "-c", policy, "--", "sh", "-c", "sleep 20 & read line; exit 3",
    ])
    program.send(call(1))
    #expect(program.readLine()?.contains("exited with status 3") == true)
    #expect(program.wait() == 3)
  }
}
