import Policy
import Wire

extension Compiler {
  /// A window of time.
  struct Window {
    /// Its length in nanoseconds; of a month, that of the longest.
    var length: Int64
    var isMonth = false

    /// Thirty-one days where it slides, else those of the calendar.
    static let month = Window(length: 31 * 86_400 * Quantity.nanosecondsPerSecond, isMonth: true)

    /// How it moves, where the policy says that windows move so.
    func moving(_ algorithm: RateLimit.Algorithm) -> RateLimit.Algorithm {
      isMonth && algorithm == .fixed ? .month : algorithm
    }
  }

  private static let words = Quantity.windows.map(\.word) + ["month"]
  private static let windowHint =
    "write seconds, \"second\", \"minute\", \"hour\", \"day\", \"week\", \"month\", or one like 90s"

  /// The window of a value; nil where it is none.
  static func window(of node: Node) -> Window? {
    guard case .scalar(let scalar) = node.content else { return nil }
    switch scalar.value {
    case .number(let number):
      return number.int64.flatMap { inRange($0) ? Window(length: $0 * Quantity.nanosecondsPerSecond) : nil }
    case .string(let text): return window(of: text)
    case .null, .bool: return nil
    }
  }

  private static func inRange(_ seconds: Int64) -> Bool { (1...RateLimit.longestWindow).contains(seconds) }

  private static func window(of text: String) -> Window? {
    if text == "month" { return .month }
    guard let length = Quantity.window(text), length >= 1,
      length <= RateLimit.longestWindow * Quantity.nanosecondsPerSecond
    else { return nil }
    return Window(length: length)
  }

  /// The window that is the value of a key.
  mutating func window(_ member: Node.Member) -> Window? {
    guard isThere(member, empty: nil), !member.value.isBroken else { return nil }
    if let window = Compiler.window(of: member.value) { return window }
    let position = member.value.position
    guard case .scalar(let scalar) = member.value.content else {
      report.note(.badWindow, at: position, "\"window\" cannot be \(member.value.kind)", hint: Compiler.windowHint)
      return nil
    }
    switch scalar.value {
    case .number:
      report.note(
        .badWindow, at: position, "\(quoted(scalar.text)) is no window: a number means seconds",
        hint: "write a whole number from 1 to \(RateLimit.longestWindow), which is 366 days")
    case .string(let text): return window(text, at: position)
    case .null, .bool:
      report.note(.badWindow, at: position, "\"window\" cannot be \(member.value.kind)", hint: Compiler.windowHint)
    }
    return nil
  }

  /// The window of a word such as `minute` or `90s`.
  mutating func window(_ text: String, at position: Position) -> Window? {
    if let window = Compiler.window(of: text) { return window }
    if let length = Quantity.window(text) {
      report.note(
        .badWindow, at: position, "the window \(quoted(text)) is too \(length < 1 ? "short" : "long")",
        hint: "a window is one second to 366 days long")
      return nil
    }
    let near = Spelling.nearest(to: text, among: Compiler.words)
    report.note(
      .badWindow, at: position, "\(quoted(text)) is no window of time",
      hint: near.map { "did you mean \"\($0)\"?" } ?? Compiler.windowHint)
    return nil
  }

  /// Names the counter of a rule: equal after a reload, and different for different rules, whatever their names hold.
  ///
  /// - Parameter kind: what of the rule it counts.
  static func counter(of key: Key, rule: String, _ kind: String) -> String {
    var name = Array("\(key.section)[".utf8)
    JSON.string(key.pattern).encode(into: &name)
    name.append(contentsOf: "][".utf8)
    JSON.string(rule).encode(into: &name)
    name.append(contentsOf: "].\(kind)".utf8)
    return String(decoding: name, as: UTF8.self)
  }

  /// Names a counter that rules of a key define with `state`.
  static func counter(of key: Key, _ name: String) -> String {
    counter(of: key, rule: name, "state")
  }
}
