/// The escapes of JSON strings, both ways.
@usableFromInline
enum JSONEscapes {
  static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// The UTF-8 bytes that an escaped string means. The scanner has accepted `text`.
  @usableFromInline
  static func resolve(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    // No escape means more bytes than it has.
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var rest = text[...]
    while let escape = rest.firstIndex(of: UInt8(ascii: "\\")) {
      result.append(contentsOf: rest[..<escape])
      let kind = text[escape + 1]
      var next = escape + 2
      switch kind {
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "u"):
        var value = unit(text[next..<next + 4])
        next += 4
        if value & 0xFC00 == 0xD800 {
          value = 0x10000 + (value & 0x3FF) << 10 + (unit(text[next + 2..<next + 6]) & 0x3FF)
          next += 6
        }
        if let scalar = Unicode.Scalar(value) { result.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
      default: result.append(kind)
      }
      rest = text[next...]
    }
    result.append(contentsOf: rest)
    return result
  }

  private static func unit(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt32 {
    digits.reduce(0) { $0 << 4 | UInt32(hexadecimalDigit($1) ?? 0) }
  }

  /// Appends `text` as a JSON string, quotation marks included.
  static func append(_ text: String, to output: inout [UInt8]) {
    var text = text
    text.withUTF8 { append($0, to: &output) }
  }

  private static func append(_ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    let digits: StaticString = "0123456789abcdef"
    output.append(UInt8(ascii: "\""))
    var copied = 0
    for (position, byte) in text.enumerated() {
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F else { continue }
      output.append(contentsOf: text[copied..<position])
      copied = position + 1
      output.append(UInt8(ascii: "\\"))
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
      case 0x0A: output.append(UInt8(ascii: "n"))
      case 0x0D: output.append(UInt8(ascii: "r"))
      case 0x09: output.append(UInt8(ascii: "t"))
      default:
        output.append(contentsOf: "u00".utf8)
        output.append(digits.utf8Start[Int(byte >> 4)])
        output.append(digits.utf8Start[Int(byte & 15)])
      }
    }
    output.append(contentsOf: text[copied...])
    output.append(UInt8(ascii: "\""))
  }
}
