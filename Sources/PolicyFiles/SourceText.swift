import Policy

/// A policy's text, and the lines in it.
struct SourceText {
  /// The largest policy, in bytes.
  static let limit = 8 << 20

  let name: String
  let bytes: [UInt8]

  /// A text; a byte order mark before it does not belong to it.
  init(_ bytes: [UInt8], name: String) {
    self.name = name
    self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes
  }

  func place(_ position: Position) -> Place {
    Place(file: name, line: position.line, column: position.column)
  }

  /// The position, or the end of the text where it is beyond that.
  func within(_ position: Position) -> Position {
    let newline = UInt8(ascii: "\n")
    let count = bytes.count { $0 == newline } + 1
    guard position.line > count else { return position }
    let last = bytes[(bytes.lastIndex(of: newline).map { $0 + 1 } ?? 0)...]
    return Position(line: count, column: String(decoding: last, as: UTF8.self).unicodeScalars.count + 1)
  }

  /// The lines of those numbers, without their ends. Numbers that are none give nothing.
  func lines(_ numbers: Set<Int>) -> [Int: String] {
    guard let last = numbers.max() else { return [:] }
    var found: [Int: String] = [:]
    var number = 1
    var start = bytes.startIndex
    while number <= last {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
      if numbers.contains(number) {
        var line = bytes[start..<end]
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        found[number] = String(decoding: line, as: UTF8.self)
      }
      if end == bytes.endIndex { break }
      start = end + 1
      number += 1
    }
    return found
  }
}

/// A line and a column, counted from 1; columns count code points. Kept small: a policy has many.
struct Position: Hashable, Comparable {
  private var lineNumber: Int32
  private var columnNumber: Int32

  init(line: Int, column: Int) {
    lineNumber = Int32(clamping: line)
    columnNumber = Int32(clamping: column)
  }

  var line: Int {
    get { Int(lineNumber) }
    set { lineNumber = Int32(clamping: newValue) }
  }
  var column: Int {
    get { Int(columnNumber) }
    set { columnNumber = Int32(clamping: newValue) }
  }

  static let start = Position(line: 1, column: 1)

  static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}
