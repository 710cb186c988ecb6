/// Keeps what was compiled, by its text. Starts over when it is full: what is used again is soon there again. What was
/// made of a very long text is not kept: it would be there while other scripts run, who need the memory themselves.
final class BoundedCache<Value, Failure: Error> {
  private static var longestKept: Int { 16 << 10 }

  private let capacity: Int
  private let make: ([UInt8]) throws(Failure) -> Value
  private var values: [[UInt8]: Value] = [:]

  init(_ capacity: Int, make: @escaping ([UInt8]) throws(Failure) -> Value) {
    self.capacity = capacity
    self.make = make
  }

  func value(for text: [UInt8]) throws(Failure) -> Value {
    if let value = values[text] { return value }
    let value = try make(text)
    if text.count > Self.longestKept { return value }
    if values.count >= capacity { values.removeAll() }
    values[text] = value
    return value
  }
}
