/// Why a text is not JSON that every parser reads the same way.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  public enum Problem: String, Sendable {
    case empty = "the text is empty"
    case byteOrderMark = "the text begins with a byte order mark"
    case unexpectedEnd = "the text ends in the middle of a value"
    case unexpectedByte = "a byte that no value can have here"
    case trailingData = "data after the value"
    case invalidUTF8 = "bytes that are not UTF-8"
    case loneSurrogate = "a lone surrogate in an escape"
    case invalidEscape = "an escape that JSON does not have"
    case controlCharacter = "a control character in a string"
    case invalidNumber = "a number that JSON does not have"
    case numberOutOfRange = "a number that a double cannot hold"
    case duplicateName = "an object with two members of one name"
    case tooDeep = "arrays and objects nested too deep"
    case tooLarge = "the text is too large"
  }

  /// What is wrong.
  public let problem: Problem
  /// The byte, counted from zero, at which it was found.
  public let offset: Int

  /// A problem and its place.
  public init(_ problem: Problem, at offset: Int) {
    self.problem = problem
    self.offset = offset
  }

  /// The problem and its place in one line.
  public var description: String { "\(problem.rawValue), at byte \(offset + 1)" }
}
