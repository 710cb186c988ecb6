import Glibc

/// Notices that files have changed, by looking: editors replace files, and mounts swap whole folders, so a watch on a
/// file alone would miss half of it.
struct FileWatch {
  private struct Stamp: Equatable {
    var device: UInt64 = 0
    var inode: UInt64 = 0
    var size: Int64 = -1
    var seconds = 0
    var nanoseconds = 0

    init(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return }
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
      size = Int64(status.st_size)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  private var stamps: [(path: String, stamp: Stamp)]

  /// A watch on these files, as they are now. A missing one counts as changed once it is there.
  init(_ paths: [String]) {
    stamps = paths.map { ($0, Stamp($0)) }
  }

  /// Whether one of the files is not what it was when this was last asked.
  mutating func hasChanged() -> Bool {
    var changed = false
    for index in stamps.indices {
      let stamp = Stamp(stamps[index].path)
      guard stamp != stamps[index].stamp else { continue }
      stamps[index].stamp = stamp
      changed = true
    }
    return changed
  }

  /// Watches these files from now on; what is already watched keeps its stamp, so that no change in between is missed.
  mutating func follow(_ paths: [String]) {
    let known = stamps
    stamps = paths.map { path in known.first { $0.path == path } ?? (path, Stamp(path)) }
  }
}
