import Foundation
import Testing

@Suite("The real program: rules that set and remove arguments")
struct SettingTests {
  private func proxy(_ policy: String) throws -> (program: RunningProgram, scratch: Scratch) {
    let scratch = try Scratch(["policy.yaml": policy])
    return (try RunningProgram(["-c", scratch.path("policy.yaml")] + RunningProgram.server()), scratch)
  }

  private let policy = """
    tools:
      echo:
        rules:
          - { name: house, set: { args.timeout: 300, args.options.safe: true }, remove: [args.debug] }

    """

  @Test("the server gets the call so, and nothing else changes")
  func sent() throws {
    let (program, scratch) = try proxy(policy)
    program.send(call(1, "echo", #"{"timeout":900,"debug":1,"big":123456789012345678901234567890}"#))
    let answer = try #require(program.readLine())
    #expect(
      answer.contains(
        #"{\"timeout\": 300, \"big\": 123456789012345678901234567890, \"options\": {\"safe\": true}}"#),
      "\(answer)")
    #expect(program.waitForError("rewrote echo: house"))
    program.send(call(2, "echo", #"{"options":"fast"}"#))
    #expect(program.readLine()?.contains("must be an object") == true)
    let plain = #"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"echo"}}"#
    program.send(plain)
    #expect(program.readLine()?.contains(#"{\"options\": {\"safe\": true}, \"timeout\": 300}"#) == true)
    withExtendedLifetime(scratch) {}
  }

  @Test("in observe mode the server gets it as it came, and the log says what would be done")
  func observed() throws {
    let (program, scratch) = try proxy("mode: observe\n" + policy)
    program.send(call(1, "echo", #"{"timeout":900}"#))
    #expect(program.readLine()?.contains(#"{\"timeout\": 900}"#) == true)
    #expect(program.waitForError("would rewrite echo: house"))
    withExtendedLifetime(scratch) {}
  }
}
