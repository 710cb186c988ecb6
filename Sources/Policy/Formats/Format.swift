import Wire

/// A format of strings, as JSON Schema names them (2020-12, Validation, 7.3), and telephone numbers; each checked to the
/// letter of its standard.
enum Format: String, CaseIterable, Sendable {
  case date
  case dateTime = "date-time"
  case duration
  case e164
  case email
  case hostname
  case ipv4
  case ipv6
  case jsonPointer = "json-pointer"
  case regex
  case relativeJSONPointer = "relative-json-pointer"
  case time
  case uri
  case uriReference = "uri-reference"
  case uuid

  /// The format of that name, letter for letter; nil where there is none.
  static func named(_ name: String) -> Format? {
    allCases.first { $0.rawValue.utf8.elementsEqual(name.utf8) }
  }

  /// Every format's name, in alphabetical order.
  static let names = allCases.map(\.rawValue)

  /// The format that `format` of JSON Schema means by that name; nil where there is none.
  static func ofSchemas(named name: String) -> Format? {
    named(name).flatMap { $0 == .e164 ? nil : $0 }
  }

  /// The names that JSON Schema has.
  static let namesOfSchemas = names.filter { ofSchemas(named: $0) != nil }

  /// Whether the UTF-8 text has the format. Linear in its length.
  func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch self {
    case .date: CalendarFormat.isDate(text[...])
    case .dateTime: CalendarFormat.isDateTime(text[...])
    case .duration: DurationFormat.matches(text[...])
    case .e164: TelephoneFormat.matches(text[...])
    case .email: EmailFormat.matches(text)
    case .hostname: HostnameFormat.matches(text[...])
    case .ipv4: IPv4Address.parse(text[...]) != nil
    case .ipv6: IPv6Address(text) != nil
    case .jsonPointer: JSONPointerFormat.matches(text[...])
    case .regex: RegexFormat.matches(text)
    case .relativeJSONPointer: JSONPointerFormat.matchesRelative(text[...])
    case .time: CalendarFormat.isTime(text[...])
    case .uri: URIFormat.matches(text, needsScheme: true)
    case .uriReference: URIFormat.matches(text, needsScheme: false)
    case .uuid: UUIDFormat.matches(text[...])
    }
  }

  /// The format in a sentence: `an email address`.
  var phrase: String {
    switch self {
    case .date: "a date, such as 2026-12-31"
    case .dateTime: "a date and time, such as 2026-12-31T23:59:00Z"
    case .duration: "a duration, such as P1DT12H"
    case .e164: "a telephone number, such as +4930901820"
    case .email: "an email address"
    case .hostname: "a host name"
    case .ipv4: "an IPv4 address"
    case .ipv6: "an IPv6 address"
    case .jsonPointer: "a JSON pointer"
    case .regex: "a regular expression"
    case .relativeJSONPointer: "a relative JSON pointer"
    case .time: "a time with its offset, such as 23:59:00Z"
    case .uri: "a URI"
    case .uriReference: "a URI or a relative reference"
    case .uuid: "a UUID"
    }
  }
}

/// The bytes of a string, or of a part of one.
typealias FormatText = Slice<UnsafeBufferPointer<UInt8>>

/// The classes of ASCII characters that formats are made of.
enum ASCIIClass {
  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  @inline(__always)
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

  @inline(__always)
  static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 6 }
}
