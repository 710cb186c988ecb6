import Glibc

/// Says whether a process still lives that has left something in a file of counts: each holds a lock on a byte of a file
/// beside it, which the kernel takes away with the process, however that ends. Numbers of processes would not do: they
/// are used again, and mean nothing from one container to the next.
final class OwnerLock {
  /// The byte.
  let owner: Int64
  private let descriptor: Int32
  private let path: String

  /// Linux's numbers for locks of an open file and not of the process, which the headers only give to GNU sources.
  private static let get: Int32 = 36
  private static let set: Int32 = 37

  /// Takes a lock on a byte that nobody else has.
  ///
  /// - Parameter path: of the file of counts, without symbolic links.
  init(beside path: String) throws(StoreFailure) {
    let path = path + "-owners"
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreFailure("the file \(path) cannot be used: \(String(cString: strerror(errno)))")
    }
    var random = SystemRandomNumberGenerator()
    for _ in 0..<8 {
      let candidate = Int64.random(in: 1..<1 << 62, using: &random)
      var lock = OwnerLock.lock(candidate)
      if fcntl(descriptor, OwnerLock.set, &lock) == 0 {
        owner = candidate
        return
      }
    }
    let reason = String(cString: strerror(errno))
    close(descriptor)
    throw StoreFailure("no lock can be had in the file \(path): \(reason)")
  }

  deinit {
    close(descriptor)
  }

  /// Whether others would look for the lock where it is: the file has not been removed or replaced.
  var isInPlace: Bool {
    var (ours, there) = (stat(), stat())
    return fstat(descriptor, &ours) == 0 && lstat(path, &there) == 0 && ours.st_dev == there.st_dev
      && ours.st_ino == there.st_ino
  }

  /// Whether the process of that number lives.
  func lives(_ other: Int64) -> Bool {
    guard other != owner else { return true }
    var lock = OwnerLock.lock(other)
    // Where the kernel does not say, it is taken to live: nothing is given back by mistake.
    return fcntl(descriptor, OwnerLock.get, &lock) != 0 || Int32(lock.l_type) != F_UNLCK
  }

  private static func lock(_ byte: Int64) -> flock {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = off_t(byte)
    lock.l_len = 1
    return lock
  }
}
