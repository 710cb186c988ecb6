import Foundation
import Testing

@Suite("The fuzzers' seeds", .serialized)
struct ReplayTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("seeds")
  static let names = FuzzTarget.all.keys.sorted()

  /// The guard is opened once a process.
  private static let prepared: Void = FuzzTarget.all["scripts"]?.prepare() ?? ()

  @Test("each is stood, and so are all of its beginnings", arguments: names)
  func replay(_ name: String) throws {
    ReplayTests.prepared
    let target = try #require(FuzzTarget.all[name])
    let folder = ReplayTests.folder.appendingPathComponent(name)
    let seeds = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(seeds.count >= 5)
    for seed in seeds {
      let bytes = [UInt8](try Data(contentsOf: seed))
      for count in stride(from: bytes.count, to: 0, by: -max(1, bytes.count / 40)) {
        #expect(bytes.withUnsafeBufferPointer { target.body($0.baseAddress, count) } == 0)
      }
    }
  }
}
