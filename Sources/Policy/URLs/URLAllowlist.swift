public import Wire

/// Where a URL may point: the operand of the `url` operator, and of the scripts' `url.allowed`.
///
/// An object of `schemes` (default https and http), `hosts` (exact names, `*.example.com` for the names under it, or
/// addresses; each with `:port` where it means another port than `ports` says; default any), `ports` (default the
/// scheme's own), `allow_private` and `allow_userinfo` (default false). Source: policy-language, "URLs".
public struct URLAllowlist: Sendable {
  private struct Host: Sendable {
    /// In lower case; of a wildcard, the name with the dot before it.
    var name: [UInt8]
    var isWildcard: Bool
    var kind: URLHost
    var port: Int?
  }

  private let schemes: [[UInt8]]
  private let hosts: [Host]?
  private let ports: [Int]?
  private let allowsPrivate: Bool
  private let allowsUserinfo: Bool

  private static let keys = ["allow_private", "allow_userinfo", "hosts", "ports", "schemes"]

  /// Compiles an operand.
  ///
  /// - Throws: an unknown key, or a host, port or scheme that no URL could have, with its place in the operand.
  public init(operand: JSON) throws(OperandError) {
    guard case .object(let members) = operand else {
      throw OperandError("url needs a map", hint: "{ hosts: [\"*.example.com\"], schemes: [https] }")
    }
    var schemes = [Array("https".utf8), Array("http".utf8)]
    var hosts: [Host]?
    var ports: [Int]?
    var allowsPrivate = false
    var allowsUserinfo = false
    _ = try members.readingEach { name, value throws(OperandError) in
      switch name.text {
      case "schemes": schemes = try URLAllowlist.list(value, "schemes", URLAllowlist.scheme)
      case "hosts": hosts = try URLAllowlist.list(value, "hosts", URLAllowlist.host)
      case "ports": ports = try URLAllowlist.list(value, "ports", URLAllowlist.port)
      case "allow_private": allowsPrivate = try URLAllowlist.flag(value, "allow_private")
      case "allow_userinfo": allowsUserinfo = try URLAllowlist.flag(value, "allow_userinfo")
      default:
        throw OperandError(
          "url has no \"\(Excerpt.cleaned(name.text))\"",
          hint: Spelling.hint(for: name.text, among: URLAllowlist.keys), at: [.member(name.text)])
      }
    }
    self.schemes = schemes
    self.hosts = hosts
    self.ports = ports
    self.allowsPrivate = allowsPrivate
    self.allowsUserinfo = allowsUserinfo
  }

  /// Why a URL is not allowed: completes the sentence "the URL …". Nil where it is allowed.
  public func objection(to text: String) -> String? {
    var text = text
    return text.withUTF8 { objection(to: $0) }
  }

  /// Why the URL of these UTF-8 bytes is not allowed: completes the sentence "the URL …". Nil where it is allowed.
  public func objection(to text: UnsafeBufferPointer<UInt8>) -> String? {
    do throws(StrictURL.Ambiguity) {
      return objection(to: try URLParts(text), of: text)
    } catch {
      return error.description
    }
  }

  /// Whether the URL of these UTF-8 bytes is allowed; unknown where parsers could read it differently, or not at all.
  func truth(of text: UnsafeBufferPointer<UInt8>) -> Truth {
    do throws(StrictURL.Ambiguity) {
      return objection(to: try URLParts(text), of: text) == nil ? .holds : .fails
    } catch {
      return .unknown
    }
  }

  private func objection(to url: URLParts, of text: UnsafeBufferPointer<UInt8>) -> String? {
    let scheme = text[url.scheme]
    guard schemes.contains(where: { URLAllowlist.equalIgnoringCase(scheme, $0) }) else {
      return "has the scheme \(shown(url.scheme, of: text)), which is not among \(URLAllowlist.listed(schemes))"
    }
    if url.userinfo != nil, !allowsUserinfo { return "has a user name or password before its host" }
    if !allowsPrivate, let what = special(url, of: text) {
      return "has the host \(shown(url.host, of: text)), \(what)"
    }
    let schemePort = URLAllowlist.defaultPort(scheme)
    let port = url.port ?? schemePort
    let hasCommonPort =
      if let ports { port.map(ports.contains) ?? false } else { port == schemePort }
    guard let hosts else { return hasCommonPort ? nil : portObjection(port) }
    var matchesName = false
    for host in hosts where matches(host, url, of: text) {
      if let own = host.port, own == port { return nil }
      if host.port == nil, hasCommonPort { return nil }
      matchesName = true
    }
    if matchesName { return portObjection(port) }
    return "has the host \(shown(url.host, of: text)), which is not among those allowed"
  }

  private func matches(_ host: Host, _ url: URLParts, of text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard case .name = url.hostKind else { return !host.isWildcard && host.kind == url.hostKind }
    guard case .name = host.kind else { return false }
    let name = text[url.host]
    if host.isWildcard {
      return name.count > host.name.count
        && URLAllowlist.equalIgnoringCase(name[(name.endIndex - host.name.count)...], host.name)
    }
    return URLAllowlist.equalIgnoringCase(name, host.name)
  }

  private func special(_ url: URLParts, of text: UnsafeBufferPointer<UInt8>) -> String? {
    switch url.hostKind {
    case .ipv4(let address): SpecialAddresses.describe(address)
    case .ipv6(let address): SpecialAddresses.describe(address)
    case .name: SpecialAddresses.describe(name: UnsafeBufferPointer(rebasing: text[url.host]))
    }
  }

  private func portObjection(_ port: Int?) -> String {
    port.map { "has the port \($0), which is not among those allowed" } ?? "names no port"
  }

  private func shown(_ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>) -> String {
    Excerpt.quoted(UnsafeBufferPointer(rebasing: text[range]))
  }

  private static func listed(_ schemes: [[UInt8]]) -> String {
    schemes.isEmpty ? "none" : schemes.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
  }

  /// Whether a text is `lowered` but for the case of ASCII letters.
  static func equalIgnoringCase(_ text: Slice<UnsafeBufferPointer<UInt8>>, _ lowered: [UInt8]) -> Bool {
    guard text.count == lowered.count else { return false }
    var position = text.startIndex
    for byte in lowered {
      let other = text[position]
      guard byte == (other &- UInt8(ascii: "A") < 26 ? other | 0x20 : other) else { return false }
      position += 1
    }
    return true
  }

  private static func defaultPort(_ scheme: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    for (name, port) in knownPorts where equalIgnoringCase(scheme, name) { return port }
    return nil
  }

  /// URL Standard, "special scheme".
  private static let knownPorts: [([UInt8], Int)] = [
    (Array("https".utf8), 443), (Array("http".utf8), 80), (Array("wss".utf8), 443), (Array("ws".utf8), 80),
    (Array("ftp".utf8), 21),
  ]

  private static func list<Element>(
    _ value: JSON, _ key: String, _ read: (JSON) throws(OperandError) -> Element
  ) throws(OperandError) -> [Element] {
    guard case .array(let values) = value else {
      throw OperandError("\(key) needs a list", hint: "[…]", at: [.member(key)])
    }
    return try values.enumerated().readingEach { position, value throws(OperandError) in
      do throws(OperandError) {
        return try read(value)
      } catch {
        throw OperandError(error.message, hint: error.hint, at: [.member(key), .element(position)])
      }
    }
  }

  private static func flag(_ value: JSON, _ key: String) throws(OperandError) -> Bool {
    guard case .bool(let flag) = value else {
      throw OperandError("\(key) is true or false", at: [.member(key)])
    }
    return flag
  }

  private static func scheme(_ value: JSON) throws(OperandError) -> [UInt8] {
    guard case .string(let text) = value, URLParts.isScheme(text.utf8) else {
      throw OperandError("this is no scheme", hint: "https")
    }
    return Array(text.lowercased().utf8)
  }

  private static func port(_ value: JSON) throws(OperandError) -> Int {
    guard case .number(let number) = value, let port = number.int64, 1...65535 ~= port else {
      throw OperandError("this is no port", hint: "a whole number of 1 to 65535")
    }
    return Int(port)
  }

  private static func host(_ value: JSON) throws(OperandError) -> Host {
    guard case .string(let text) = value else {
      throw OperandError("this is no host", hint: "\"hooks.example.com\" or \"*.example.com\"")
    }
    let isWildcard = text.utf8.starts(with: "*.".utf8)
    let bytes = Array("x://".utf8) + text.utf8.dropFirst(isWildcard ? 2 : 0)
    do throws(StrictURL.Ambiguity) {
      let parts = try bytes.withUnsafeBufferPointer { buffer -> Result<URLParts, StrictURL.Ambiguity> in
        Result { () throws(StrictURL.Ambiguity) in try URLParts(buffer) }
      }.get()
      guard parts.host.lowerBound == 4, parts.path.isEmpty, parts.query == nil, parts.fragment == nil else {
        throw StrictURL.Ambiguity("has more than a host and a port")
      }
      if isWildcard, parts.hostKind != .name { throw StrictURL.Ambiguity("has a * before an address") }
      let host = bytes[parts.host].map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
      return Host(
        name: isWildcard ? [UInt8(ascii: ".")] + host : host, isWildcard: isWildcard, kind: parts.hostKind,
        port: parts.port)
    } catch {
      throw OperandError(
        "\(Excerpt.quoted(text)) is no host: it \(error.description)", hint: hint(for: text))
    }
  }

  private static func hint(for text: String) -> String {
    if let scheme = text.firstIndex(of: ":"), text[scheme...].hasPrefix("://") {
      return "the host alone, without scheme and path: hooks.example.com"
    }
    if text.utf8.contains(where: { $0 >= 0x80 }) { return "the name as DNS has it, in punycode: xn--…" }
    return "hooks.example.com, *.example.com, hooks.example.com:8443, 203.0.113.7 or [2001:db8::7]"
  }
}
