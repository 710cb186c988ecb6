public import Policy

/// Where counts are kept, as a URL says it.
public enum StoreURL: Sendable, Equatable {
  /// In memory: they end with the process.
  case memory
  /// In the file that policies count in which say nothing of it.
  case standardFile
  /// In this file. A path that begins with `~/` is one below the user's home.
  case file(String)
  /// In a Redis server: the URL as it is written. It may hold a password.
  case redis(String)

  /// Why a text says of no place where counts can be kept. Quotes nothing that could be a password.
  public struct Problem: Error, Sendable, Equatable {
    /// Completes the sentence "the URL …".
    public let message: String
    /// What to write instead.
    public let hint: String
  }

  /// The longest URL, in bytes.
  static let longest = 4096
  private static let schemes = ["memory", "sqlite", "redis", "rediss", "redis+unix", "unix"]

  /// Reads a URL: `memory:`, `sqlite:`, `sqlite:PATH`, or that of a Redis server.
  ///
  /// - Throws: what is wrong with it.
  public init(_ text: String) throws(Problem) {
    guard text.utf8.count <= StoreURL.longest else {
      throw Problem(message: "is longer than \(StoreURL.longest) bytes", hint: "write a shorter one")
    }
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw Problem(message: "has a control character in it", hint: "remove it")
    }
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
      throw Problem(
        message: "names no kind of store",
        hint: text == "memory" || text == "sqlite"
          ? "write \"\(text):\"" : "write \"sqlite:PATH\" for a file, \"redis://HOST\" for a server, or \"memory:\"")
    }
    let rest = String(text[text.utf8.index(after: colon)...])
    switch String(text[..<colon]) {
    case "memory":
      guard rest.isEmpty else {
        throw Problem(message: "has something behind \"memory:\"", hint: "write \"memory:\"")
      }
      self = .memory
    case "sqlite": self = rest.isEmpty ? .standardFile : .file(try StoreURL.path(rest))
    case "redis", "rediss":
      let authority = rest.dropFirst(2).prefix { $0 != "/" && $0 != "?" }
      let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
      guard rest.hasPrefix("//"), !host.isEmpty, !host.hasPrefix(":") else {
        throw Problem(message: "names no host", hint: "write \"\(text[..<colon])://HOST:6379\"")
      }
      self = .redis(text)
    case "redis+unix", "unix":
      guard rest.hasPrefix("///"), rest.utf8.count > 3 else {
        throw Problem(message: "names no socket", hint: "write \"redis+unix:///PATH\", with a path from the root")
      }
      self = .redis(text)
    case let scheme:
      throw Problem(
        message: "begins with \(quoted(scheme + ":", limit: 20)), which is no kind of store",
        hint: Spelling.nearest(to: scheme, among: StoreURL.schemes).map { "did you mean \"\($0):\"?" }
          ?? "write \"sqlite:PATH\" for a file, \"redis://HOST\" for a server, or \"memory:\"")
    }
  }

  private static func path(_ text: String) throws(Problem) -> String {
    if text == ":memory:" { throw Problem(message: "names no file", hint: "write \"memory:\"") }
    if text.hasSuffix("/") || text == "~" || text == "." || text.hasSuffix("/.") || text.hasSuffix("..") {
      throw Problem(message: "names a folder", hint: "write the file's name behind it: \"sqlite:FOLDER/counters.db\"")
    }
    if text.hasPrefix("//"), !text.hasPrefix("///") {
      throw Problem(message: "names a host", hint: "write \"sqlite:PATH\", without slashes before a file's path")
    }
    return text
  }

  /// The same place, a relative path being seen from the folder.
  func seen(from folder: String) -> StoreURL {
    guard case .file(let path) = self, !path.hasPrefix("~/") else { return self }
    return .file(FilePaths.join(folder, path))
  }
}

/// What `store:` says: where counts are kept, and what becomes of calls when they cannot be.
public struct StoreSetting: Sendable, Equatable {
  /// What becomes of a call that cannot be counted.
  public enum OnFailure: String, Sendable, CaseIterable {
    /// It is refused.
    case refuse
    /// It passes, uncounted.
    case allow
  }

  /// Where counts are kept.
  public var url = StoreURL.standardFile
  /// What becomes of calls that cannot be counted there.
  public var onFailure = OnFailure.refuse
  /// Where the policy says so; nil where it says nothing.
  public var place: Place?

  /// What holds where a policy says nothing: the standard file, without which nothing passes that is counted.
  public init() {}
}
