internal import Glibc

/// A name as the protocol means it: a tool, a member, a method, a URI.
///
/// Two names are equal if their code points are. Swift's own `String` equality folds canonically equivalent
/// spellings, which would let two different names pass for one; this type never does.
public struct Name: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The name as text. Compare `Name` values, not this.
  public let text: String

  /// A name of the given text, unchanged.
  public init(_ text: String) {
    var text = text
    text.makeContiguousUTF8()
    self.text = text
  }

  /// A name written in source.
  public init(stringLiteral value: String) {
    self.init(value)
  }

  /// The name itself.
  public var description: String { text }
}

extension Name: Hashable {
  /// Equality by code point.
  public static func == (left: Name, right: Name) -> Bool {
    guard left.text.utf8.count == right.text.utf8.count else { return false }
    let isEqual = left.text.utf8.withContiguousStorageIfAvailable { left in
      right.text.utf8.withContiguousStorageIfAvailable { right in
        left.count == 0
          || memcmp(left.baseAddress.unsafelyUnwrapped, right.baseAddress.unsafelyUnwrapped, left.count) == 0
      }
    }
    // Both are contiguous since they were made; the slow way is for a standard library that keeps them otherwise.
    return (isEqual ?? nil) ?? left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Hashes the UTF-8 bytes, to agree with `==`.
  public func hash(into hasher: inout Hasher) {
    let isHashed: Void? = text.utf8.withContiguousStorageIfAvailable {
      hasher.combine(bytes: UnsafeRawBufferPointer($0))
    }
    if isHashed == nil { for byte in text.utf8 { hasher.combine(byte) } }
    hasher.combine(0xFF as UInt8)
  }
}

extension Name: Comparable {
  /// Order by UTF-8 bytes, which is the order of code points.
  public static func < (left: Name, right: Name) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}
