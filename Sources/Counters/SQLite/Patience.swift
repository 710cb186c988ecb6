import Glibc

/// Waits a little, again and again, for what somebody else is done with soon: most transactions take some ten
/// microseconds, and to be woken by the kernel takes longer than that.
final class Patience {
  /// How long to wait in all, in nanoseconds.
  var nanoseconds: Int64
  private var deadline: Int64 = 0

  /// How often others are let run first, before there are naps.
  private static let yields = 40
  private static let shortNaps = 60
  private static let nap = (short: 50_000, long: 250_000)

  init(_ nanoseconds: Int64 = 0) {
    self.nanoseconds = nanoseconds
  }

  /// What is left of it, in nanoseconds; never less than nothing. All of it before the first wait.
  var rest: Int64 { deadline == 0 ? nanoseconds : max(0, deadline - Patience.now()) }

  /// Waits a little; false where there is no more time.
  ///
  /// - Parameter tries: how often this was called before, for one wait.
  func wait(after tries: Int) -> Bool {
    guard nanoseconds > 0 else { return false }
    let now = Patience.now()
    if tries == 0 { deadline = now + nanoseconds }
    guard now < deadline else { return false }
    if tries < Patience.yields {
      sched_yield()
    } else {
      var time = timespec()
      time.tv_nsec = tries < Patience.shortNaps ? Patience.nap.short : Patience.nap.long
      nanosleep(&time, nil)
    }
    return true
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
