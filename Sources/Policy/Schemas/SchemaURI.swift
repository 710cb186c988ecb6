import Wire

/// References between schemas: RFC 3986, 5.2, over bytes.
enum SchemaURI {
  private struct Parts {
    var scheme: ArraySlice<UInt8>?
    var authority: ArraySlice<UInt8>?
    var path: ArraySlice<UInt8>
    var query: ArraySlice<UInt8>?

    /// The parts of a text without a fragment.
    init(_ text: ArraySlice<UInt8>) {
      var rest = text
      let scheme = rest.prefix {
        ASCIIClass.isLetter($0) || ASCIIClass.isDigit($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
          || $0 == UInt8(ascii: ".")
      }
      if let first = scheme.first, ASCIIClass.isLetter(first), scheme.endIndex < rest.endIndex,
        rest[scheme.endIndex] == UInt8(ascii: ":")
      {
        self.scheme = scheme
        rest = rest[(scheme.endIndex + 1)...]
      }
      if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
        query = rest[(mark + 1)...]
        rest = rest[..<mark]
      }
      if rest.starts(with: "//".utf8) {
        let authority = rest.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
        self.authority = authority
        rest = rest[authority.endIndex...]
      }
      path = rest
    }

    var text: Name {
      var bytes: [UInt8] = []
      if let scheme { bytes += scheme + [UInt8(ascii: ":")] }
      if let authority { bytes += Array("//".utf8) + authority }
      bytes += path
      if let query { bytes += [UInt8(ascii: "?")] + query }
      return Name(String(decoding: bytes, as: UTF8.self))
    }
  }

  /// A reference, split at its `#`.
  static func split(_ reference: String) -> (address: Name, fragment: [UInt8]) {
    let bytes = Array(reference.utf8)
    guard let hash = bytes.firstIndex(of: UInt8(ascii: "#")) else { return (Name(reference), []) }
    return (Name(String(decoding: bytes[..<hash], as: UTF8.self)), decoded(bytes[(hash + 1)...]))
  }

  /// What a reference without a fragment means where it stands.
  static func resolve(_ reference: Name, against base: Name) -> Name {
    guard !reference.text.isEmpty else { return base }
    var target = Parts(Array(reference.text.utf8)[...])
    if target.scheme == nil {
      let base = Parts(Array(base.text.utf8)[...])
      target.scheme = base.scheme
      if target.authority == nil {
        target.authority = base.authority
        if target.path.isEmpty {
          target.path = base.path
          target.query = target.query ?? base.query
        } else if target.path.first != UInt8(ascii: "/") {
          let folder = base.path.lastIndex(of: UInt8(ascii: "/")).map { base.path[...$0] } ?? []
          let root: ArraySlice<UInt8> = base.authority != nil && folder.isEmpty ? [UInt8(ascii: "/")] : folder
          target.path = (root + target.path)[...]
        }
      }
    }
    target.path = withoutDots(target.path)
    return target.text
  }

  private static func withoutDots(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard path.contains(UInt8(ascii: ".")) else { return path }
    let segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    var kept: [ArraySlice<UInt8>] = []
    for (position, segment) in segments.enumerated() {
      let isLast = position + 1 == segments.count
      if segment.elementsEqual("..".utf8) {
        if kept.count > 1 || kept.first.map({ !$0.isEmpty }) ?? false { kept.removeLast() }
        if isLast { kept.append([]) }
      } else if segment.elementsEqual(".".utf8) {
        if isLast { kept.append([]) }
      } else {
        kept.append(segment)
      }
    }
    return Array(kept.joined(separator: [UInt8(ascii: "/")]))[...]
  }

  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
        rest.count >= 2
      {
        result.append(value)
        rest = rest.dropFirst(2)
      } else {
        result.append(byte)
      }
    }
    return result
  }
}
