/// Characters that lead to other characters: what `.ci/unicode.py` makes of Unicode's data, ready to be looked into.
struct CharacterTable: Sendable {
  /// What a character leads to.
  struct Entry {
    /// Two bits that mean what the table says they mean.
    var bits: UInt8
    var characters: ArraySlice<UInt32>
  }

  /// One step of each decomposition: bit 0 where it is one of compatibility, bit 1 where it is never put together again.
  static let decompositions = CharacterTable(decompositionsText)
  /// Canonical combining classes other than 0, each as the one character that an entry has.
  static let combiningClasses = CharacterTable(combiningClassesText)
  /// What stands for a character in the skeletons of UTS #39.
  static let confusables = CharacterTable(confusablesText)

  private(set) var points: [UInt32] = []
  private var bits: [UInt8] = []
  /// Where each entry's characters begin, and at last where they end.
  private var starts: [UInt32] = [0]
  private var characters: [UInt32] = []
  /// For each 128 code points the position of the first entry that is not before them; one more at the end.
  private var pages: [UInt16] = []

  /// The entry at a position among ``points``.
  func entry(at index: Int) -> Entry {
    Entry(bits: bits[index], characters: characters[Int(starts[index])..<Int(starts[index + 1])])
  }

  /// What a character leads to, if it is in the table.
  subscript(point: UInt32) -> Entry? { index(of: point).map(entry) }

  /// The first character that a character leads to, if it is in the table.
  func first(of point: UInt32) -> UInt32? { index(of: point).map { characters[Int(starts[$0])] } }

  private func index(of point: UInt32) -> Int? {
    let page = Int(point >> 7)
    guard page + 1 < pages.count else { return nil }
    var low = Int(pages[page])
    var high = Int(pages[page + 1])
    while low < high {
      let middle = (low + high) / 2
      if points[middle] < point { low = middle + 1 } else { high = middle }
    }
    return low < points.count && points[low] == point ? low : nil
  }

  private init(_ text: StaticString) {
    var reader = PackedNumbers(text)
    var point: UInt32 = 0
    var last = [UInt32](repeating: 0, count: 32)
    while let distance = reader.next(), let head = reader.next() {
      let repetitions = head & 4 == 0 ? 0 : reader.next() ?? 0
      let steps = (0..<Int(head >> 3)).map { _ in reader.next() ?? 0 }
      for _ in 0...repetitions {
        point += distance
        points.append(point)
        bits.append(UInt8(head & 3))
        for (position, step) in steps.enumerated() where position < last.count {
          last[position] &+= step & 1 == 0 ? step >> 1 : 0 &- (step + 1) >> 1
          characters.append(last[position])
        }
        starts.append(UInt32(characters.count))
      }
    }
    var next = 0
    for page in 0...(0x110000 >> 7) {
      while next < points.count, points[next] >> 7 < page { next += 1 }
      pages.append(UInt16(next))
    }
  }
}

/// Numbers of seven bits a byte, the bytes in base64.
private struct PackedNumbers {
  private let text: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var bits: UInt32 = 0
  private var bitCount = 0

  init(_ text: StaticString) {
    self.text = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// The next number; nil at the end.
  mutating func next() -> UInt32? {
    var number: UInt32 = 0
    for shift in stride(from: UInt32(0), to: 32, by: 7) {
      guard let byte = nextByte() else { return nil }
      number |= UInt32(byte & 0x7F) << shift
      if byte < 0x80 { return number }
    }
    return nil
  }

  private mutating func nextByte() -> UInt8? {
    while bitCount < 8 {
      guard position < text.count, let value = PackedNumbers.value(text[position]) else { return nil }
      position += 1
      bits = bits << 6 | value
      bitCount += 6
    }
    bitCount -= 8
    return UInt8(truncatingIfNeeded: bits >> UInt32(bitCount))
  }

  private static func value(_ digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
