/// What keeps a worker in. Which layers hold depends on the kernel.
public struct SandboxLayers: OptionSet, Sendable, CustomStringConvertible {
  /// One bit a layer, as the worker reports them.
  public let rawValue: UInt32

  /// The layers of these bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// No descriptor but the worker's one socket.
  public static let descriptors = SandboxLayers(rawValue: 1)
  /// Limits on memory, open files, processes, core dumps and file sizes.
  public static let limits = SandboxLayers(rawValue: 2)
  /// No new privileges.
  public static let privileges = SandboxLayers(rawValue: 4)
  /// Landlock: no files, no network.
  public static let landlock = SandboxLayers(rawValue: 8)
  /// Seccomp: a list of system calls.
  public static let systemCalls = SandboxLayers(rawValue: 16)
  /// All of them.
  public static let all: SandboxLayers = [.descriptors, .limits, .privileges, .landlock, .systemCalls]

  /// The names of the layers, in a fixed order: `descriptors, limits`.
  public var description: String {
    let names: [(layer: SandboxLayers, name: String)] = [
      (.descriptors, "descriptors"), (.limits, "resource limits"), (.privileges, "no new privileges"),
      (.landlock, "landlock"), (.systemCalls, "seccomp"),
    ]
    return names.filter { contains($0.layer) }.map(\.name).joined(separator: ", ")
  }
}
