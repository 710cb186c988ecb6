/// A URL that every common parser reads the same way, in its parts; whatever else a text may be is ambiguous.
///
/// Source: policy-language, "URLs". The text is ASCII without white space, control characters and backslashes; every
/// percent sign begins an escape, and none stands before the path.
public struct StrictURL: Sendable, Equatable {
  /// Why parsers could read a text differently, or not at all: which character or part is at fault.
  public struct Ambiguity: Error, Sendable, Equatable, CustomStringConvertible {
    /// Completes the sentence "the URL …"; bounded, and without anything unprintable.
    public let description: String
  }

  /// The scheme in lower case, without the colon.
  public let scheme: String
  /// What stands before `@`, where there is one.
  public let userinfo: String?
  /// The host in lower case: a name, an IPv4 address, or an IPv6 address in its brackets.
  public let host: String
  /// The port, where the URL states one: 1 to 65535.
  public let port: Int?
  /// From the slash on, as written; empty where there is none.
  public let path: String
  /// What follows `?`, as written.
  public let query: String?
  /// What follows `#`, as written.
  public let fragment: String?

  /// Reads a URL.
  ///
  /// - Throws: what keeps parsers from agreeing on it.
  public init(_ text: String) throws(Ambiguity) {
    var text = text
    let reading = text.withUTF8 { bytes -> Result<StrictURL, Ambiguity> in
      Result { () throws(Ambiguity) in StrictURL(try URLParts(bytes), of: bytes) }
    }
    self = try reading.get()
  }

  private init(_ parts: URLParts, of bytes: UnsafeBufferPointer<UInt8>) {
    func text(_ range: Range<Int>) -> String {
      String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }
    scheme = text(parts.scheme).lowercased()
    userinfo = parts.userinfo.map(text)
    host = text(parts.host).lowercased()
    port = parts.port
    path = text(parts.path)
    query = parts.query.map(text)
    fragment = parts.fragment.map(text)
  }
}
