import Testing

@Suite("The real program asks the server for its tools")
struct InquiryTests {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch(["policy.yaml": "tools: { \"*\": { arguments: schema } }\n"])
  }

  /// A session that is open, whose client has not listed the tools.
  private func opened(_ behaviours: String...) throws -> RunningProgram {
    var arguments = ["-c", scratch.path("policy.yaml")] + RunningProgram.server()
    arguments += behaviours
    let program = try RunningProgram(arguments)
    program.send(
      #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#
    )
    try #require(id(of: program.readLine()) == 0)
    program.send(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
    return program
  }

  @Test("for a call that needs them, and hands the client no answer but the call's", arguments: [false, true])
  func asked(twice: Bool) throws {
    let program = twice ? try opened("lists twice") : try opened()
    program.send(call(1, "echo", #"{"a":1}"#))
    let answer = try #require(program.readLine())
    #expect(id(of: answer) == 1 && !answer.contains("[moongate]"))
    program.send(call(2, "nowhere"))
    #expect(program.readLine()?.contains("the server does not list this tool") == true)
    program.send(#"{"jsonrpc":"2.0","id":3,"method":"tools/list"}"#)
    #expect(id(of: program.readLine()) == 3)
    program.closeInput()
    #expect(program.readToEnd() == [])
    #expect(program.wait() == 0)
  }

  @Test("and answers a call whose client has closed its end meanwhile")
  func endOfInput() throws {
    let program = try opened()
    program.send(call(1))
    program.closeInput()
    let answers = program.readToEnd()
    #expect(answers.count == 1 && id(of: answers.first) == 1 && answers.first?.contains("[moongate]") == false)
    #expect(program.wait() == 0)
  }

  @Test("and refuses where it does not say")
  func refused() throws {
    let program = try opened("lists nothing")
    for number in 1...2 {
      program.send(call(number))
      #expect(program.readLine()?.contains("answered with an error when it was asked for its tools") == true)
    }
    program.closeInput()
    #expect(program.wait() == 0)
    #expect(program.standardError.contains("no tools here"))
  }

  @Test("and answers the call where it ends instead, with its status")
  func serverEnds() throws {
    let program = try opened("exits when asked")
    program.send(call(1))
    let answer = try #require(program.readLine())
    #expect(id(of: answer) == 1 && answer.contains("-32603"))
    #expect(program.wait() == 3)
  }
}
