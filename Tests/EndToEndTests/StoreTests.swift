import Foundation
import Testing

@Suite("The real program: where counts are kept")
struct StoreTests {
  static let limited = "tools: { echo: { rules: [{ name: two, rate_limit: 2/hour }] } }\n"

  let scratch: Scratch
  var policy: String { scratch.path("policy.yaml") }

  init() throws {
    scratch = try Scratch(["policy.yaml": StoreTests.limited])
  }

  /// The program, with a folder for counts that outlives it.
  private func start(_ options: String..., policy: String? = nil) throws -> RunningProgram {
    try RunningProgram(
      ["-c", policy ?? self.policy] + options + RunningProgram.server(),
      environment: ["XDG_STATE_HOME": scratch.path("state")])
  }

  /// Whether each of so many calls passes.
  private func verdicts(_ program: RunningProgram, _ calls: Int) throws -> [Bool] {
    try (1...calls).map {
      program.send(call($0))
      return try #require(program.readLine()?.contains("[moongate]") == false)
    }
  }

  private func verdicts(_ calls: Int, _ options: String..., policy: String? = nil) throws -> [Bool] {
    let program = try RunningProgram(
      ["-c", policy ?? self.policy] + options + RunningProgram.server(),
      environment: ["XDG_STATE_HOME": scratch.path("state")])
    return try verdicts(program, calls)
  }

  private func mode(_ path: String) -> Int? {
    (try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
  }

  @Test("what was counted lasts from one run to the next, in a file for its owner alone")
  func lasts() throws {
    #expect(try verdicts(1) == [true])
    #expect(try verdicts(2) == [true, false])
    #expect(mode(scratch.path("state/moongate")) == 0o700)
    #expect(mode(scratch.path("state/moongate/counters.db")) == 0o600)
  }

  @Test("in the folder that is named, and by default below the home")
  func folders() throws {
    #expect(try verdicts(1, "--state-dir", scratch.path("elsewhere")) == [true])
    #expect(mode(scratch.path("elsewhere/counters.db")) == 0o600)
    let program = try RunningProgram(
      ["-c", policy] + RunningProgram.server(), environment: ["XDG_STATE_HOME": "", "HOME": scratch.path("home")])
    #expect(try verdicts(program, 3) == [true, true, false])
    #expect(mode(scratch.path("home/.local/state/moongate/counters.db")) == 0o600)
  }

  @Test(
    "nothing is made where nothing is counted that lasts",
    arguments: [
      "default: allow\n", "store: \"memory:\"\n" + StoreTests.limited,
      "tools: { echo: { rules: [{ rate_limit: { max: 2, window: hour } }] } }\n",
      "tools: { echo: { rules: [{ lua: \"function check() end\" }] } }\n",
    ])
  func nothing(_ text: String) throws {
    try scratch.write("policy.yaml", text)
    let program = try start()
    #expect(try verdicts(program, 2) == [true, true])
    program.closeInput()
    #expect(program.wait() == 0)
    #expect(!FileManager.default.fileExists(atPath: scratch.path("state")))
  }

  @Test("policies of different folders count apart in the standard file, and together in one that both name")
  func scopes() throws {
    let other = try Scratch(["policy.yaml": StoreTests.limited])
    #expect(try verdicts(3) == [true, true, false])
    #expect(try verdicts(3, policy: other.path("policy.yaml")) == [true, true, false])
    let shared = "sqlite:" + scratch.path("shared.db")
    #expect(try verdicts(1, "--state", shared) == [true])
    #expect(try verdicts(2, "--state", shared, policy: other.path("policy.yaml")) == [true, false])
  }

  @Test("by a link to its folder a policy is the same one, and where the file is a link, whatever it leads to")
  func links() throws {
    #expect(symlink(scratch.folder.path, scratch.path("link")) == 0)
    #expect(try verdicts(1, policy: scratch.path("link/policy.yaml")) == [true])
    #expect(rename(policy, scratch.path("second.yaml")) == 0)
    #expect(symlink("second.yaml", policy) == 0)
    #expect(try verdicts(2) == [true, false])
  }

  @Test("a policy that names another store counts there from then on, and goes on where it was when it comes back")
  func reloaded() throws {
    let program = try start()
    #expect(try verdicts(program, 2) == [true, true])
    try scratch.write("policy.yaml", "store: sqlite:other.db\n" + StoreTests.limited)
    #expect(program.waitForError("is in force"))
    #expect(try verdicts(program, 3) == [true, true, false])
    #expect(mode(scratch.path("other.db")) == 0o600)
    try scratch.write("policy.yaml", StoreTests.limited)
    #expect(program.waitForError("is in force", times: 2))
    #expect(try verdicts(program, 1) == [false])
  }

  @Test("a session's own counts go on when the policy names another store")
  func sessions() throws {
    let rules = "tools: { echo: { rules: [{ rate_limit: { max: 2, window: hour } }] } }\n"
    try scratch.write("policy.yaml", rules)
    let program = try start()
    #expect(try verdicts(program, 1) == [true])
    try scratch.write("policy.yaml", "store: \"memory:\"\n" + rules)
    #expect(program.waitForError("is in force"))
    #expect(try verdicts(program, 2) == [true, false])
  }

  @Test(
    "where counts cannot be kept the call is refused, the agent is not told why, and people are",
    arguments: ["sqlite:/dev/null/counters.db", "redis://localhost:1"])
  func failing(_ url: String) throws {
    let program = try start("--state", url)
    program.send(call(1))
    let answer = try #require(program.readLine())
    #expect(answer.contains("its counter cannot be reached") && !answer.contains("/dev/null"))
    #expect(program.waitForError("two: this call could not be counted: its counter cannot be reached ["))
  }

  @Test("or passes, if the policy says so, and people are told of that")
  func forgiving() throws {
    try scratch.write(
      "policy.yaml", "store: { url: \"sqlite:/dev/null/counters.db\", on_failure: allow }\n" + StoreTests.limited)
    let program = try start()
    #expect(try verdicts(program, 3) == [true, true, true])
    #expect(program.waitForError("passes without being counted in tools[", times: 3))
    #expect(program.standardError.contains("/dev/null"))
  }

  @Test("a URL that names no store: how it is to be typed", arguments: ["sqlite", "sqlit:x", "redis:", ""])
  func wrongURL(_ url: String) throws {
    let program = try start("--state", url)
    #expect(program.wait() == 64)
    #expect(program.standardError.contains("the URL "))
  }

  @Test("without a home there is no standard file, and the refusal says what to set")
  func homeless() throws {
    let program = try RunningProgram(
      ["-c", policy] + RunningProgram.server(), environment: ["XDG_STATE_HOME": "", "HOME": ""])
    #expect(try verdicts(program, 1) == [false])
    #expect(program.waitForError("set HOME, or give --state-dir"))
  }

  @Test("a file that may not grow refuses what it cannot hold, does not end the program, and is used again")
  func fileSize() throws {
    try scratch.write("policy.yaml", "tools: { echo: { rules: [{ rate_limit: 100000/hour }] } }\n")
    let program = try RunningProgram(
      ["-c", "ulimit -f 300; exec \"$0\" \"$@\"", RunningProgram.path, "-c", policy] + RunningProgram.server(),
      program: "/bin/sh")
    var passed = 0
    while passed < 1000, try verdicts(program, 1) == [true] { passed += 1 }
    #expect(passed > 3 && passed < 1000)
    // The file is tried again after a while.
    let deadline = ContinuousClock.now + .seconds(20)
    var isUsedAgain = false
    while !isUsedAgain, ContinuousClock.now < deadline { isUsedAgain = try verdicts(program, 1) == [true] }
    #expect(isUsedAgain)
    #expect(program.waitForError("is the size of files limited?"))
    program.closeInput()
    #expect(program.wait() == 0)
  }
}
