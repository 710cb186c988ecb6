import CSQLite
import Glibc

/// A file that nobody else reads or writes, in a folder that nobody else can change.
public struct StateFile: Sendable, Equatable {
  /// Where it is.
  public let path: String
  /// The folder that is made where it is missing, readable by its owner alone; nil where it has to be there.
  private let madeFolder: String?

  /// A file whose folder has to be there.
  public init(_ path: String) {
    self.path = path
    madeFolder = nil
  }

  /// A file in a folder that is made where it is missing.
  public init(_ name: String, in folder: String) {
    path = folder + "/" + name
    madeFolder = folder
  }

  /// The folder, with a slash behind it; "" for the one that the program is in.
  private var folder: String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(path[...slash])
  }

  private var name: Substring { path[path.index(path.startIndex, offsetBy: folder.count)...] }

  /// Makes sure that the file is there, and that it and its folder are nobody else's.
  ///
  /// - Returns: its path without symbolic links.
  func ready() throws(StoreFailure) -> String {
    if let madeFolder { try StateFile.make(madeFolder) }
    let folder = folder.isEmpty ? "." : folder
    guard let resolved = realpath(folder, nil) else { throw StoreFailure("the folder \(folder) \(StateFile.reason())") }
    defer { free(resolved) }
    let real = String(cString: resolved)
    var status = stat()
    guard stat(real, &status) == 0 else { throw StoreFailure("the folder \(real) \(StateFile.reason())") }
    guard status.st_uid == geteuid() || status.st_uid == 0 else {
      throw StoreFailure("the folder \(real) belongs to another user, who could put another file in the place of ours")
    }
    guard status.st_mode & 0o022 == 0 || status.st_mode & S_ISVTX != 0 else {
      throw StoreFailure("the folder \(real) can be written by other users; chmod go-w it")
    }
    let path = real + "/" + name
    let made = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    if made >= 0 {
      close(made)
    } else if errno != EEXIST {
      throw StoreFailure("the file \(path) \(StateFile.reason())")
    }
    try StateFile.check(path)
    return path
  }

  /// Refuses a file that another user can read or write. It is looked at and not opened: to close it again would drop
  /// the locks that this process has on it.
  private static func check(_ path: String) throws(StoreFailure) {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw StoreFailure("the file \(path) \(reason())") }
    guard status.st_mode & S_IFMT != S_IFLNK else {
      throw StoreFailure("\(path) is a symbolic link; name the file itself")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw StoreFailure("\(path) is no file") }
    guard status.st_uid == geteuid() else { throw StoreFailure("the file \(path) belongs to another user") }
    guard status.st_mode & 0o077 == 0 else {
      throw StoreFailure("the file \(path) can be read or written by other users; chmod 600 it")
    }
    guard access(path, R_OK | W_OK) == 0 else { throw StoreFailure("the file \(path) \(reason())") }
  }

  /// Which file it is, whatever it is called.
  struct Identity: Equatable {
    let device: UInt
    let number: UInt
  }

  static func identity(of path: String) -> Identity? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    return Identity(device: UInt(status.st_dev), number: UInt(status.st_ino))
  }

  private static func make(_ folder: String) throws(StoreFailure) {
    var end = folder.startIndex
    // One after the other, as far as they are missing.
    while end < folder.endIndex {
      end = folder[folder.index(after: end)...].firstIndex(of: "/") ?? folder.endIndex
      let part = String(folder[..<end])
      if mkdir(part, 0o700) != 0, errno != EEXIST, errno != EISDIR {
        throw StoreFailure("the folder \(part) \(reason())")
      }
    }
  }

  private static func reason() -> String { "cannot be used: " + String(cString: strerror(errno)) }
}

/// Why counts cannot be kept in a file, for people.
public struct StoreFailure: Error, CustomStringConvertible {
  /// What is wrong, and where.
  public let description: String
  /// Whether somebody else was writing: the file itself is well.
  var isBusy = false

  init(_ description: String) {
    self.description = description
  }

  /// What SQLite says of the file at `path`.
  init(_ error: SQLiteError, of path: String) {
    isBusy = error.isBusy
    switch error.code {
    case SQLITE_BUSY, SQLITE_LOCKED: description = "other processes have kept the file \(path) busy for too long"
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      description = "the file \(path) is damaged, or no file of counts (\(error.text)); move it away to begin anew"
    case SQLITE_FULL: description = "the file \(path) cannot grow: its disk, or the file itself, is full"
    default: description = "the file \(path) cannot be used: \(error.text)"
    }
  }
}
