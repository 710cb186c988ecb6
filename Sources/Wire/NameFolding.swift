@_spi(_Unicode) import Swift

/// Which names another parser, or a reader's eye, could take for one another.
///
/// Two names are aliases if they differ and their folded forms are equal. The folded form covers
///
/// - letter case, full and simple, as `strings.EqualFold` of Go, `equalsIgnoreCase` of Java and Unicode's case folding
///   see it: `ſ` and `K` (Kelvin) are `s` and `k`, `ß` and `ẞ` are `ss`, final `ς` is `σ`, dotless `ı` and
///   dotted `İ` are `i`;
/// - canonical equivalence (NFD): a letter with its accent as one code point or two;
/// - fullwidth forms of ASCII: `ｎａｍｅ`;
/// - the end of a string in C: U+0000 and whatever follows it (one that comes first is left out);
/// - what cannot be seen: control and format characters, default-ignorable code points (zero-width spaces and joiners,
///   variation selectors, tags, fillers), white space at either end; and white space of every kind as U+0020 elsewhere.
///
/// It does not cover look-alikes (Cyrillic `а`), other compatibility characters (`ﬁ`, `𝐧`), or underscores and hyphens:
/// no parser that is known merges those.
public enum NameFolding {
  /// The form that all aliases of a name share. Folding it again changes nothing.
  public static func folded(_ name: Name) -> Name {
    var text = name.text
    if let ascii = text.withUTF8(foldedASCII) { return ascii }
    // A case mapping may yield what decomposes or folds further (`ẞ` becomes `ß` becomes `ss`), and dropping what stood
    // between two marks may put them out of their order.
    var pass = Pass()
    repeat {
      pass = Pass()
      for scalar in text._nfd {
        if scalar.value == 0, !pass.folded.isEmpty { break }
        pass.append(scalar)
      }
      text = String(pass.folded)
    } while !pass.isSettled
    return Name(trimmed(text))
  }

  /// Whether the two differ, but only in what ``folded(_:)`` makes equal.
  public static func isAlias(_ name: Name, of other: Name) -> Bool {
    name != other && folded(name) == folded(other)
  }

  /// One pass over the canonical decomposition of a name.
  private struct Pass {
    var folded = String.UnicodeScalarView()
    /// Whether another pass would change nothing.
    var isSettled = true

    mutating func append(_ scalar: Unicode.Scalar) {
      switch scalar.value {
      case 0x41...0x5A: folded.append(Unicode.Scalar(UInt8(scalar.value | 0x20)))
      case 0x09...0x0D: folded.append(" ")
      case 0x20...0x7E: folded.append(scalar)
      case 0xFF01...0xFF5E: append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
      // Braille's blank pattern has a width and nothing else.
      case 0x2800: folded.append(" ")
      // `İ` decomposes into `I` and this; nothing else puts it above an `i`.
      case 0x0307 where folded.last == "i": isSettled = false
      default: appendOther(scalar)
      }
    }

    private mutating func appendOther(_ scalar: Unicode.Scalar) {
      let properties = scalar.properties
      if properties.isWhitespace {
        folded.append(" ")
      } else if isInvisible(properties) {
        isSettled = false
      } else if properties.changesWhenCaseMapped {
        var mapped = String.UnicodeScalarView()
        for upper in properties.uppercaseMapping.unicodeScalars {
          mapped.append(contentsOf: upper.properties.lowercaseMapping.unicodeScalars)
        }
        folded.append(contentsOf: mapped)
        if !mapped.elementsEqual(CollectionOfOne(scalar)) { isSettled = false }
      } else {
        folded.append(scalar)
      }
    }

    private func isInvisible(_ properties: Unicode.Scalar.Properties) -> Bool {
      switch properties.generalCategory {
      case .control, .format: true
      default: properties.isDefaultIgnorableCodePoint
      }
    }
  }

  private static func trimmed(_ text: String) -> String {
    var scalars = text.unicodeScalars[...]
    while scalars.first == " " { scalars.removeFirst() }
    while scalars.last == " " { scalars.removeLast() }
    return String(scalars)
  }

  /// The folded form of a name of printable ASCII; nil for every other.
  private static func foldedASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Name? {
    guard isPlainASCII(bytes) else { return nil }
    return Name(
      String(unsafeUninitializedCapacity: bytes.count) { buffer in
        for index in 0..<bytes.count { buffer[index] = lowercased(bytes[index]) }
        return bytes.count
      })
  }

  /// Whether the bytes are printable ASCII that neither begins nor ends with a space: folding then is lowercasing.
  @inline(__always)
  static func isPlainASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = bytes.first, let last = bytes.last else { return true }
    if first == 0x20 || last == 0x20 { return false }
    for byte in bytes where byte &- 0x20 >= 0x5F { return false }
    return true
  }

  @inline(__always)
  static func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }

  /// Whether two runs of plain ASCII fold to the same.
  @inline(__always)
  package static func foldEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    for index in 0..<left.count where lowercased(left[index]) != lowercased(right[index]) { return false }
    return true
  }
}
