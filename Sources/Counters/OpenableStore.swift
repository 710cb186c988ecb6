public import Policy

/// A store that can be opened before it is needed.
public protocol OpenableStore: CounterStore {
  /// Opens it.
  ///
  /// - Parameter then: is told, on any thread, why that cannot be done, if it cannot.
  func open(then: @escaping @Sendable (String?) -> Void)
}
