import Policy

extension HostFunctions {
  /// `path`: paths of POSIX as text.
  static let path: [HostFunction] = [
    HostFunction(
      "path.clean", "path.clean(path)",
      [
        "The path in its shortest spelling: without empty and `.` segments, each `..` resolved as far as it goes, no",
        "slash at the end. Or nil and why programs could read it differently: it is empty, is not UTF-8, has a NUL, a",
        "backslash, or an escape such as %2e or %2f in it, begins with two slashes, a tilde or a drive's letter, or climbs",
        "above `/`. It is text alone: symbolic links are not known here.", "@param path string",
        "@return string? path", "@return string? why",
      ], examples: [#"path.clean("/a//b/../c/") == "/a/c""#, #"path.clean("/a/%2e%2e/b") == nil"#], price: 8
    ) { arguments, outcome in
      do throws(PurePath.Problem) {
        outcome.append(try clean(arguments, 0).text)
      } catch {
        outcome.append(.none)
        outcome.append("the path \(error.description)")
      }
    },
    HostFunction(
      "path.within", "path.within(root, path)",
      [
        "Whether a path stays at or below root, from which it begins if it is not absolute; if not, why. What path.clean",
        "refuses does not. An error where root is no absolute path. It is text alone: symbolic links are not known here.",
        "@param root string", "@param path string", "@return boolean inside", "@return string? why",
      ],
      examples: [
        #"path.within("/srv/data", "reports/may.csv")"#, #"not path.within("/srv/data", "../secret")"#,
        #"not path.within("/srv/data", "/srv/database")"#,
      ], price: 8
    ) { arguments, outcome in
      guard let root = try? clean(arguments, 0), root.isAbsolute else {
        return outcome.fail("path.within: root is an absolute path, not \(arguments.shown(0))")
      }
      var objection: String?
      do throws(PurePath.Problem) {
        if try !clean(arguments, 1).isWithin(root) { objection = "leads out of \(root.text)" }
      } catch {
        objection = error.description
      }
      outcome.append(.bool(objection == nil))
      if let objection { outcome.append("the path \(objection)") }
    },
  ]

  private static func clean(_ arguments: HostArguments, _ index: Int) throws(PurePath.Problem) -> PurePath {
    guard let bytes = arguments.bytes(index) else {
      throw PurePath.Problem(description: "is not a string but \(arguments.shown(index))")
    }
    return try PurePath(bytes)
  }
}
