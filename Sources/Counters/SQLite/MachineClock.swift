import Glibc
public import Policy

/// The machine's clocks as a file of counts needs them: equal for all processes, and telling one start from another.
public struct MachineClock: Sendable {
  /// Which start of the machine this is.
  let boot: String
  /// What the clocks say now. The monotonic one runs through sleep, and is never set.
  let now: @Sendable () -> Moment

  /// A clock of the given readings.
  public init(boot: String, now: @escaping @Sendable () -> Moment) {
    self.boot = boot
    self.now = now
  }

  /// The machine's own.
  public static let system = MachineClock(boot: bootID()) {
    Moment(wall: read(CLOCK_REALTIME), monotonic: read(CLOCK_BOOTTIME))
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// What the kernel says, or nothing: then the clock that runs through sleep still tells a start by going back.
  private static func bootID() -> String {
    let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 36)
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }
}
