import Policy
import Testing

@testable import PolicyFiles

@Suite("limits")
struct LimitsTests {
  @Test("the defaults are those of the policy language")
  func defaults() throws {
    let written = try load(
      """
      limits:
        message: { bytes: 16MiB, depth: 64 }
        in_flight: 256
        script: { instructions: 1000000, memory: 8MiB, time: 50ms, depth: 100 }
      """
    ).get()
    #expect(written.rules.limits == Limits())
    #expect(try load("tools: {}").get().rules.limits == Limits())
  }

  @Test("each can be set")
  func each() throws {
    let limits = try load(
      """
      limits:
        message: { bytes: 64KiB, depth: 20 }
        in_flight: 8
        script: { instructions: 5000, memory: 1048576, time: 2s, depth: 50 }
      """
    ).get().rules.limits
    #expect(limits.messageBytes == 65_536)
    #expect(limits.messageDepth == 20)
    #expect(limits.inFlight == 8)
    #expect(limits.scriptInstructions == 5_000)
    #expect(limits.scriptMemory == 1 << 20)
    #expect(limits.scriptTime == 2_000_000_000)
    #expect(limits.scriptDepth == 50)
  }

  @Test(
    "sizes and times",
    arguments: [
      ("12B", 12 as Int64?, nil as Int64?), ("3KiB", 3_072, nil), ("8MiB", 8 << 20, nil), ("5ms", nil, 5_000_000),
      ("7s", nil, 7_000_000_000), ("2m", nil, 120_000_000_000), ("1h", nil, 3_600_000_000_000),
      ("1d", nil, 86_400_000_000_000), ("5", nil, nil), ("KiB", nil, nil), ("-1s", nil, nil), ("1.5s", nil, nil),
      ("99999999999999999999s", nil, nil), ("9223372036854775807MiB", nil, nil), ("1 s", nil, nil), ("1kb", nil, nil),
    ])
  func units(text: String, size: Int64?, time: Int64?) {
    #expect(Quantity.size(text) == size)
    #expect(Quantity.time(text) == time)
  }
}
