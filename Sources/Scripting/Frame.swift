/// What travels between the pool and a worker: a length, a kind, a number, and fields, all little-endian.
///
/// `u32` length of what follows · `u8` kind · `u64` number · fields. A text is a `u32` length and its bytes.
enum Frame {
  /// What a frame says.
  enum Kind: UInt8 {
    /// Worker: it is ready. `u32` layers of its sandbox.
    case hello = 1
    /// Pool: compile this. `u32` script, limits, `i32` first line, file, text, `u32` modules; of each name, file, text.
    case load = 2
    /// Worker: `u8` whether it loaded, and if not, why.
    case loaded = 3
    /// Pool: judge a call; see ``Question``.
    case check = 4
    /// Worker: `u8` verdict, `u8` whether there is a reason, `i64` seconds or -1, reason, traceback, log, new arguments.
    case answer = 5
    /// Pool: forget a script. `u32` script. Not answered.
    case unload = 6
    /// Worker: a script asks for a counter, and waits. The question's number, `u8` whether it reserves, `i64` amount and
    /// most, `i64` window, `u8` whom it is kept for, name; see ``Policy/ScriptCount``.
    case count = 7
    /// Pool: what it is told. The question's number, `u8` what, `i64` how much; see ``OpenQuestion/Count``.
    case counted = 8
  }

  /// Bytes before the fields.
  static let headerCount = 13
  /// No answer of a worker is longer, but for the arguments that a script hands back: reason, traceback and log have
  /// fixed room there.
  static let longestAnswer = 64 << 10
}

/// Builds one frame.
struct FrameWriter {
  private(set) var bytes: [UInt8]

  init(_ kind: Frame.Kind, number: UInt64, capacity: Int = 64) {
    bytes = []
    bytes.reserveCapacity(Frame.headerCount + capacity)
    append(UInt32(0))
    bytes.append(kind.rawValue)
    append(number)
  }

  mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ value: Double) {
    append(value.bitPattern)
  }

  mutating func append(_ flag: Bool) {
    bytes.append(flag ? 1 : 0)
  }

  mutating func append(text: some Collection<UInt8>) {
    append(UInt32(text.count))
    bytes.append(contentsOf: text)
  }

  mutating func append(text: String) {
    append(UInt32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// The frame, with its length filled in.
  consuming func finished() -> [UInt8] {
    let length = UInt32(bytes.count - 4).littleEndian
    withUnsafeBytes(of: length) { field in
      for index in 0..<4 { bytes[index] = field[index] }
    }
    return bytes
  }
}

/// Reads the fields of one frame; every read is checked, and `isValid` says whether all were there.
struct FrameReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  /// Whether every field so far was there.
  private(set) var isValid = true

  /// A reader of `bytes`, which must outlive it.
  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// Whether all was read, and nothing is left.
  var isFinished: Bool { isValid && position == bytes.count }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value {
    let size = MemoryLayout<Value>.size
    guard isValid, bytes.count - position >= size else {
      isValid = false
      return 0
    }
    defer { position += size }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Value.self))
  }

  mutating func double() -> Double {
    Double(bitPattern: integer())
  }

  mutating func text() -> UnsafeRawBufferPointer {
    let count = Int(integer(UInt32.self))
    guard isValid, bytes.count - position >= count else {
      isValid = false
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }
}

/// Bytes as they come in, from which whole frames are taken.
struct FrameBuffer {
  private var storage: [UInt8] = []
  private var start = 0
  private var end = 0

  /// Room for at least `count` more bytes is offered to `fill`, which returns how many it put there.
  mutating func receive(_ count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Int) -> Int {
    if start == end {
      start = 0
      end = 0
    }
    if storage.count - end < count {
      storage.removeFirst(start)
      end -= start
      start = 0
      if storage.count - end < count {
        storage.append(contentsOf: repeatElement(0, count: end + count - storage.count + end))
      }
    }
    let first = end
    let received = storage.withUnsafeMutableBytes { fill(UnsafeMutableRawBufferPointer(rebasing: $0[first...])) }
    if received > 0 { end += received }
    return received
  }

  /// The length that the frame at the front says it has, with its length field; nil where not even that is there.
  var frontCount: Int? {
    guard end - start >= 4 else { return nil }
    return storage.withUnsafeBytes {
      4 + Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
    }
  }

  /// How many bytes are there.
  var count: Int { end - start }

  /// Hands the whole frame at the front to `body`, without its length, and removes it; nil where it is not all there.
  mutating func takeFrame<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
    takeFrame { frame, _ in body(frame) }
  }

  /// The same, with all that has come in behind the frame.
  mutating func takeFrame<Result>(
    _ body: (_ frame: UnsafeRawBufferPointer, _ rest: UnsafeRawBufferPointer) -> Result
  ) -> Result? {
    guard let length = frontCount, length <= end - start else { return nil }
    let range = start + 4..<start + length
    start += length
    return storage.withUnsafeBytes {
      body(UnsafeRawBufferPointer(rebasing: $0[range]), UnsafeRawBufferPointer(rebasing: $0[range.upperBound..<end]))
    }
  }

  /// Other bytes stand for what has come in and was not taken.
  mutating func replaceRest(by bytes: [UInt8]) {
    storage = bytes
    start = 0
    end = bytes.count
  }

  /// Gives a large buffer back once it is empty.
  mutating func shrink() {
    guard start == end, storage.count > 256 << 10 else { return }
    self = FrameBuffer()
  }
}
