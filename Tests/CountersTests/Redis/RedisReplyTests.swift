import NIOCore
import Testing

@testable import Counters

@Suite("What Redis says")
struct RedisReplyTests {
  private static func replies(_ text: String) throws -> [RedisReply] {
    var reader = RedisReplyReader()
    var bytes = ByteBuffer(string: text)
    reader.append(&bytes)
    var replies: [RedisReply] = []
    while let reply = try reader.next() { replies.append(reply) }
    #expect(!reader.isInside)
    return replies
  }

  private static let text =
    "+OK\r\n-ERR no\r\n:-9223372036854775808\r\n$0\r\n\r\n$5\r\na\r\nbc\r\n$-1\r\n*-1\r\n*0\r\n*3\r\n:1\r\n*1\r\n$1\r\nx\r\n+\r\n"
  private static let meaning: [RedisReply] = [
    .status("OK"), .error("ERR no"), .integer(.min), .bytes([]), .bytes(Array("a\r\nbc".utf8)), .none, .none,
    .array([]),
    .array([.integer(1), .array([.bytes([0x78])]), .status("")]),
  ]

  @Test("is read, several replies at once")
  func read() throws {
    #expect(try RedisReplyTests.replies(RedisReplyTests.text) == RedisReplyTests.meaning)
  }

  @Test("is read byte by byte")
  func pieces() throws {
    var reader = RedisReplyReader()
    var replies: [RedisReply] = []
    for byte in RedisReplyTests.text.utf8 {
      var piece = ByteBuffer(bytes: [byte])
      reader.append(&piece)
      while let reply = try reader.next() { replies.append(reply) }
    }
    #expect(replies == RedisReplyTests.meaning)
  }

  @Test(
    "what is no reply is refused",
    arguments: [
      "HTTP/1.1 400 Bad Request\r\n", "\r\n", ":\r\n", ":1x\r\n", ":+1\r\n", ":9223372036854775808\r\n", ":-\r\n",
      "$-2\r\n", "$1048577\r\n", "$99999999999999999999\r\n", "$1\r\nxyz\r\n", "*65537\r\n", "*-2\r\n", "+OK\rx",
      "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
    ])
  func refused(_ text: String) {
    #expect(throws: RedisProtocolError.self) { try RedisReplyTests.replies(text) }
  }

  @Test("what never ends is refused")
  func endless() throws {
    var reader = RedisReplyReader()
    var line = ByteBuffer(repeating: UInt8(ascii: "+"), count: RedisReplyReader.longestLine)
    reader.append(&line)
    #expect(throws: RedisProtocolError.self) { try reader.next() }
    reader = RedisReplyReader()
    var array = ByteBuffer(string: "*65536\r\n")
    let large = "$1000000\r\n" + String(repeating: "x", count: 1_000_000) + "\r\n"
    for _ in 0..<5 { array.writeString(large) }
    reader.append(&array)
    #expect(throws: RedisProtocolError.self) { try reader.next() }
  }
}
