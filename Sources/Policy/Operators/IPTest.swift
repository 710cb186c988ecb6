import Wire

/// `ip`: a string that is an IPv4 or IPv6 address in its canonical spelling, in one of the ranges.
///
/// What is no such string cannot be judged, so that `not` lets no odd spelling of an address pass.
struct IPTest: Operator {
  static let name = "ip"

  private let ranges: [AddressRange]

  init(operand: JSON) throws(OperandError) {
    guard case .object(let members) = operand else {
      throw OperandError("ip needs a map, not \(operand.kind.phrase)", hint: IPTest.hint)
    }
    _ = try members.filter { $0.name != "in" }.readingEach { member throws(OperandError) in
      throw OperandError(
        "ip has no \(Excerpt.quoted(member.name.text))", hint: IPTest.hint, at: [.member(member.name.text)])
    }
    guard let list = members.first?.value else { throw OperandError("ip lacks \"in\"", hint: IPTest.hint) }
    guard case .array(let elements) = list else {
      throw OperandError("\"in\" needs a list, not \(list.kind.phrase)", hint: IPTest.hint, at: [.member("in")])
    }
    ranges = try elements.enumerated().readingEach { position, element throws(OperandError) in
      try IPTest.range(element, at: [.member("in"), .element(position)])
    }
  }

  private static let hint = "{ in: [10.0.0.0/8, \"2001:db8::/32\"] }"

  private static func range(_ operand: JSON, at path: [OperandError.Step]) throws(OperandError) -> AddressRange {
    guard case .string(let text) = operand else {
      throw OperandError("a range of addresses is a string, not \(operand.kind.phrase)", hint: hint, at: path)
    }
    let range = Array(text.utf8).withUnsafeBufferPointer { text in
      Result { () throws(AddressRange.Problem) in try AddressRange(text) }
    }
    switch range {
    case .success(let range): return range
    case .failure(let problem):
      throw OperandError("\(Excerpt.quoted(text)) \(problem.description)", hint: "10.0.0.0/8", at: path)
    }
  }

  func judge(_ value: JSONValue?) -> Truth {
    guard let address = value.flatMap(IPTest.address) else { return .unknown }
    return ranges.contains { $0.contains(address) } ? .holds : .fails
  }

  func isMeant(for value: JSONValue) -> Bool { value.kind == .string }

  /// The address whose canonical spelling the value is.
  private static func address(_ value: JSONValue) -> InternetAddress? {
    guard value.kind == .string else { return nil }
    return value.withText { text in
      InternetAddress(text).flatMap { $0.description.utf8.elementsEqual(text) ? $0 : nil }
    }
  }

  var admitted: Admitted { .strings }

  func demand(of value: JSONValue?) -> String {
    let first = ranges.prefix(4).map { "\($0.first)/\($0.bits)" }.joined(separator: ", ")
    let place = ranges.isEmpty ? "an empty list" : ranges.count > 4 ? first + ", …" : first
    guard let value, value.kind == .string, IPTest.address(value) == nil else {
      return "must be an IP address in \(place); \(Self.seen(value))"
    }
    if let canonical = value.withText({ InternetAddress($0) }) {
      return "must be an IP address in its canonical spelling, \(canonical), and in \(place); \(Self.seen(value))"
    }
    return "must be an IP address in \(place); \(Self.seen(value)), which is none"
  }
}
