public import Policy

/// A store that can be opened before it is needed.
public protocol OpenableStore: CounterStore {
  /// Opens it.
  ///
  /// - Parameter then: is told, on any thread, why that cannot be done, if it cannot.
  func open(then: @escaping @Sendable (String?) -> Void)

  /// Gives back what this process holds and has not forwarded, and the places of its calls in flight; then it is not
  /// asked any more.
  ///
  /// - Parameter then: called once, on any thread, when that is done or cannot be.
  func close(then: @escaping @Sendable () -> Void)
}

extension OpenableStore {
  /// Nothing: others see that the process has ended.
  public func close(then: @escaping @Sendable () -> Void) { then() }
}
