/// `regex`: an expression that RE2 takes.
enum RegexFormat {
  /// Longer ones do not match: to compile one takes time, and the text is the agent's.
  static let longest = 4096

  static func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count <= longest else { return false }
    return (try? RegularExpression(String(decoding: text, as: UTF8.self))) != nil
  }
}
