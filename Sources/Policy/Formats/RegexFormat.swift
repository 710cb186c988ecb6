/// `regex`: an expression of ECMA-262, of those that RE2 can match.
enum RegexFormat {
  /// Longer ones do not match: to compile one takes time, and the text is the agent's.
  static let longest = 4096

  static func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count <= longest else { return false }
    guard let pattern = try? ECMAPattern.translated(String(decoding: text, as: UTF8.self)) else { return false }
    return (try? RegularExpression(pattern)) != nil
  }
}
