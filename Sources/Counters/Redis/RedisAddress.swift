/// Where a Redis server is, who we are there, and where in it counts are kept.
///
/// Written as a URL: `redis://[user[:password]@]host[:port][/database][?prefix=…]`; `rediss://…` for TLS, with
/// `?ca=/path` for an authority of one's own; `redis+unix:///path?db=0&prefix=…` or `unix:///path` for a Unix socket.
/// What has a meaning in a URL is written as `%` and two hexadecimal digits in a password.
public struct RedisAddress: Sendable, Equatable {
  /// Where it listens.
  enum Endpoint: Sendable, Equatable {
    case host(String, port: Int)
    case socket(String)
  }

  /// What protects the way there.
  enum Protection: Sendable, Equatable {
    case none
    /// TLS, whose certificate is checked against the system's authorities, or those of a file.
    case tls(authorities: String?)
  }

  /// The port where none is written.
  private static let usualPort = 6379
  private static let usualPrefix = "moongate:"
  private static let longestPrefix = 128
  private static let longestSocketPath = 107
  private static let longestText = 4096

  let endpoint: Endpoint
  let protection: Protection
  let user: String?
  let password: String?
  let database: Int
  /// What all keys begin with.
  let prefix: String

  /// Reads a URL.
  public init(_ text: String) throws(RedisAddressError) {
    var rest = Substring(text)
    guard text.utf8.count <= RedisAddress.longestText else { throw RedisAddressError("the address is too long") }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw RedisAddressError(
        "the address holds a space, a control character or a letter beyond ASCII; write it as % and two digits")
    }
    let scheme = try RedisAddress.scheme(&rest)
    guard !rest.utf8.contains(UInt8(ascii: "#")) else {
      throw RedisAddressError("the address holds a #; write it as %23")
    }
    let query = RedisAddress.cut(&rest, at: "?")
    let path = RedisAddress.cut(&rest, at: "/")
    for part in [query, path].compactMap({ $0 }) where part.utf8.contains(UInt8(ascii: "@")) {
      throw RedisAddressError(
        "an @ stands behind the host; in a user or password write / as %2F, ? as %3F and @ as %40")
    }
    (user, password) = try RedisAddress.credentials(&rest)
    var options = try RedisAddress.options(query, of: scheme)
    if scheme == .socket {
      guard rest.isEmpty else {
        throw RedisAddressError("a Unix socket has no host; write three slashes: unix:///path")
      }
      let socket = try RedisAddress.decoded(path ?? "", "the path of the socket")
      guard !socket.isEmpty else { throw RedisAddressError("the path of the socket is missing: unix:///path") }
      guard socket.utf8.count < RedisAddress.longestSocketPath, !socket.utf8.contains(0) else {
        throw RedisAddressError("the path of the socket is longer than a Unix socket's can be")
      }
      endpoint = .socket("/" + socket)
    } else {
      endpoint = try RedisAddress.host(rest)
      if let path, !path.isEmpty {
        guard options["db"] == nil else { throw RedisAddressError("the database is named twice, as path and as db") }
        options["db"] = String(path)
      }
    }
    protection = scheme == .tls ? .tls(authorities: options["ca"]) : .none
    database = try options["db"].map(RedisAddress.database) ?? 0
    prefix = try options["prefix"].map(RedisAddress.prefix) ?? RedisAddress.usualPrefix
  }

  // MARK: Parts

  private enum Scheme {
    case plain, tls, socket

    /// The options that may stand behind the question mark.
    var options: [String] {
      switch self {
      case .plain: ["db", "prefix"]
      case .tls: ["ca", "db", "prefix"]
      case .socket: ["db", "prefix"]
      }
    }
  }

  private static func scheme(_ rest: inout Substring) throws(RedisAddressError) -> Scheme {
    let schemes: [(String, Scheme)] = [
      ("redis://", .plain), ("rediss://", .tls), ("redis+unix://", .socket), ("unix://", .socket),
    ]
    for (word, scheme) in schemes where rest.hasPrefix(word) {
      rest = rest.dropFirst(word.count)
      return scheme
    }
    throw RedisAddressError("the address begins with none of redis://, rediss://, redis+unix:// and unix://")
  }

  /// What stands behind the first of that character; it and what follows is taken off.
  private static func cut(_ rest: inout Substring, at character: Character) -> Substring? {
    guard let place = rest.firstIndex(of: character) else { return nil }
    defer { rest = rest[..<place] }
    return rest[rest.index(after: place)...]
  }

  private static func credentials(
    _ rest: inout Substring
  ) throws(RedisAddressError) -> (user: String?, password: String?) {
    guard let end = rest.firstIndex(of: "@") else { return (nil, nil) }
    var user = rest[..<end]
    rest = rest[rest.index(after: end)...]
    guard !rest.contains("@") else {
      throw RedisAddressError("there are two @ in the address; in a user or password write it as %40")
    }
    guard let password = cut(&user, at: ":"), !password.isEmpty else {
      throw RedisAddressError("a user is named without a password: user:password@host")
    }
    let name = try decoded(user, "the user")
    return (name.isEmpty ? nil : name, try decoded(password, "the password"))
  }

  private static func host(_ text: Substring) throws(RedisAddressError) -> Endpoint {
    var host = text
    var port: Substring?
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { throw RedisAddressError("the host's [ is not closed") }
      host = text[text.index(after: text.startIndex)..<end]
      let behind = text[text.index(after: end)...]
      guard behind.isEmpty || behind.hasPrefix(":") else {
        throw RedisAddressError("behind the host's ] stands no port")
      }
      port = behind.isEmpty ? nil : behind.dropFirst()
      guard host.utf8.contains(UInt8(ascii: ":")), host.utf8.allSatisfy({ isHexadecimal($0) || ":.".utf8.contains($0) })
      else { throw RedisAddressError("the host in [ ] is no IPv6 address") }
    } else {
      port = cut(&host, at: ":")
      let isName = host.utf8.allSatisfy {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20
          || "-._".utf8.contains($0)
      }
      guard isName else { throw RedisAddressError("the host holds a character that no name of a host has") }
    }
    guard !host.isEmpty else { throw RedisAddressError("the address names no host: redis://host") }
    guard let port else { return .host(String(host), port: usualPort) }
    guard let number = number(port), (1...65_535).contains(number) else {
      throw RedisAddressError("the port is no number from 1 to 65535")
    }
    return .host(String(host), port: number)
  }

  private static func options(
    _ query: Substring?, of scheme: Scheme
  ) throws(RedisAddressError) -> [String: String] {
    var options: [String: String] = [:]
    for option in (query ?? "").split(separator: "&", omittingEmptySubsequences: true) {
      var key = option
      let value = cut(&key, at: "=")
      // What was written there may be part of a password, and is not repeated.
      guard let value, let known = scheme.options.first(where: { $0 == key }) else {
        throw RedisAddressError(
          "behind the ? stands another option than \(scheme.options.map { $0 + "=" }.joined(separator: ", "))")
      }
      guard options[known] == nil else { throw RedisAddressError("\(known)= is given twice") }
      let decoded = try decoded(value, "\(known)=")
      guard !decoded.isEmpty, !decoded.utf8.contains(0) else { throw RedisAddressError("\(known)= has no value") }
      options[known] = decoded
    }
    return options
  }

  private static func database(_ text: String) throws(RedisAddressError) -> Int {
    guard let number = number(Substring(text)), number < 1_000_000 else {
      throw RedisAddressError("the database is no number from 0 on")
    }
    return number
  }

  private static func prefix(_ text: String) throws(RedisAddressError) -> String {
    guard text.utf8.count <= longestPrefix, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw RedisAddressError("the prefix is longer than \(longestPrefix) bytes, or holds a control character")
    }
    return text
  }

  private static func number(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    else { return nil }
    return Int(text)
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool { digit(byte) != nil }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// A part of the URL without its percents.
  private static func decoded(_ text: Substring, _ part: String) throws(RedisAddressError) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
        throw RedisAddressError("a % in \(part) is not followed by two hexadecimal digits; write % as %25")
      }
      bytes.append(high << 4 | low)
    }
    guard let decoded = String(validating: bytes, as: UTF8.self) else {
      throw RedisAddressError("\(part) is no text in UTF-8")
    }
    return decoded
  }
}

extension RedisAddress: CustomStringConvertible {
  /// Where it is, for people: never the user or password.
  public var description: String {
    switch endpoint {
    case .host(let host, let port): host.contains(":") ? "Redis at [\(host)]:\(port)" : "Redis at \(host):\(port)"
    case .socket(let path): "Redis at \(path)"
    }
  }
}

/// Why an address cannot be read, for people. Repeats nothing of it: a password may stand anywhere in it.
public struct RedisAddressError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, and how it is written.
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
