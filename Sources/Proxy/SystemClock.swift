import Glibc
public import Policy

extension Moment {
  /// The machine's clocks, read now.
  public static func now() -> Moment {
    Moment(wall: read(CLOCK_REALTIME), monotonic: read(CLOCK_MONOTONIC))
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
