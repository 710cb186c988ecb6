/// Paths as text: nothing here looks at the file system.
enum FilePaths {
  /// The folder that a file lies in: empty for a bare name.
  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// `path` as seen from where `folder` is seen from. Absolute paths stay, a leading `./` goes.
  static func join(_ folder: String, _ path: String) -> String {
    var path = path[...]
    if path.utf8.first == UInt8(ascii: "/") { return String(path) }
    while path.hasPrefix("./") {
      path = path.dropFirst(2)
      while path.utf8.first == UInt8(ascii: "/") { path = path.dropFirst() }
    }
    if folder.isEmpty { return String(path) }
    return folder.hasSuffix("/") ? folder + path : folder + "/" + path
  }
}
