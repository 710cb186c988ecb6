/// A normalization form of Unicode (UAX #15), by the data of Unicode 15.0.
package enum NormalizationForm: String, CaseIterable, Sendable {
  /// Canonical decomposition, then composition.
  case nfc = "NFC"
  /// Canonical decomposition.
  case nfd = "NFD"
  /// Compatibility decomposition, then composition.
  case nfkc = "NFKC"
  /// Compatibility decomposition.
  case nfkd = "NFKD"

  /// The most characters that a text may have once it is decomposed.
  package static let longest = 1 << 21

  /// The text in this form; nil where it has more than ``longest`` characters on the way.
  package func normalized(_ text: String) -> String? {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    guard var points = decomposed(text.unicodeScalars.lazy.map(\.value)) else { return nil }
    if self == .nfc || self == .nfkc { NormalizationForm.compose(&points) }
    return String(points: points)
  }

  /// The characters, decomposed and in canonical order; nil where there are more than ``longest``.
  func decomposed(_ points: some Sequence<UInt32>) -> [UInt32]? {
    let isCompatible = self == .nfkc || self == .nfkd
    var output: [UInt32] = []
    var pending: [UInt32] = []
    var isOrdered = true
    var lastClass: UInt8 = 0
    for point in points {
      pending.append(point)
      while let point = pending.popLast() {
        if NormalizationForm.appendSyllable(point, to: &output) {
          lastClass = 0
        } else if let entry = NormalizationForm.decomposition(of: point), isCompatible || entry.bits & 1 == 0 {
          pending.append(contentsOf: entry.characters.reversed())
        } else {
          let combiningClass = NormalizationForm.combiningClass(of: point)
          if combiningClass != 0, combiningClass < lastClass { isOrdered = false }
          lastClass = combiningClass
          output.append(point)
        }
      }
      guard output.count <= NormalizationForm.longest else { return nil }
    }
    if !isOrdered { NormalizationForm.order(&output) }
    return output
  }

  /// Sorts each run of characters that combine by their classes, those of one class in the order in which they stand.
  private static func order(_ points: inout [UInt32]) {
    var start = 0
    while start < points.count {
      var run: [(combiningClass: UInt8, position: Int, point: UInt32)] = []
      while start + run.count < points.count {
        let point = points[start + run.count]
        let combiningClass = combiningClass(of: point)
        if combiningClass == 0 { break }
        run.append((combiningClass, run.count, point))
      }
      run.sort { ($0.combiningClass, $0.position) < ($1.combiningClass, $1.position) }
      for (offset, character) in run.enumerated() { points[start + offset] = character.point }
      start += run.count + 1
    }
  }

  /// Puts together what can be (UAX #15, D117), in place.
  private static func compose(_ points: inout [UInt32]) {
    var end = 0
    var starter: Int?
    var lastClass: UInt8 = 0
    for point in points {
      let combiningClass = combiningClass(of: point)
      let isBlocked = starter.map { end - 1 != $0 && (lastClass == 0 || lastClass >= combiningClass) } ?? true
      if let starter, !isBlocked, let whole = composition(of: points[starter], point) {
        points[starter] = whole
        continue
      }
      points[end] = point
      if combiningClass == 0 { starter = end }
      lastClass = combiningClass
      end += 1
    }
    points.removeSubrange(end...)
  }

  private static let compositions: [UInt64: UInt32] = {
    var compositions: [UInt64: UInt32] = [:]
    for (index, point) in CharacterTable.decompositions.points.enumerated() {
      let entry = CharacterTable.decompositions.entry(at: index)
      guard entry.bits == 0, let first = entry.characters.first, let second = entry.characters.last else { continue }
      compositions[UInt64(first) << 32 | UInt64(second)] = point
    }
    return compositions
  }()

  private static func decomposition(of point: UInt32) -> CharacterTable.Entry? {
    point < 0xA0 ? nil : CharacterTable.decompositions[point]
  }

  private static func combiningClass(of point: UInt32) -> UInt8 {
    guard point >= 0x300 else { return 0 }
    return UInt8(truncatingIfNeeded: CharacterTable.combiningClasses.first(of: point) ?? 0)
  }

  // MARK: Hangul, which needs no table (The Unicode Standard, 3.12)

  private static let syllables: Range<UInt32> = 0xAC00..<0xD7A4
  private static let leading: Range<UInt32> = 0x1100..<0x1113
  private static let vowels: Range<UInt32> = 0x1161..<0x1176
  /// The first of them stands for none.
  private static let trailing: Range<UInt32> = 0x11A7..<0x11C3

  private static func appendSyllable(_ point: UInt32, to output: inout [UInt32]) -> Bool {
    guard syllables.contains(point) else { return false }
    let index = point - syllables.lowerBound
    output.append(leading.lowerBound + index / (21 * 28))
    output.append(vowels.lowerBound + index / 28 % 21)
    if index % 28 > 0 { output.append(trailing.lowerBound + index % 28) }
    return true
  }

  private static func composition(of first: UInt32, _ second: UInt32) -> UInt32? {
    if leading.contains(first), vowels.contains(second) {
      let syllable = (first - leading.lowerBound) * 21 + second - vowels.lowerBound
      return syllables.lowerBound + syllable * 28
    }
    if syllables.contains(first), (first - syllables.lowerBound) % 28 == 0, second > trailing.lowerBound,
      trailing.contains(second)
    {
      return first + second - trailing.lowerBound
    }
    return compositions[UInt64(first) << 32 | UInt64(second)]
  }
}

extension String {
  /// The text of these code points, all of which are scalars.
  init(points: some Sequence<UInt32>) {
    var scalars = String.UnicodeScalarView()
    for point in points {
      if let scalar = Unicode.Scalar(point) { scalars.append(scalar) }
    }
    self = String(scalars)
  }
}
