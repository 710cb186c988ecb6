import Glibc

/// A file that was read whole.
struct TextFile {
  /// Names the file itself, however its path is spelt.
  struct Identity: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  var bytes: [UInt8]
  var identity: Identity

  /// Why a file could not be read.
  enum Failure: Error, Equatable {
    case missing
    case isFolder
    case notRegular
    case tooLarge(limit: Int)
    case outside
    case system(String)

    var description: String {
      switch self {
      case .missing: "there is no such file"
      case .isFolder: "this is a folder, not a file"
      case .notRegular: "this is neither a file nor a link to one"
      case .tooLarge(let limit): "the file is larger than \(limit >> 20) MiB"
      case .outside: "a symbolic link leads out of the script's folder"
      case .system(let reason): "the file cannot be read: \(reason)"
      }
    }

    var hint: String? {
      switch self {
      case .missing: "check the spelling of the path, and the folder that it begins in"
      case .isFolder: "name a file in it"
      default: nil
      }
    }
  }

  /// Reads the regular file at `path`, if it has at most `limit` bytes, and lies in or below `folder` once all symbolic
  /// links are followed, where one is given. Never waits for a pipe or a device.
  static func read(_ path: String, limit: Int, within folder: String? = nil) -> Result<TextFile, Failure> {
    guard !path.isEmpty, !path.utf8.contains(0) else { return .failure(.missing) }
    var descriptor: Int32
    repeat {
      descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else { return .failure(failure(of: errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .failure(failure(of: errno)) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: return .failure(.isFolder)
    default: return .failure(.notRegular)
    }
    if let folder, !isDescriptor(descriptor, within: folder) { return .failure(.outside) }
    guard status.st_size <= limit else { return .failure(.tooLarge(limit: limit)) }
    // A file that grows while it is read shows by the one byte more.
    let capacity = min(limit, max(Int(status.st_size), 4096)) + 1
    var bytes: [UInt8] = []
    var problem: Failure?
    while problem == nil {
      let chunk = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        var got: Int
        repeat {
          got = Glibc.read(descriptor, buffer.baseAddress, capacity)
        } while got < 0 && errno == EINTR
        if got < 0 { problem = failure(of: errno) }
        count = max(got, 0)
      }
      if chunk.isEmpty { break }
      bytes = bytes.isEmpty ? chunk : bytes + chunk
      if bytes.count > limit { problem = .tooLarge(limit: limit) }
    }
    if let problem { return .failure(problem) }
    let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    return .success(TextFile(bytes: bytes, identity: identity))
  }

  /// Asks what was opened, not what a path leads to by now.
  private static func isDescriptor(_ descriptor: Int32, within folder: String) -> Bool {
    guard let root = realpath(folder.isEmpty ? "." : folder, nil) else { return false }
    defer { free(root) }
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = buffer.withUnsafeMutableBytes { target in
      target.baseAddress.map {
        readlink("/proc/self/fd/\(descriptor)", $0.assumingMemoryBound(to: CChar.self), target.count)
      } ?? -1
    }
    guard count > 0, count < buffer.count else { return false }
    let prefix = UnsafeBufferPointer(start: root, count: strlen(root)).map { UInt8(bitPattern: $0) }
    return buffer[..<count].starts(with: prefix == [UInt8(ascii: "/")] ? prefix : prefix + [UInt8(ascii: "/")])
  }

  private static func failure(of code: Int32) -> Failure {
    switch code {
    case ENOENT, ENOTDIR: return .missing
    default:
      var buffer = [CChar](repeating: 0, count: 256)
      guard strerror_r(code, &buffer, buffer.count) == 0 else { return .system("error \(code)") }
      let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return .system(String(decoding: text, as: UTF8.self))
    }
  }
}
