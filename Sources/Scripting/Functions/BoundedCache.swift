/// Keeps what was compiled, by its text. Starts over when it is full: what is used again is soon there again.
final class BoundedCache<Value, Failure: Error> {
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
    if values.count >= capacity { values.removeAll() }
    values[text] = value
    return value
  }
}
