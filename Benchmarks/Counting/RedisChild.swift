import CProcess
import Glibc

/// A folder that goes with the program.
final class ScratchFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/moongate-counting-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { $0.baseAddress.flatMap { mkdtemp($0) } != nil }
    guard made else { throw Unfit(description: "no temporary folder can be made") }
    path = template.withUnsafeBufferPointer { String(decoding: $0.dropLast().map(UInt8.init), as: UTF8.self) }
  }

  deinit {
    for name in ["", "-wal", "-shm", "-owners"] { unlink(path + "/counters.db" + name) }
    unlink(path + "/socket")
    rmdir(path)
  }
}

/// A server of Redis on a free port of this machine, which keeps nothing. It ends with this program.
final class RedisChild {
  let port: Int
  private var child: pid_t = 0

  init(in folder: String) throws {
    port = RedisChild.freePort()
    let words = [
      "redis-server", "--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir",
      folder,
    ]
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var environment: [UnsafeMutablePointer<CChar>?] = [nil]
    let error = moongate_spawn(
      "redis-server", &arguments, &environment, [-1, -1, -1], 3, MOONGATE_SPAWN_DIES_WITH_PARENT, &child)
    guard error == 0 else {
      throw Unfit(description: "redis-server cannot be started: \(String(cString: strerror(error)))")
    }
    for _ in 0..<1000 where !isListening { usleep(5000) }
    guard isListening else { throw Unfit(description: "redis-server does not listen") }
  }

  func end() {
    guard child > 0 else { return }
    kill(child, SIGKILL)
    var ending = moongate_ending()
    moongate_wait(child, true, &ending)
    child = 0
  }

  private static func local(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    address.sin_port = UInt16(port).bigEndian
    return address
  }

  private var isListening: Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = RedisChild.local(port)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func freePort() -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = local(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(descriptor, $0, length)
        _ = getsockname(descriptor, $0, &length)
      }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
