import Foundation
import Testing

@testable import PolicyFiles

@Suite("Files are read whole, or not at all")
struct TextFileTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "moongate-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try body(folder.path())
  }

  private func failure(_ path: String, limit: Int = 100) -> TextFile.Failure? {
    if case .failure(let failure) = TextFile.read(path, limit: limit) { failure } else { nil }
  }

  @Test("a file of the largest size is read, one byte more is not", arguments: [0, 1, 4_095, 4_096, 4_097, 100_000])
  func size(count: Int) throws {
    try withFolder { folder in
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try Data(bytes).write(to: URL(filePath: folder + "/file"))
      #expect(try TextFile.read(folder + "/file", limit: count).get().bytes == bytes)
      if count > 0 { #expect(failure(folder + "/file", limit: count - 1) == .tooLarge(limit: count - 1)) }
    }
  }

  @Test("what is no file")
  func kinds() throws {
    try withFolder { folder in
      #expect(failure(folder) == .isFolder)
      #expect(failure(folder + "/none") == .missing)
      #expect(failure(folder + "/none/none") == .missing)
      #expect(failure("") == .missing)
      #expect(failure("a\0b") == .missing)
      #expect(failure("/dev/zero") == .notRegular)
      // A pipe that nobody writes to is not waited for.
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      #expect(failure(folder + "/pipe") == .notRegular)
      try FileManager.default.createSymbolicLink(atPath: folder + "/loop", withDestinationPath: folder + "/loop")
      guard case .system = failure(folder + "/loop") else {
        Issue.record("a link to itself was read")
        return
      }
    }
  }

  @Test("a link leads to the same file")
  func identity() throws {
    try withFolder { folder in
      try Data([1]).write(to: URL(filePath: folder + "/a"))
      try Data([1]).write(to: URL(filePath: folder + "/b"))
      try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "a")
      let names = ["a", "link", "./a", "b"]
      let identities = try names.map { try TextFile.read("\(folder)/\($0)", limit: 10).get().identity }
      #expect(Set(identities).count == 2)
      #expect(identities[0] == identities[1])
      #expect(identities[0] == identities[2])
    }
  }
}
