import NIOCore

/// What Redis says (RESP2).
enum RedisReply: Equatable {
  case status(String)
  case error(String)
  case integer(Int64)
  case bytes([UInt8])
  case array([RedisReply])
  /// No bytes, or no array.
  case none

  /// The whole number, where it is one.
  var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  /// The bytes, where it has some.
  var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
  /// The parts, where it has some.
  var array: [RedisReply]? { if case .array(let parts) = self { parts } else { nil } }
}

/// What comes is no RESP, or more than anybody asked for: the connection is of no use any more.
struct RedisProtocolError: Error, Equatable {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Reads replies from bytes as they come. It is strict, and what it keeps is bounded.
struct RedisReplyReader {
  /// A reply as a whole has at most so many bytes; nothing that we ask for comes near.
  static let longestReply = 4 << 20
  static let longestLine = 4096
  static let longestBytes = 1 << 20
  static let mostParts = 65_536
  static let deepest = 4

  private var buffer = ByteBuffer()

  /// Whether a part of a reply waits for the rest.
  var isInside: Bool { buffer.readableBytes > 0 }

  mutating func append(_ bytes: inout ByteBuffer) {
    if buffer.readableBytes == 0 { buffer = bytes } else { buffer.writeBuffer(&bytes) }
  }

  /// The next reply; nil where it has not come as a whole.
  mutating func next() throws(RedisProtocolError) -> RedisReply? {
    var position = buffer.readerIndex
    guard let reply = try reply(at: &position, depth: 0) else {
      guard buffer.readableBytes <= RedisReplyReader.longestReply else {
        throw RedisProtocolError("a reply is too long")
      }
      return nil
    }
    buffer.moveReaderIndex(to: position)
    if buffer.readableBytes == 0 { buffer.clear() }
    return reply
  }

  private func reply(at position: inout Int, depth: Int) throws(RedisProtocolError) -> RedisReply? {
    guard let line = try line(at: &position), let kind = line.first else { return nil }
    let rest = line.dropFirst()
    switch kind {
    case UInt8(ascii: "+"): return .status(String(decoding: rest, as: UTF8.self))
    case UInt8(ascii: "-"): return .error(String(decoding: rest, as: UTF8.self))
    case UInt8(ascii: ":"): return .integer(try RedisReplyReader.number(rest))
    case UInt8(ascii: "$"):
      guard let count = try RedisReplyReader.length(rest, atMost: RedisReplyReader.longestBytes) else {
        return RedisReply.none
      }
      guard buffer.writerIndex - position >= count + 2 else { return nil }
      guard let bytes = buffer.getBytes(at: position, length: count),
        buffer.getInteger(at: position + count, as: UInt16.self) == 0x0D0A
      else { throw RedisProtocolError("bytes are longer than was said") }
      position += count + 2
      return .bytes(bytes)
    case UInt8(ascii: "*"):
      guard let count = try RedisReplyReader.length(rest, atMost: RedisReplyReader.mostParts) else {
        return RedisReply.none
      }
      guard depth < RedisReplyReader.deepest else { throw RedisProtocolError("a reply is nested too deeply") }
      var parts: [RedisReply] = []
      for _ in 0..<count {
        guard let part = try reply(at: &position, depth: depth + 1) else { return nil }
        parts.append(part)
      }
      return .array(parts)
    default: throw RedisProtocolError("a reply begins with a byte that begins none")
    }
  }

  /// A line without its end, which is never empty; nil where it has not come as a whole.
  private func line(at position: inout Int) throws(RedisProtocolError) -> ArraySlice<UInt8>? {
    let most = min(buffer.writerIndex - position, RedisReplyReader.longestLine)
    let line: [UInt8]? = buffer.withUnsafeReadableBytes { bytes in
      let bytes = bytes[(position - buffer.readerIndex)..<(position - buffer.readerIndex + most)]
      return bytes.firstIndex(of: 0x0D).map { Array(bytes[..<$0]) }
    }
    guard let line else {
      guard most < RedisReplyReader.longestLine else { throw RedisProtocolError("a line of a reply is too long") }
      return nil
    }
    guard buffer.writerIndex > position + line.count + 1 else { return nil }
    guard buffer.getInteger(at: position + line.count + 1, as: UInt8.self) == 0x0A, !line.isEmpty else {
      throw RedisProtocolError("a line of a reply does not end as it should")
    }
    position += line.count + 2
    return line[...]
  }

  /// The length of bytes or of an array; nil for those that are not there.
  private static func length(_ digits: ArraySlice<UInt8>, atMost most: Int) throws(RedisProtocolError) -> Int? {
    let length = try number(digits)
    if length == -1 { return nil }
    guard length >= 0, length <= most else { throw RedisProtocolError("a reply is longer than anything asked for") }
    return Int(length)
  }

  private static func number(_ digits: ArraySlice<UInt8>) throws(RedisProtocolError) -> Int64 {
    let isNegative = digits.first == UInt8(ascii: "-")
    var value: Int64 = 0
    let figures = isNegative ? digits.dropFirst() : digits
    guard !figures.isEmpty, figures.count <= 19 else { throw RedisProtocolError("a number in a reply is none") }
    for figure in figures {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= figure else {
        throw RedisProtocolError("a number in a reply is none")
      }
      let (tens, isBeyond) = value.multipliedReportingOverflow(by: 10)
      let digit = Int64(figure - UInt8(ascii: "0"))
      let (next, isAlsoBeyond) =
        isNegative ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
      guard !isBeyond, !isAlsoBeyond else { throw RedisProtocolError("a number in a reply is too large") }
      value = next
    }
    return value
  }
}
