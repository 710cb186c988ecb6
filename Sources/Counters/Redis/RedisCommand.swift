import NIOCore

/// What Redis is asked for, in the bytes that it is sent.
struct RedisCommand {
  /// The script that it runs; nil where its first argument is the command itself.
  let script: RedisScript?
  private var count: Int
  private var arguments: ByteBuffer

  /// A command of Redis' own.
  init(_ words: String...) {
    script = nil
    count = 0
    arguments = ByteBuffer()
    for word in words { append(word) }
  }

  /// A run of a script, with so many keys among its arguments, which come first.
  init(_ script: RedisScript, keys: Int, capacity: Int = 256) {
    self.script = script
    count = 0
    arguments = ByteBufferAllocator().buffer(capacity: capacity)
    append(String(keys))
  }

  mutating func append(_ text: String) { append(text.utf8) }

  mutating func append(_ bytes: some Collection<UInt8>) {
    begin(bytes.count)
    arguments.writeBytes(bytes)
    arguments.writeStaticString("\r\n")
  }

  /// A text of several parts.
  mutating func append(_ first: String, _ second: [UInt8]) {
    begin(first.utf8.count + second.count)
    arguments.writeString(first)
    arguments.writeBytes(second)
    arguments.writeStaticString("\r\n")
  }

  /// Numbers, as scripts take them apart with `struct.unpack`: in 8 bytes each, the least first.
  mutating func append(_ numbers: [Double], behind bytes: [UInt8] = []) {
    begin(bytes.count + numbers.count * 8)
    arguments.writeBytes(bytes)
    for number in numbers { arguments.writeInteger(number.bitPattern, endianness: .little) }
    arguments.writeStaticString("\r\n")
  }

  private mutating func begin(_ length: Int) {
    arguments.writeStaticString("$")
    arguments.writeDecimal(length)
    arguments.writeStaticString("\r\n")
    count += 1
  }

  /// Writes it.
  ///
  /// - Parameter digest: by which the server knows the script; nil where it has to be told its text.
  func write(to buffer: inout ByteBuffer, digest: [UInt8]?) {
    buffer.writeStaticString("*")
    buffer.writeDecimal(count + (script == nil ? 0 : 2))
    buffer.writeStaticString("\r\n")
    if let script {
      if let digest {
        buffer.writeStaticString("$7\r\nEVALSHA\r\n$")
        buffer.writeDecimal(digest.count)
        buffer.writeStaticString("\r\n")
        buffer.writeBytes(digest)
      } else {
        buffer.writeStaticString("$4\r\nEVAL\r\n$")
        buffer.writeDecimal(script.text.utf8.count)
        buffer.writeStaticString("\r\n")
        buffer.writeString(script.text)
      }
      buffer.writeStaticString("\r\n")
    }
    buffer.writeImmutableBuffer(arguments)
  }
}

extension ByteBuffer {
  fileprivate mutating func writeDecimal(_ number: Int) {
    if number < 10 { writeInteger(UInt8(ascii: "0") + UInt8(number)) } else { writeString(String(number)) }
  }
}
