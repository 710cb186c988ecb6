/// Internationalized labels of host names (RFC 3492, RFC 5891).
enum Punycode {
  /// Whether a label begins with `xn--`, in any case.
  static func isMarked(_ label: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard label.count >= 4 else { return false }
    let start = label.startIndex
    return label[start] | 0x20 == UInt8(ascii: "x") && label[start + 1] | 0x20 == UInt8(ascii: "n")
      && label[start + 2] == UInt8(ascii: "-") && label[start + 3] == UInt8(ascii: "-")
  }

  /// Whether what follows `xn--` stands for a label that could be registered: it decodes, to something beyond ASCII,
  /// of characters that labels have, and encodes again to the same text but for case.
  static func isValid(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let lowered = text.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
    guard let label = decode(lowered), label.contains(where: { $0.value >= 0x80 }), encode(label) == lowered else {
      return false
    }
    return label.allSatisfy(isLabelCharacter) && !(label.first.map(isMark) ?? true)
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }

  /// No capitals and no variants (they stand for other characters), nothing invisible, unassigned or private. Of what
  /// folding would change, IDNA 2008 keeps the sharp s and the final sigma.
  private static func isLabelCharacter(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 || scalar == "ß" || scalar == "ς" { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator, .paragraphSeparator:
      return false
    default:
      return !scalar.properties.changesWhenNFKCCaseFolded
    }
  }

  private static let base = 36
  private static let tMin = 1
  private static let tMax = 26
  private static let initialBias = 72
  private static let initialN = 0x80

  private static func adapt(_ delta: Int, count: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / 700 : delta / 2
    delta += delta / count
    var k = 0
    while delta > ((base - tMin) * tMax) / 2 {
      delta /= base - tMin
      k += base
    }
    return k + (base - tMin + 1) * delta / (delta + 38)
  }

  private static func threshold(_ k: Int, _ bias: Int) -> Int {
    k <= bias ? tMin : min(k - bias, tMax)
  }

  /// RFC 3492, 6.2. At most 59 characters come in, so that nothing overflows 64 bits before it is found too large.
  static func decode(_ text: [UInt8]) -> [Unicode.Scalar]? {
    var output: [Unicode.Scalar] = []
    var position = 0
    if let delimiter = text.lastIndex(of: UInt8(ascii: "-")) {
      guard delimiter > 0 else { return nil }
      output = text[..<delimiter].map { Unicode.Scalar($0) }
      position = delimiter + 1
    }
    var n = initialN
    var i = 0
    var bias = initialBias
    while position < text.count {
      let old = i
      var weight = 1
      var k = base
      while true {
        guard position < text.count, let digit = digitValue(text[position]) else { return nil }
        position += 1
        i += digit * weight
        guard i <= Int(UInt32.max) else { return nil }
        let t = threshold(k, bias)
        if digit < t { break }
        weight *= base - t
        guard weight <= Int(UInt32.max) else { return nil }
        k += base
      }
      bias = adapt(i - old, count: output.count + 1, isFirst: old == 0)
      n += i / (output.count + 1)
      i %= output.count + 1
      guard n <= 0x10FFFF, let scalar = Unicode.Scalar(UInt32(n)) else { return nil }
      output.insert(scalar, at: i)
      i += 1
    }
    return output
  }

  /// RFC 3492, 6.3.
  static func encode(_ label: [Unicode.Scalar]) -> [UInt8] {
    var output = label.filter { $0.value < 0x80 }.map { UInt8($0.value) }
    let basic = output.count
    var handled = basic
    if basic > 0 { output.append(UInt8(ascii: "-")) }
    var n = initialN
    var delta = 0
    var bias = initialBias
    while handled < label.count {
      guard let next = label.map({ Int($0.value) }).filter({ $0 >= n }).min() else { break }
      delta += (next - n) * (handled + 1)
      n = next
      for scalar in label {
        if Int(scalar.value) < n { delta += 1 }
        guard Int(scalar.value) == n else { continue }
        var q = delta
        var k = base
        while true {
          let t = threshold(k, bias)
          if q < t { break }
          output.append(digit(t + (q - t) % (base - t)))
          q = (q - t) / (base - t)
          k += base
        }
        output.append(digit(q))
        bias = adapt(delta, count: handled + 1, isFirst: handled == basic)
        delta = 0
        handled += 1
      }
      delta += 1
      n += 1
    }
    return output
  }

  private static func digitValue(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a"))
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) + 26
    default: nil
    }
  }

  private static func digit(_ value: Int) -> UInt8 {
    UInt8(value < 26 ? value + Int(UInt8(ascii: "a")) : value - 26 + Int(UInt8(ascii: "0")))
  }
}
