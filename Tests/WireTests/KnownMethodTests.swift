import Testing

@testable import Wire

@Suite("Known method")
struct KnownMethodTests {
  private func exactly(_ text: String) -> KnownMethod? {
    Array(text.utf8).withUnsafeBufferPointer(KnownMethod.exactly)
  }

  @Test("is found by its exact spelling", arguments: KnownMethod.allCases)
  func exact(_ method: KnownMethod) {
    #expect(exactly(method.rawValue) == method)
    #expect(method.name == Name(method.rawValue))
    #expect(exactly(method.rawValue.uppercased()) == nil)
    #expect(exactly(method.rawValue + "/") == nil)
  }

  @Test("is recognised behind each disguise", arguments: KnownMethod.allCases)
  func disguised(_ method: KnownMethod) {
    let text = method.rawValue
    let disguises = [
      text.uppercased(), text + "/", "/" + text, "//" + text, text + "//", text.replacing("/", with: "//"), " " + text,
      text + "\n", text + "\u{0}", "\u{200B}" + text, text.replacing("s", with: "\u{17F}"),
      text.replacing("i", with: "\u{131}"),
      text.replacing("/", with: " / "), text.replacing("/", with: "\u{FF0F}"), text + "\u{E0001}",
      text.replacing("k", with: "\u{212A}"),
      String(text.prefix(1)) + "\u{AD}" + text.dropFirst(),
    ]
    for disguise in disguises {
      #expect(KnownMethod.mistaken(for: Name(disguise)) == method, "\(disguise.debugDescription)")
    }
  }

  @Test(
    "other methods are none",
    arguments: ["tools/cal", "tools/calls", "tools.call", "toolscall", "", "/", "x/y", "tool/call"])
  func others(_ method: String) {
    #expect(exactly(method) == nil)
    #expect(KnownMethod.mistaken(for: Name(method)) == nil)
  }
}
